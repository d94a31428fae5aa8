import { type MachineFacts, requirementsOf } from "../../fleet/index.js";
import type { ServicePlan } from "./plan.js";
import { renderFiles } from "./render.js";

/** Names of the machines whose metadata is what the main unit, or one instance of it, asks for. */
export function machinesOfMain(plan: ServicePlan, machines: readonly MachineFacts[]): string[] {
    const wanted = Array.from(renderFiles(plan, { owner: "" }).values())
        .filter(({ file }) => file.part === plan.main)
        .map(({ unit }) => Array.from(requirementsOf(unit).metadata));
    return machines
        .filter(({ metadata }) =>
            wanted.some((pairs) => pairs.every(([key, values]) => values.has(metadata[key] ?? ""))),
        )
        .map(({ name }) => name);
}
