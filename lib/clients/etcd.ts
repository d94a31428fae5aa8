import { CLIENT_PORT } from "../etcd/index.js";
import type { Requester } from "./fleet.js";

/** etcd's answer to `GET /health`. */
export interface EtcdHealth {
    readonly healthy: boolean;
    /** What etcd gave as the reason where it is not. */
    readonly reason: string;
}

/** A member of the cluster as etcd lists it. */
export interface EtcdMember {
    /** Member id, in decimal. */
    readonly id: string;
    /** Empty until the member has started. */
    readonly name: string;
    readonly peerUrls: readonly string[];
    readonly clientUrls: readonly string[];
}

/** Where an etcd takes clients. */
export interface EtcdEndpoint {
    readonly port: number;
    /** Address as seen from the machine; default the machine itself. */
    readonly host?: string;
}

/** Client of one etcd 3.5, through a machine that reaches it. */
export class EtcdClient {
    constructor(
        private readonly requester: Requester,
        private readonly endpoint: EtcdEndpoint = { port: CLIENT_PORT },
    ) {}

    /** Whether this etcd has a leader and can commit (etcd: op-guide/monitoring, `/health`). */
    async health(): Promise<EtcdHealth> {
        const { status, body } = await this.requester.request(this.endpoint, {
            path: "/health",
            timeout: 5_000,
        });
        const answer = parse(body) as { health?: string | boolean; reason?: string };
        return {
            healthy: status === 200 && String(answer.health) === "true",
            reason: answer.reason ?? body.trim(),
        };
    }

    /** The members as this one knows them. A v2 proxy can't tell. */
    async members(): Promise<EtcdMember[]> {
        const answer = (await this.gateway("list", {})) as { members?: GatewayMember[] };
        return (answer.members ?? []).map((member) => ({
            id: member.ID,
            name: member.name ?? "",
            peerUrls: member.peerURLs ?? [],
            clientUrls: member.clientURLs ?? [],
        }));
    }

    /**
     * Adds a member that is to start with an empty directory, and `existing`.
     *
     * @throws Error where it is there already, or too many of the others are not seen to be well: etcd itself
     * wants them connected for five seconds
     */
    async addMember(peerUrl: string): Promise<void> {
        await this.gateway("add", { peerURLs: [peerUrl] });
    }

    /** Tells the members that one of them is at another address. */
    async updateMember(id: string, peerUrl: string): Promise<void> {
        await this.gateway("update", { ID: id, peerURLs: [peerUrl] });
    }

    /** Removes a member for good: what data it has can't be used any more. */
    async removeMember(id: string): Promise<void> {
        await this.gateway("remove", { ID: id });
    }

    /** etcd's v3 gateway (etcd: dev-guide/api_grpc_gateway), which a member serves and a v2 proxy does not. */
    private async gateway(call: string, body: unknown): Promise<unknown> {
        const { status, body: text } = await this.requester.request(this.endpoint, {
            method: "POST",
            path: `/v3/cluster/member/${call}`,
            body,
            timeout: 10_000,
        });
        const answer = parse(text);
        if (status !== 200) {
            const { error } = answer as { error?: string };
            throw new Error(
                `etcd answered "${error ?? (text.trim() || status)}" to member ${call}`,
            );
        }
        return answer;
    }
}

interface GatewayMember {
    ID: string;
    name?: string;
    peerURLs?: string[];
    clientURLs?: string[];
}

function parse(body: string): unknown {
    try {
        return JSON.parse(body);
    } catch {
        return {};
    }
}
