import { parseUnitName } from "../systemd/index.js";
import type { Candidate } from "./candidates.js";
import type { MachineFacts } from "./placed-unit.js";

/** What a unit asks of a machine's metadata: `role=web or role=db and zone=a`. */
export function wanted({ requirements }: Candidate): string {
    return Array.from(requirements.metadata, ([key, values]) =>
        Array.from(values, (value) => `${key}=${value}`).join(" or "),
    ).join(" and ");
}

/** Each metadata that there is, with the machines that have it. */
export function metadataOf(machines: readonly MachineFacts[]): string {
    const names = new Map<string, string[]>();
    for (const { name, metadata } of machines) {
        const text = Object.entries(metadata)
            .map(([key, value]) => `${key}=${value}`)
            .join(",");
        names.set(text, [...(names.get(text) ?? []), name]);
    }
    return abridged(
        Array.from(names, ([text, own]) => `${text || "no metadata"} (${abridged(own)})`),
    );
}

/** `3 instances` of one template, `3 units` of several. */
export function counted(units: readonly Candidate[]): string {
    const kinds = new Set(units.map(({ name }) => `${parseUnitName(name).prefix}@`));
    const instances = units.every(({ name }) => parseUnitName(name).instance !== undefined);
    return `${units.length} ${instances && kinds.size === 1 ? "instances" : "units"}`;
}

/** Names of units or machines, the first few of many. */
export function listed(named: readonly { readonly name: string }[]): string {
    return abridged(named.map(({ name }) => name));
}

/** `1 machine can take them (m1)`. */
export function takers(machines: readonly MachineFacts[], whom = "them"): string {
    const noun = machines.length === 1 ? "machine" : "machines";
    return `${machines.length} ${noun} can take ${whom} (${listed(machines)})`;
}

/** The first few of many texts. */
export function abridged(texts: readonly string[]): string {
    return texts.length <= 6
        ? texts.join(", ")
        : `${texts.slice(0, 5).join(", ")} and ${texts.length - 5} more`;
}
