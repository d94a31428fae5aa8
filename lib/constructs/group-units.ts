import { createHash } from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";
import { type CloudConfig, parseCloudConfig, type Unit } from "../cloud-config/index.js";
import type { Connection } from "../connection.js";
import type { GroupMachine, GroupUnitsInputs } from "../providers/group-units-inputs.js";
import { PROVIDERS } from "../providers/tokens.js";
import { DynamicResource } from "./dynamic-resource.js";
import type { DeepInput } from "./inputs.js";

/** What {@link GroupUnits} is made from. */
export interface GroupUnitsArgs {
    /** The cluster's name and the group's: `demo/web`. */
    readonly group: string;
    /** The group's user-data. */
    readonly text: pulumi.Output<string>;
    /** The library's own document of the group, whose units are not touched. */
    readonly base: CloudConfig;
    /** Whether changed units are written over SSH; else each machine was made anew with them. */
    readonly inPlace: boolean;
    /** In the order in which they are changed. */
    readonly machines: DeepInput<readonly GroupMachine[]>;
    /** The list of etcd members, where machines wait for it. */
    readonly memberList?: pulumi.Output<string>;
    /** How they are reached. */
    readonly connection: DeepInput<Omit<Connection, "hosts">>;
}

/**
 * The units of a group's cloud-config as its machines run them: it exists once each does. A change is brought to
 * one machine after the other, and stops at the first that fails.
 */
export class GroupUnits extends DynamicResource {
    constructor(name: string, args: GroupUnitsArgs, opts: pulumi.CustomResourceOptions = {}) {
        const { group, text, base, inPlace, machines, memberList, connection } = args;
        const parts = text.apply((all) => partsOf(all, base));
        const inputs: { readonly [Name in keyof GroupUnitsInputs]?: unknown } = {
            group,
            units: parts.units,
            rest: parts.rest,
            inPlace,
            machines,
            ...(memberList === undefined ? {} : { memberList }),
            connection,
        };
        const limits = { create: 600, update: 600, delete: 60 };
        const outputs = ["applied", "pending", "hostKeys", "machineIds"];
        super(PROVIDERS.groupUnits, name, inputs, outputs, limits, opts);
    }
}

/** The user's units of a text, and what tells whether anything else in it has changed. */
function partsOf(text: string, base: CloudConfig): { units: Unit[]; rest: string } {
    const own = new Set((base.coreos?.units ?? []).map(({ name }) => name));
    const { document } = parseCloudConfig(text);
    const all = document.coreos?.units ?? [];
    const others = {
        ...document,
        coreos: { ...document.coreos, units: all.filter(({ name }) => own.has(name)) },
    };
    const rest = createHash("sha256").update(JSON.stringify(others)).digest("hex").slice(0, 16);
    return { units: all.filter(({ name }) => !own.has(name)), rest };
}
