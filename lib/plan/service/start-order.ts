import { type Part, peerName, peersIn } from "./parts.js";

/** Directives of `[Unit]` that name units which come before. */
const before = ["After", "Requires", "Requisite", "BindsTo", "Wants"];

/**
 * The main unit first, then the others, each behind those that it needs or comes after. fleet brings the others to the
 * machine where the main unit is; only a unit that the main one itself asks to run beside comes before it.
 */
export function startOrder([main, ...further]: readonly [Part, ...Part[]]): Part[] {
    const parts = [main, ...further];
    const byName = new Map(parts.map((part) => [peerName(part.file), part]));
    const needed = (part: Part): Part[] => {
        const names = [
            ...peersIn(part, "X-Fleet", ["MachineOf", "X-ConditionMachineOf"]),
            ...(part === main ? [] : peersIn(part, "Unit", before)),
        ];
        const named = names.flatMap((name) => byName.get(name) ?? []);
        const own = peerName(part.file);
        const preceding = further.filter((one) => peersIn(one, "Unit", ["Before"]).includes(own));
        return part === main ? named : [...named, ...preceding];
    };
    const order = new Set<Part>();
    const seen = new Set<Part>();
    const visit = (part: Part): void => {
        if (!seen.has(part)) {
            seen.add(part);
            for (const one of needed(part)) {
                visit(one);
            }
            order.add(part);
        }
    };
    for (const part of parts) {
        visit(part);
    }
    return [...order];
}
