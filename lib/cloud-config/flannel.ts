import { type FieldsFor, password, text } from "./schema.js";

/**
 * `coreos.flannel`: the file `/run/flannel/options.env` that `flanneld.service` reads. The network
 * itself is not set here, but in etcd under `ETCD_PREFIX/config`.
 * Source: coreos-cloudinit 1.14.0 `config/flannel.go`, `system/flannel.go`.
 */
export interface Flannel {
    /** URLs of etcd, with commas between. */
    readonly etcd_endpoints?: string;
    /** Path of the CA that signs etcd's certificate. */
    readonly etcd_cafile?: string;
    /** Path of the certificate shown to etcd. */
    readonly etcd_certfile?: string;
    /** Path of the key for that certificate. */
    readonly etcd_keyfile?: string;
    /** Prefix of flannel's keys. Default `/coreos.com/network`. */
    readonly etcd_prefix?: string;
    /** User name at etcd. */
    readonly etcd_username?: string;
    /** Password at etcd. A secret: refused, since user-data can be read by all. */
    readonly etcd_password?: string;
    /** Masquerade what leaves the network: `"true"` or `"false"`, as a text. */
    readonly ip_masq?: string;
    /** Path of the file in which flannel leaves its subnet. */
    readonly subnet_file?: string;
    /** Name or address of the network interface used between machines. */
    readonly interface?: string;
    /** Address at which the other machines reach this one. */
    readonly public_ip?: string;
}

/** Schema of {@link Flannel}, in the order of the original's structure. */
export const flannelFields = {
    etcd_endpoints: text,
    etcd_cafile: text,
    etcd_certfile: text,
    etcd_keyfile: text,
    etcd_prefix: text,
    etcd_username: text,
    etcd_password: password,
    ip_masq: text,
    subnet_file: text,
    interface: text,
    public_ip: text,
} as const satisfies FieldsFor<Flannel>;
