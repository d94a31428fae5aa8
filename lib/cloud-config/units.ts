import { type FieldsFor, flag, list, type StringField, section } from "./schema.js";

/** What the agent can have systemd do with a unit. */
export const unitCommands = [
    "start",
    "stop",
    "restart",
    "reload",
    "try-restart",
    "reload-or-restart",
    "reload-or-try-restart",
] as const;

/** What the agent can have systemd do with a unit. */
export type UnitCommand = (typeof unitCommands)[number];

/**
 * One file in a unit's drop-in directory. Source: coreos-cloudinit 1.14.0 `config/unit.go`.
 */
export interface UnitDropIn {
    /** File name, ending in `.conf`. */
    readonly name: string;
    /** Text of the file. */
    readonly content: string;
}

/**
 * One item of `coreos.units`. All files are written first, then the commands run one after the
 * other in the order of the list, each until its job has ended, at every boot.
 * Source: coreos-cloudinit 1.14.0 `config/unit.go`, `initialize/config.go`.
 */
export interface Unit {
    /** Name with its type: `hello.service`, `10-static.network`. */
    readonly name: string;
    /** Link the unit to `/dev/null`; removes a file of that name. */
    readonly mask?: boolean;
    /** Enable by its `[Install]` section. Never needed beside `command: start`. */
    readonly enable?: boolean;
    /** Write to `/run` instead of `/etc`: gone at reboot, and written anew. */
    readonly runtime?: boolean;
    /** What to do once all files are written. Not for `.network`, `.netdev` and `.link`. */
    readonly command?: UnitCommand;
    /** Text of the unit file. */
    readonly content?: string;
    /** Files that add to the unit, or to one that the system brings. */
    readonly drop_ins?: readonly UnitDropIn[];
}

const name = { kind: "string", required: true } as const satisfies StringField;
const content = { kind: "string", multiline: true } as const satisfies StringField;
const command = { kind: "string", oneOf: unitCommands } as const satisfies StringField;

/** Schema of {@link UnitDropIn}. */
export const unitDropInFields = {
    name,
    content: { ...content, required: true },
} as const satisfies FieldsFor<UnitDropIn>;

/** Schema of {@link Unit}. */
export const unitFields = {
    name,
    mask: flag,
    enable: flag,
    runtime: flag,
    command,
    content,
    drop_ins: list(section(unitDropInFields)),
} as const satisfies FieldsFor<Unit>;
