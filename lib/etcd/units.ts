import type { UnitDocument } from "../systemd/index.js";
import { clientUrl, type EtcdScheme, peerUrl } from "./endpoints.js";
import { MEMBER_LIST } from "./member-list.js";
import { ETCD_BEGINS, ETCD_RUN, MEMBERSHIP_GUARD } from "./membership-guard.js";

/** The unit under which members run etcd and workers its proxy. */
export const ETCD_UNIT = "etcd.service";

/** How a member finds the others when it starts for the first time. */
export type Bootstrap =
    | { readonly kind: "static"; readonly initialCluster: string }
    | { readonly kind: "discovery"; readonly url: string }
    /** By {@link MEMBER_LIST}, which comes after the machine. */
    | { readonly kind: "delivered" };

/** What a role's etcd is started with. */
export interface EtcdSettings {
    readonly scheme: EtcdScheme;
    /** `--initial-cluster-token`: keeps the members of different clusters apart. */
    readonly token: string;
    readonly bootstrap: Bootstrap;
    /** The members at their promised addresses, for one that comes back without data; absent where none are promised. */
    readonly listed?: string;
}

const LOOPBACK = "127.0.0.1";
/** Replaced on each machine by coreos-cloudinit, so that one text serves a whole role. */
const PRIVATE_IPV4 = "$private_ipv4";

/**
 * etcd 3.5 as a member. Its name is the machine's host name; it listens on loopback and on the
 * private address; the v2 API, which fleet and locksmith speak, is on. How it begins is what
 * {@link MEMBERSHIP_GUARD} says.
 */
export function memberUnit(settings: EtcdSettings): UnitDocument {
    const { scheme, bootstrap, listed } = settings;
    const url = peerUrl(scheme, PRIVATE_IPV4);
    const members = bootstrap.kind === "static" ? bootstrap.initialCluster : listed;
    const guard = [
        MEMBERSHIP_GUARD,
        "%H",
        url,
        ...(members === undefined ? [] : [`members=${members}`]),
        ...(bootstrap.kind === "discovery" ? [`discovery=${bootstrap.url}`] : []),
    ];
    const begins = {
        RuntimeDirectory: ETCD_RUN,
        ExecStartPre: guard.join(" "),
        EnvironmentFile: `-${ETCD_BEGINS}`,
    };
    return etcdUnit("etcd member", begins, [
        "--name=%H",
        "--data-dir=/var/lib/etcd",
        "--enable-v2",
        ...listenClients(scheme),
        `--listen-peer-urls=${url}`,
        `--initial-advertise-peer-urls=${url}`,
        ...(bootstrap.kind === "discovery" ? [] : [`--initial-cluster-token=${settings.token}`]),
    ]);
}

/**
 * etcd's v2 proxy, for machines that are no members: v2 keys and health on the same two addresses.
 * Clients of the v3 API need a member (etcd 3.5: `--proxy`).
 */
export function proxyUnit(settings: EtcdSettings): UnitDocument {
    const { bootstrap } = settings;
    const list = bootstrap.kind === "delivered" ? { EnvironmentFile: MEMBER_LIST } : {};
    return etcdUnit("etcd proxy", list, [
        "--name=%H",
        "--data-dir=/var/lib/etcd",
        "--proxy=on",
        // Members that are made anew one by one may all have other addresses within half a minute, which is the default.
        "--proxy-refresh-interval=5000",
        ...listenClients(settings.scheme),
        ...bootstrapFlags(bootstrap),
    ]);
}

function listenClients(scheme: EtcdScheme): string[] {
    const urls = [clientUrl(scheme, LOOPBACK), clientUrl(scheme, PRIVATE_IPV4)].join(",");
    return [
        `--listen-client-urls=${urls}`,
        `--advertise-client-urls=${clientUrl(scheme, PRIVATE_IPV4)}`,
    ];
}

function bootstrapFlags(bootstrap: Bootstrap): string[] {
    switch (bootstrap.kind) {
        case "static":
            return [`--initial-cluster=${bootstrap.initialCluster}`];
        case "discovery":
            // One that comes too late would else become a proxy, and nobody would notice.
            return [`--discovery=${bootstrap.url}`, "--discovery-fallback=exit"];
        case "delivered":
            return [];
    }
}

function etcdUnit(
    description: string,
    begins: Readonly<Record<string, string>>,
    flags: readonly string[],
): UnitDocument {
    return {
        Unit: {
            Description: description,
            Documentation: "https://etcd.io/docs/v3.5/op-guide/configuration/",
            Wants: "network-online.target",
            After: "network-online.target",
            // systemd would give up after five quick failures: an address or a name may come later.
            StartLimitIntervalSec: 0,
        },
        Service: {
            Type: "notify",
            ...begins,
            ExecStart: ["/opt/bin/etcd", ...flags].join(" \\\n    "),
            StateDirectory: "etcd",
            StateDirectoryMode: "0700",
            Restart: "always",
            RestartSec: 1,
            // A first start waits for a quorum, however long the other machines take to boot.
            TimeoutStartSec: "infinity",
            // Without a quorum etcd may not end by itself.
            TimeoutStopSec: 20,
            LimitNOFILE: 40000,
        },
    };
}
