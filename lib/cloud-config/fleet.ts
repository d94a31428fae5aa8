import { type FieldsFor, flag, integer, number, password, text } from "./schema.js";

/**
 * `coreos.fleet`: environment of `fleet.service`, by the drop-in `20-cloudinit.conf` in `/run`.
 * Zero values (`false`, `0`, `""`) are never written. fleet's later options (`units_directory`,
 * `enable_grpc`, `disable_watches`) have no key here: write a drop-in of your own.
 * Source: coreos-cloudinit 1.14.0 `config/fleet.go`; meaning: fleet 1.0.0 `fleetd/fleetd.go`.
 */
export interface Fleet {
    /** Time after which a silent machine is given up, as a Go duration. Default `30s`. */
    readonly agent_ttl?: string;
    /** Path of the keys that may log in by fleetctl's SSH. */
    readonly authorized_keys_file?: string;
    /** Take no part in the scheduling. fleet 0.12 or newer. */
    readonly disable_engine?: boolean;
    /** Seconds between two passes of the engine. Default 2. */
    readonly engine_reconcile_interval?: number;
    /** Path of the CA that signs etcd's certificate. */
    readonly etcd_cafile?: string;
    /** Path of the certificate shown to etcd. */
    readonly etcd_certfile?: string;
    /** Path of the key for that certificate. */
    readonly etcd_keyfile?: string;
    /** Prefix of fleet's keys in etcd. Default `/_coreos.com/fleet/`. */
    readonly etcd_key_prefix?: string;
    /** Seconds to wait for etcd. Default 1. */
    readonly etcd_request_timeout?: number;
    /** URLs of etcd, with commas between. Default `http://127.0.0.1:2379,http://127.0.0.1:4001`. */
    readonly etcd_servers?: string;
    /** User name at etcd. */
    readonly etcd_username?: string;
    /** Password at etcd. A secret: refused, since user-data can be read by all. */
    readonly etcd_password?: string;
    /** What sets the machine apart for scheduling: `role=web,region=eu`. */
    readonly metadata?: string;
    /** Address that fleet tells of the machine. */
    readonly public_ip?: string;
    /** Entries in a page of the API. fleet 0.12 or newer. */
    readonly token_limit?: number;
    /** Log level, 0 to 2. */
    readonly verbosity?: number;
    /** Refuse units without a signature. Removed in fleet 0.11. */
    readonly verify_units?: boolean;
}

/** Schema of {@link Fleet}, in the order of the original's structure. */
export const fleetFields = {
    agent_ttl: text,
    authorized_keys_file: text,
    disable_engine: flag,
    engine_reconcile_interval: number,
    etcd_cafile: text,
    etcd_certfile: text,
    etcd_keyfile: text,
    etcd_key_prefix: text,
    etcd_request_timeout: number,
    etcd_servers: text,
    etcd_username: text,
    etcd_password: password,
    metadata: text,
    public_ip: text,
    token_limit: integer,
    verbosity: integer,
    verify_units: flag,
} as const satisfies FieldsFor<Fleet>;
