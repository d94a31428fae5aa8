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

/** Client of one etcd 3.5, on the machine's own client port. */
export class EtcdClient {
    constructor(
        private readonly requester: Requester,
        private readonly port = 2379,
    ) {}

    /** Whether this etcd has a leader and can commit (etcd: op-guide/monitoring, `/health`). */
    async health(): Promise<EtcdHealth> {
        const { status, body } = await this.requester.request(
            { port: this.port },
            { path: "/health", timeout: 5_000 },
        );
        const answer = parse(body) as { health?: string | boolean; reason?: string };
        return {
            healthy: status === 200 && String(answer.health) === "true",
            reason: answer.reason ?? body.trim(),
        };
    }

    /** The members, through the v3 gateway, which a member of the cluster serves and a v2 proxy does not. */
    async members(): Promise<EtcdMember[]> {
        const { status, body } = await this.requester.request(
            { port: this.port },
            { method: "POST", path: "/v3/cluster/member/list", body: {}, timeout: 5_000 },
        );
        if (status !== 200) {
            throw new Error(`etcd answered ${status} when asked for its members: ${body.trim()}`);
        }
        const { members = [] } = parse(body) as { members?: GatewayMember[] };
        return members.map((member) => ({
            id: member.ID,
            name: member.name ?? "",
            peerUrls: member.peerURLs ?? [],
            clientUrls: member.clientURLs ?? [],
        }));
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
