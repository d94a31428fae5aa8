import { deprecated, type FieldsFor, flag, integer, type StringField, text } from "./schema.js";

/** Values of etcd 2's `--proxy`. */
export const proxyModes = ["on", "off", "readonly"] as const;

/**
 * `coreos.etcd2`: environment of `etcd2.service`, by the drop-in `20-cloudinit.conf` in `/run`.
 * Zero values (`false`, `0`, `""`) are never written. Times are in milliseconds.
 * Source: coreos-cloudinit 1.14.0 `config/etcd2.go`; meaning: etcd 2.3 `etcdmain/help.go`.
 */
export interface Etcd2 {
    /** Client URLs told to the rest of the cluster, with commas between. */
    readonly advertise_client_urls?: string;
    /** @deprecated Use `trusted_ca_file` and `client_cert_auth`. */
    readonly ca_file?: string;
    /** Path of the certificate for clients. */
    readonly cert_file?: string;
    /** Clients must show a certificate. */
    readonly client_cert_auth?: boolean;
    /** Origins allowed by CORS, with commas between. */
    readonly cors?: string;
    /** Directory of the data. Default of the unit: `/var/lib/etcd2`. */
    readonly data_dir?: string;
    /** Log at debug level. */
    readonly debug?: boolean;
    /** Discovery URL: `https://discovery.etcd.io/TOKEN`. */
    readonly discovery?: string;
    /** What a machine beyond the cluster's size does: `proxy` (default) or `exit`. */
    readonly discovery_fallback?: string;
    /** Domain whose SRV records name the members. */
    readonly discovery_srv?: string;
    /** HTTP proxy on the way to the discovery service. */
    readonly discovery_proxy?: string;
    /** Time without a heartbeat until an election. Default 1000. */
    readonly election_timeout?: number;
    /** Serve Go's profiler under `/debug/pprof`. */
    readonly enable_pprof?: boolean;
    /** Make a one-member cluster of the data that is there. */
    readonly force_new_cluster?: boolean;
    /** Time between heartbeats. Default 100. */
    readonly heartbeat_interval?: number;
    /** Peer URLs of this member told to the others at the first start, with commas between. */
    readonly initial_advertise_peer_urls?: string;
    /** All members at the first start: `name=http://ip:2380,…`. */
    readonly initial_cluster?: string;
    /** `new` (default) or `existing`. */
    readonly initial_cluster_state?: string;
    /** Token that sets clusters apart. Default `etcd-cluster`. */
    readonly initial_cluster_token?: string;
    /** Path of the key for clients. */
    readonly key_file?: string;
    /** URLs to listen on for clients, with commas between. */
    readonly listen_client_urls?: string;
    /** URLs to listen on for peers, with commas between. */
    readonly listen_peer_urls?: string;
    /** Log level by package: `etcdserver=WARNING,security=DEBUG`. */
    readonly log_package_levels?: string;
    /** Snapshots to keep. Default 5. */
    readonly max_snapshots?: number;
    /** Write-ahead logs to keep. Default 5. */
    readonly max_wals?: number;
    /** Name of the member. Default of the unit: the machine id. */
    readonly name?: string;
    /** @deprecated Use `peer_trusted_ca_file` and `peer_client_cert_auth`. */
    readonly peer_ca_file?: string;
    /** Path of the certificate for peers. */
    readonly peer_cert_file?: string;
    /** Path of the key for peers. */
    readonly peer_key_file?: string;
    /** Peers must show a certificate. */
    readonly peer_client_cert_auth?: boolean;
    /** Path of the CA that signs the peers' certificates. */
    readonly peer_trusted_ca_file?: string;
    /** Run as a proxy instead of a member. */
    readonly proxy?: (typeof proxyModes)[number];
    /** Time to wait for a connection to a member. Default 1000. */
    readonly proxy_dial_timeout?: number;
    /** Time for which a failed member is left alone. Default 5000. */
    readonly proxy_failure_wait?: number;
    /** Time to wait for an answer. Default 0: no limit. */
    readonly proxy_read_timeout?: number;
    /** Time between two looks at the list of members. Default 30000. */
    readonly proxy_refresh_interval?: number;
    /** Time to wait for a write. Default 5000. */
    readonly proxy_write_timeout?: number;
    /** Commits between two snapshots. Default 10000. */
    readonly snapshot_count?: number;
    /** Refuse changes of the membership that would lose the quorum. */
    readonly strict_reconfig_check?: boolean;
    /** Path of the CA that signs the clients' certificates. */
    readonly trusted_ca_file?: string;
    /** Directory of the write-ahead log. Default: within `data_dir`. */
    readonly wal_dir?: string;
}

const proxy = { kind: "string", oneOf: proxyModes } as const satisfies StringField;

/** Schema of {@link Etcd2}, in the order of the original's structure. */
export const etcd2Fields = {
    advertise_client_urls: text,
    ca_file: deprecated(text, "ca_file obsoleted by trusted_ca_file and client_cert_auth"),
    cert_file: text,
    client_cert_auth: flag,
    cors: text,
    data_dir: text,
    debug: flag,
    discovery: text,
    discovery_fallback: text,
    discovery_srv: text,
    discovery_proxy: text,
    election_timeout: integer,
    enable_pprof: flag,
    force_new_cluster: flag,
    heartbeat_interval: integer,
    initial_advertise_peer_urls: text,
    initial_cluster: text,
    initial_cluster_state: text,
    initial_cluster_token: text,
    key_file: text,
    listen_client_urls: text,
    listen_peer_urls: text,
    log_package_levels: text,
    max_snapshots: integer,
    max_wals: integer,
    name: text,
    peer_ca_file: deprecated(
        text,
        "peer_ca_file obsoleted peer_trusted_ca_file and peer_client_cert_auth",
    ),
    peer_cert_file: text,
    peer_key_file: text,
    peer_client_cert_auth: flag,
    peer_trusted_ca_file: text,
    proxy,
    proxy_dial_timeout: integer,
    proxy_failure_wait: integer,
    proxy_read_timeout: integer,
    proxy_refresh_interval: integer,
    proxy_write_timeout: integer,
    snapshot_count: integer,
    strict_reconfig_check: flag,
    trusted_ca_file: text,
    wal_dir: text,
} as const satisfies FieldsFor<Etcd2>;
