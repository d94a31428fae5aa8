import { type EtcdPeer, type EtcdScheme, initialCluster } from "./endpoints.js";

/**
 * Where the list of members is put on each machine, where it is delivered after the machines were made. It is on the
 * machine's own disk, so that a reboot finds it.
 */
export const MEMBER_LIST = "/etc/etcd/members.env";

/**
 * The list of members as an `EnvironmentFile=` (systemd.exec(5)): the variables stand in for the flags of the same
 * names, which etcd refuses beside them.
 */
export function renderMemberList(scheme: EtcdScheme, peers: readonly EtcdPeer[]): string {
    return [
        "# The etcd members at the cluster's first start; etcd itself keeps what comes later.",
        `ETCD_INITIAL_CLUSTER=${initialCluster(scheme, peers)}`,
        "ETCD_INITIAL_CLUSTER_STATE=new",
        "",
    ].join("\n");
}
