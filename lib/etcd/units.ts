import type { UnitDocument } from "../systemd/index.js";
import { clientUrl, type EtcdScheme, peerUrl } from "./endpoints.js";
import { MEMBER_LIST } from "./member-list.js";

/** The unit under which members run etcd and workers its proxy. */
export const ETCD_UNIT = "etcd.service";

/** How a member finds the others when it starts for the first time. */
export type Bootstrap =
    | { readonly kind: "static"; readonly initialCluster: string }
    | { readonly kind: "discovery"; readonly url: string }
    /** By {@link MEMBER_LIST}, which must be there before etcd is started. */
    | { readonly kind: "delivered" };

/** What a role's etcd is started with. */
export interface EtcdSettings {
    readonly scheme: EtcdScheme;
    /** `--initial-cluster-token`: keeps the members of different clusters apart. */
    readonly token: string;
    readonly bootstrap: Bootstrap;
}

const LOOPBACK = "127.0.0.1";
/** Replaced on each machine by coreos-cloudinit, so that one text serves a whole role. */
const PRIVATE_IPV4 = "$private_ipv4";

/**
 * etcd 3.5 as a member. Its name is the machine's host name; it listens on loopback and on the
 * private address; the v2 API, which fleet and locksmith speak, is on.
 */
export function memberUnit(settings: EtcdSettings): UnitDocument {
    const { scheme, bootstrap } = settings;
    const token = `--initial-cluster-token=${settings.token}`;
    return etcdUnit("etcd member", bootstrap, [
        "--name=%H",
        "--data-dir=/var/lib/etcd",
        "--enable-v2",
        ...listenClients(scheme),
        `--listen-peer-urls=${peerUrl(scheme, PRIVATE_IPV4)}`,
        `--initial-advertise-peer-urls=${peerUrl(scheme, PRIVATE_IPV4)}`,
        ...bootstrapFlags(bootstrap),
        ...(bootstrap.kind === "static"
            ? ["--initial-cluster-state=new", token]
            : bootstrap.kind === "delivered"
              ? [token]
              : []),
    ]);
}

/**
 * etcd's v2 proxy, for machines that are no members: v2 keys and health on the same two addresses.
 * Clients of the v3 API need a member (etcd 3.5: `--proxy`).
 */
export function proxyUnit(settings: EtcdSettings): UnitDocument {
    return etcdUnit("etcd proxy", settings.bootstrap, [
        "--name=%H",
        "--data-dir=/var/lib/etcd",
        "--proxy=on",
        ...listenClients(settings.scheme),
        ...bootstrapFlags(settings.bootstrap),
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
    bootstrap: Bootstrap,
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
            ...(bootstrap.kind === "delivered" ? { EnvironmentFile: MEMBER_LIST } : {}),
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
