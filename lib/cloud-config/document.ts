import { type Etcd, etcdFields } from "./etcd.js";
import { type Etcd2, etcd2Fields } from "./etcd2.js";
import { type Flannel, flannelFields } from "./flannel.js";
import { type Fleet, fleetFields } from "./fleet.js";
import { deprecated, type FieldsFor, list, type StringField, section, text } from "./schema.js";
import { type Unit, unitFields } from "./units.js";
import {
    type Locksmith,
    locksmithFields,
    type Oem,
    oemFields,
    type Update,
    updateFields,
} from "./update.js";
import { type User, userFields } from "./users.js";
import { type WriteFile, writeFileFields } from "./write-files.js";

/**
 * `coreos`: what belongs to the system's own parts.
 * Source: coreos-cloudinit 1.14.0 `config/config.go`.
 */
export interface CoreOS {
    /** Where updates come from, and what follows them. */
    readonly update?: Update;
    /** The reboot manager. */
    readonly locksmith?: Locksmith;
    /** etcd 0.4. The original validator calls the key deprecated, and applies it. */
    readonly etcd?: Etcd;
    /** etcd 2. The original validator calls the key deprecated, and applies it. */
    readonly etcd2?: Etcd2;
    /** fleet. The original validator calls the key deprecated, and applies it. */
    readonly fleet?: Fleet;
    /** The overlay network. */
    readonly flannel?: Flannel;
    /** For builders of images. */
    readonly oem?: Oem;
    /** Units, in the order in which their commands run. */
    readonly units?: readonly Unit[];
}

/**
 * A cloud-config document with every key that coreos-cloudinit 1.14.0 knows. Keys are spelled with
 * underscores, the one spelling that the original and Flatcar's fork both take. In every text,
 * `$public_ipv4`, `$private_ipv4`, `$public_ipv6` and `$private_ipv6` stand for the machine's own.
 * Source: coreos-cloudinit 1.14.0 `config/config.go`.
 */
export interface CloudConfig {
    /** Host name; stands above the one that the cloud gives. */
    readonly hostname?: string;
    /** `localhost`: the host name resolves to 127.0.0.1. No other value is known. */
    readonly manage_etc_hosts?: "localhost";
    /** Public keys that may log in as `core`, one an item. */
    readonly ssh_authorized_keys?: readonly string[];
    /** Users. */
    readonly users?: readonly User[];
    /** Files, in the order in which they are written. */
    readonly write_files?: readonly WriteFile[];
    /** The system's own parts. */
    readonly coreos?: CoreOS;
}

const notShipped = (name: string) => `${name} is no longer shipped in Container Linux`;

const hostname = {
    kind: "string",
    pattern:
        /^(?=.{1,64}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/,
    allowed: "a host name: at most 64 letters, digits, - and ., no part of it longer than 63",
} as const satisfies StringField;

const manageEtcHosts = {
    kind: "string",
    oneOf: ["localhost"],
} as const satisfies StringField;

/** Schema of {@link CoreOS}, in the order of rendering. */
export const coreosFields = {
    update: section(updateFields),
    locksmith: section(locksmithFields),
    etcd: deprecated(section(etcdFields), notShipped("etcd")),
    etcd2: deprecated(section(etcd2Fields), notShipped("etcd2")),
    fleet: deprecated(section(fleetFields), notShipped("fleet")),
    flannel: section(flannelFields),
    oem: section(oemFields),
    units: list(section(unitFields)),
} as const satisfies FieldsFor<CoreOS>;

/** Schema of {@link CloudConfig}, in the order of rendering. */
export const cloudConfigFields = {
    hostname,
    manage_etc_hosts: manageEtcHosts,
    ssh_authorized_keys: list(text),
    users: list(section(userFields)),
    write_files: list(section(writeFileFields)),
    coreos: section(coreosFields),
} as const satisfies FieldsFor<CloudConfig>;
