import { deprecated, type FieldsFor, flag, list, type StringField, text } from "./schema.js";

/**
 * One item of `users`. Of a user that exists, only `passwd` and the SSH keys are applied.
 * Source: coreos-cloudinit 1.14.0 `config/user.go`, `system/user.go`.
 */
export interface User {
    /** Login name. */
    readonly name: string;
    /** Password as `crypt` hashes it. Default `*`: none. A secret: refused, since user-data can be read by all. */
    readonly passwd?: string;
    /** Public keys that may log in, one an item. */
    readonly ssh_authorized_keys?: readonly string[];
    /** @deprecated Fetched at every boot from GitHub, which fails too often. */
    readonly coreos_ssh_import_github?: string;
    /** @deprecated Fetched at every boot from GitHub, which fails too often. */
    readonly coreos_ssh_import_github_users?: readonly string[];
    /** @deprecated Fetched at every boot, which fails too often. */
    readonly coreos_ssh_import_url?: string;
    /** Full name. */
    readonly gecos?: string;
    /** Home directory. Default `/home/NAME`. */
    readonly homedir?: string;
    /** Make no home directory. */
    readonly no_create_home?: boolean;
    /** Name of the primary group, which must exist. */
    readonly primary_group?: string;
    /** Names of further groups, which must exist. */
    readonly groups?: readonly string[];
    /** Make no group of the user's name. */
    readonly no_user_group?: boolean;
    /** Make a system user. */
    readonly system?: boolean;
    /** Leave the user out of `lastlog` and `faillog`. */
    readonly no_log_init?: boolean;
    /** Login shell. */
    readonly shell?: string;
}

const reason = "trying to fetch from a remote endpoint introduces too many intermittent errors";

const name = {
    kind: "string",
    required: true,
    pattern: /^[a-z_][a-z0-9_-]{0,30}\$?$/,
    allowed: "a login name: at most 32 of a-z, 0-9, _ and -, not starting with a digit or -",
} as const satisfies StringField;

const passwd = { kind: "string", secret: true } as const satisfies StringField;

/** Schema of {@link User}, in the order of the original's structure. */
export const userFields = {
    name,
    passwd,
    ssh_authorized_keys: list(text),
    coreos_ssh_import_github: deprecated(text, reason),
    coreos_ssh_import_github_users: deprecated(list(text), reason),
    coreos_ssh_import_url: deprecated(text, reason),
    gecos: text,
    homedir: text,
    no_create_home: flag,
    primary_group: text,
    groups: list(text),
    no_user_group: flag,
    system: flag,
    no_log_init: flag,
    shell: text,
} as const satisfies FieldsFor<User>;
