/** Scheme of etcd's URLs; the plan carries it, so that TLS can come without renaming anything. */
export type EtcdScheme = "http";

/** etcd's client port (IANA: etcd-client). */
export const CLIENT_PORT = 2379;
/** The port on which members talk to each other (IANA: etcd-server). */
export const PEER_PORT = 2380;

/** Name and address of a member, as the static bootstrap lists it. */
export interface EtcdPeer {
    readonly name: string;
    readonly address: string;
}

/** URL of an etcd's client port at that address. */
export function clientUrl(scheme: EtcdScheme, address: string): string {
    return `${scheme}://${address}:${CLIENT_PORT}`;
}

/** URL of an etcd's peer port at that address. */
export function peerUrl(scheme: EtcdScheme, address: string): string {
    return `${scheme}://${address}:${PEER_PORT}`;
}

/** Value of `--initial-cluster`: every member with its peer URL (etcd: op-guide/clustering, static). */
export function initialCluster(scheme: EtcdScheme, peers: readonly EtcdPeer[]): string {
    return peers.map(({ name, address }) => `${name}=${peerUrl(scheme, address)}`).join(",");
}
