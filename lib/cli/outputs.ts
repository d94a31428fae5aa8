import type { Connection } from "../clients/index.js";
import { capturePulumi } from "./pulumi-run.js";
import { requireStack, type Stack } from "./stack.js";

/** A machine in the stack output `machines`. */
export interface MachineOutput {
    readonly name: string;
    readonly role: string;
    readonly privateIp: string;
    readonly publicIp?: string | null;
    readonly metadata: Readonly<Record<string, string>>;
    /** Its `/etc/machine-id`, which is also its id in fleet. */
    readonly machineId: string;
    /** Whether it runs etcd, or its proxy; unknown where an older version brought it up. */
    readonly etcd?: boolean;
    /** Whether it runs fleet. */
    readonly fleet?: boolean;
}

/** A service in the stack output `services`. */
export interface ServiceOutput {
    readonly name: string;
    /** Instances declared. */
    readonly instances: number;
}

/** The outputs that a stack of this library exports; see `stacks/`. */
export interface StackOutputs {
    readonly machines: readonly MachineOutput[];
    readonly services: readonly ServiceOutput[];
    readonly etcdEndpoints: readonly string[];
    readonly urls: readonly string[];
    /** How its machines are reached. A secret. */
    readonly connection?: Connection;
}

/** The outputs of a stack whose machines can be reached. */
export type ClusterOutputs = StackOutputs & { readonly connection: Connection };

/** Whether there are machines, and a way to them. */
export function hasCluster(outputs: StackOutputs): outputs is ClusterOutputs {
    return outputs.connection !== undefined && outputs.connection.hosts.length > 0;
}

/** Reads the outputs of a stack, the secret ones too. */
export async function readOutputs(stack: Stack): Promise<StackOutputs> {
    requireStack(stack);
    const args = ["stack", "output", "--json", "--show-secrets", "--stack", stack.name];
    const text = await capturePulumi(stack.workspace, await stack.cli(), args);
    return parseOutputs(JSON.parse(text));
}

/** Reads them, and demands that the stack has machines that can be reached. */
export async function readCluster(stack: Stack): Promise<ClusterOutputs> {
    const outputs = await readOutputs(stack);
    if (!hasCluster(outputs)) {
        throw new Error(
            `Stack ${stack.name} has no output \`connection\` with machines in it: bring it up first, and export cluster.connection.`,
        );
    }
    return outputs;
}

/** Sorts out what `pulumi stack output --json` printed. What is absent or malformed counts as none. */
export function parseOutputs(printed: unknown): StackOutputs {
    const outputs = isRecord(printed) ? printed : {};
    const connection = outputs["connection"];
    return {
        machines: list(outputs["machines"]).filter(isMachine),
        services: list(outputs["services"]).filter(isService),
        etcdEndpoints: list(outputs["etcdEndpoints"]).filter(isText),
        urls: list(outputs["urls"]).filter(isText),
        ...(isConnection(connection) ? { connection } : {}),
    };
}

function isMachine(value: unknown): value is MachineOutput {
    return (
        isRecord(value) &&
        ["name", "role", "privateIp", "machineId"].every((key) => isText(value[key])) &&
        isText(value["publicIp"] ?? "") &&
        isRecord(value["metadata"]) &&
        Object.values(value["metadata"]).every(isText)
    );
}

function isService(value: unknown): value is ServiceOutput {
    return isRecord(value) && isText(value["name"]) && typeof value["instances"] === "number";
}

function isConnection(value: unknown): value is Connection {
    return (
        isRecord(value) &&
        isText(value["user"]) &&
        Array.isArray(value["hosts"]) &&
        value["hosts"].every((host) => isRecord(host) && isText(host["address"]))
    );
}

function list(value: unknown): unknown[] {
    return Array.isArray(value) ? value : [];
}

function isText(value: unknown): value is string {
    return typeof value === "string";
}

function isRecord(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
