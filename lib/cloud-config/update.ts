import { type FieldsFor, password, type StringField, text } from "./schema.js";

/** What a machine does once an update lies ready. */
export const rebootStrategies = ["etcd-lock", "reboot", "off"] as const;

/** What a machine does once an update lies ready. */
export type RebootStrategy = (typeof rebootStrategies)[number];

/**
 * `coreos.update`: lines of `/etc/coreos/update.conf`. A strategy restarts `locksmithd.service`
 * (`off` masks it), a group or a server restarts `update-engine.service`.
 * Source: coreos-cloudinit 1.14.0 `config/update.go`, `system/update.go`.
 */
export interface Update {
    /** `etcd-lock`: one machine after the other; `reboot`: at once; `off`: never. */
    readonly reboot_strategy?: RebootStrategy;
    /** Channel: `stable`, `beta`, `alpha`, or a group of one's own server. */
    readonly group?: string;
    /** URL of the update server. */
    readonly server?: string;
}

/**
 * `coreos.locksmith`: environment of `locksmithd.service`, by the drop-in `20-cloudinit.conf`.
 * Source: coreos-cloudinit 1.14.0 `config/locksmith.go`.
 */
export interface Locksmith {
    /** URLs of etcd, with commas between. */
    readonly endpoint?: string;
    /** Path of the CA that signs etcd's certificate. */
    readonly etcd_cafile?: string;
    /** Path of the certificate shown to etcd. */
    readonly etcd_certfile?: string;
    /** Path of the key for that certificate. */
    readonly etcd_keyfile?: string;
    /** User name at etcd. */
    readonly etcd_username?: string;
    /** Password at etcd. A secret: refused, since user-data can be read by all. */
    readonly etcd_password?: string;
    /** Machines with the same group share a lock. */
    readonly group?: string;
    /** When reboots may begin: `Thu 04:00`, or `04:00` for every day. UTC unless the machine says else. */
    readonly window_start?: string;
    /** For how long: a Go duration, `1h30m`. */
    readonly window_length?: string;
}

/**
 * `coreos.oem`: the file `/etc/oem-release`, written only where `id` is set. For builders of images.
 * Source: coreos-cloudinit 1.14.0 `config/oem.go`, `system/oem.go`.
 */
export interface Oem {
    /** Short name of the platform. */
    readonly id?: string;
    /** Name of the platform. */
    readonly name?: string;
    /** Version of the OEM part. */
    readonly version_id?: string;
    /** Home page. */
    readonly home_url?: string;
    /** Where bugs are reported. */
    readonly bug_report_url?: string;
}

const rebootStrategy = {
    kind: "string",
    oneOf: rebootStrategies,
    formerly: {
        "best-effort":
            "best-effort was removed in coreos-cloudinit 1.14.0: use etcd-lock where etcd runs, else reboot",
    },
} as const satisfies StringField;

/** Schema of {@link Update}. */
export const updateFields = {
    reboot_strategy: rebootStrategy,
    group: text,
    server: text,
} as const satisfies FieldsFor<Update>;

const windowStart = {
    kind: "string",
    pattern: /^((sun|mon|tue|wed|thu|fri|sat) )?0*([0-9]|1[0-9]|2[0-3]):0*([0-9]|[1-5][0-9])$/i,
    allowed: 'a time of day, with a day before it if wanted: "04:00", "Thu 04:00"',
} as const satisfies StringField;

const windowLength = {
    kind: "string",
    pattern: /^[-+]?([0-9]*(\.[0-9]*)?[a-z]+)+$/,
    allowed: 'a duration: "1h", "90m", "1h30m"',
} as const satisfies StringField;

/** Schema of {@link Locksmith}, in the order of the original's structure. */
export const locksmithFields = {
    endpoint: text,
    etcd_cafile: text,
    etcd_certfile: text,
    etcd_keyfile: text,
    etcd_username: text,
    etcd_password: password,
    group: text,
    window_start: windowStart,
    window_length: windowLength,
} as const satisfies FieldsFor<Locksmith>;

/** Schema of {@link Oem}, in the order of the original's structure. */
export const oemFields = {
    id: text,
    name: text,
    version_id: text,
    home_url: text,
    bug_report_url: text,
} as const satisfies FieldsFor<Oem>;
