import { requirementsOf } from "../../fleet/index.js";
import { type Draft, unitOf, valuesOf, withLines } from "./assignments.js";
import { CHECK } from "./check-unit.js";
import { type Part, peerName, peersIn } from "./parts.js";

/** Directives by which a unit stops when the one that they name stops. */
const binding = ["BindsTo", "Requires", "PartOf"];

/** Whether fleet runs a unit on every machine. */
export function isGlobal(draft: Draft): boolean {
    return requirementsOf(unitOf(draft)).global;
}

/** A further unit that says nothing of its place runs beside the main unit of its instance. */
export function besideMain(draft: Draft, part: Part, main: Part): Draft {
    const { machineId, machineOf, metadata, global } = requirementsOf(unitOf(draft));
    if (machineId !== undefined || machineOf.length > 0 || metadata.size > 0 || global) {
        return draft;
    }
    const path = `${part.path}.X-Fleet.MachineOf`;
    if (!isGlobal(main.source)) {
        return withLines(draft, "X-Fleet", "MachineOf", [peerName(main.file)], path);
    }
    if (part.path !== CHECK) {
        return draft;
    }
    const wanted = valuesOf(main.source, "X-Fleet", "MachineMetadata");
    const placed = withLines(draft, "X-Fleet", "MachineMetadata", wanted, path);
    return withLines(placed, "X-Fleet", "Global", [true], path);
}

/**
 * The main unit, which starts again what stops with it. systemd stops a unit that is bound to one which ends, and
 * fleet does not start it again by itself; `Wants=` does, whenever the main unit starts.
 */
export function withBound(draft: Draft, main: Part, parts: readonly Part[]): Draft {
    const own = peerName(main.file);
    const wanted = new Set(peersIn({ ...main, source: draft }, "Unit", ["Wants", "Requires"]));
    const bound = parts
        .filter((part) => part !== main && peersIn(part, "Unit", binding).includes(own))
        .map((part) => peerName(part.file))
        .filter((name) => !wanted.has(name));
    return withLines(draft, "Unit", "Wants", bound, "unit.Unit.Wants");
}
