import { deprecated, type FieldsFor, flag, integer, number, text } from "./schema.js";

/**
 * `coreos.etcd`: environment of `etcd.service` (etcd 0.4), by the drop-in `20-cloudinit.conf` in
 * `/run`. Zero values (`false`, `0`, `""`) are never written: `snapshot: false` can't be expressed.
 * Source: coreos-cloudinit 1.14.0 `config/etcd.go`; meaning: etcd 0.4.9 `config/config.go`.
 */
export interface Etcd {
    /** `host:port` told to clients, without a scheme. */
    readonly addr?: string;
    /** @deprecated An option of etcd 2. */
    readonly advertise_client_urls?: string;
    /** `host:port` to listen on for clients. Default: every address, the port of `addr`. */
    readonly bind_addr?: string;
    /** Path of the CA that signs the clients' certificates. */
    readonly ca_file?: string;
    /** Path of the certificate for clients. */
    readonly cert_file?: string;
    /** Members at most; further machines stand by. Default 9. */
    readonly cluster_active_size?: number;
    /** Seconds until a silent member is demoted. Default 1800. */
    readonly cluster_remove_delay?: number;
    /** Seconds between two looks at the cluster by a machine that stands by. Default 5. */
    readonly cluster_sync_interval?: number;
    /** Origins allowed by CORS, with commas between. */
    readonly cors?: string;
    /** Directory of the data. Default of the unit: `/var/lib/etcd`. */
    readonly data_dir?: string;
    /** Discovery URL. */
    readonly discovery?: string;
    /** @deprecated An option of etcd 2. */
    readonly discovery_fallback?: string;
    /** @deprecated An option of etcd 2. */
    readonly discovery_srv?: string;
    /** @deprecated An option of etcd 2. */
    readonly discovery_proxy?: string;
    /** @deprecated An option of etcd 2. */
    readonly election_timeout?: number;
    /** @deprecated An option of etcd 2. */
    readonly force_new_cluster?: boolean;
    /** `host:port` of a Graphite server that gets metrics. */
    readonly graphite_host?: string;
    /** @deprecated An option of etcd 2. */
    readonly heartbeat_interval?: number;
    /** Seconds to wait for a request. */
    readonly http_read_timeout?: number;
    /** Seconds to wait for an answer to be taken. */
    readonly http_write_timeout?: number;
    /** @deprecated An option of etcd 2. */
    readonly initial_advertise_peer_urls?: string;
    /** @deprecated An option of etcd 2. */
    readonly initial_cluster?: string;
    /** @deprecated An option of etcd 2. */
    readonly initial_cluster_state?: string;
    /** @deprecated An option of etcd 2. */
    readonly initial_cluster_token?: string;
    /** Path of the key for clients. */
    readonly key_file?: string;
    /** @deprecated An option of etcd 2. */
    readonly listen_client_urls?: string;
    /** @deprecated An option of etcd 2. */
    readonly listen_peer_urls?: string;
    /** Events kept for watchers. Default 1024. */
    readonly max_result_buffer?: number;
    /** Attempts to join the cluster. Default 3. */
    readonly max_retry_attempts?: number;
    /** @deprecated An option of etcd 2. */
    readonly max_snapshots?: number;
    /** @deprecated An option of etcd 2. */
    readonly max_wals?: number;
    /** Name of the member. Default of the unit: the machine id. */
    readonly name?: string;
    /** `host:port` told to peers, without a scheme. */
    readonly peer_addr?: string;
    /** `host:port` to listen on for peers. */
    readonly peer_bind_addr?: string;
    /** Path of the CA that signs the peers' certificates. */
    readonly peer_ca_file?: string;
    /** Path of the certificate for peers. */
    readonly peer_cert_file?: string;
    /** Milliseconds without a heartbeat until an election. Default 200. */
    readonly peer_election_timeout?: number;
    /** Milliseconds between heartbeats. Default 50. */
    readonly peer_heartbeat_interval?: number;
    /** Path of the key for peers. */
    readonly peer_key_file?: string;
    /** Peers to join, `host:port` with commas between. */
    readonly peers?: string;
    /** Path of a file with the peers to join. */
    readonly peers_file?: string;
    /** @deprecated An option of etcd 2. */
    readonly proxy?: string;
    /** Seconds between two attempts to join. Default 10. */
    readonly retry_interval?: number;
    /** Take snapshots. Default on. */
    readonly snapshot?: boolean;
    /** Commits between two snapshots. Default 10000. */
    readonly snapshot_count?: number;
    /** Prefix of the traced packages, `*` for all. */
    readonly trace?: string;
    /** Log more. */
    readonly verbose?: boolean;
    /** Log much more. */
    readonly very_verbose?: boolean;
    /** Log everything. */
    readonly very_very_verbose?: boolean;
}

const reason = "etcd2 options no longer work for etcd";

/** Schema of {@link Etcd}, in the order of the original's structure. */
export const etcdFields = {
    addr: text,
    advertise_client_urls: deprecated(text, reason),
    bind_addr: text,
    ca_file: text,
    cert_file: text,
    cluster_active_size: integer,
    cluster_remove_delay: number,
    cluster_sync_interval: number,
    cors: text,
    data_dir: text,
    discovery: text,
    discovery_fallback: deprecated(text, reason),
    discovery_srv: deprecated(text, reason),
    discovery_proxy: deprecated(text, reason),
    election_timeout: deprecated(integer, reason),
    force_new_cluster: deprecated(flag, reason),
    graphite_host: text,
    heartbeat_interval: deprecated(integer, reason),
    http_read_timeout: number,
    http_write_timeout: number,
    initial_advertise_peer_urls: deprecated(text, reason),
    initial_cluster: deprecated(text, reason),
    initial_cluster_state: deprecated(text, reason),
    initial_cluster_token: deprecated(text, reason),
    key_file: text,
    listen_client_urls: deprecated(text, reason),
    listen_peer_urls: deprecated(text, reason),
    max_result_buffer: integer,
    max_retry_attempts: integer,
    max_snapshots: deprecated(integer, reason),
    max_wals: deprecated(integer, reason),
    name: text,
    peer_addr: text,
    peer_bind_addr: text,
    peer_ca_file: text,
    peer_cert_file: text,
    peer_election_timeout: integer,
    peer_heartbeat_interval: integer,
    peer_key_file: text,
    peers: text,
    peers_file: text,
    proxy: deprecated(text, reason),
    retry_interval: number,
    snapshot: flag,
    snapshot_count: integer,
    trace: text,
    verbose: flag,
    very_verbose: flag,
    very_very_verbose: flag,
} as const satisfies FieldsFor<Etcd>;
