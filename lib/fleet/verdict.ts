import type { Candidate } from "./candidates.js";
import type { Domain } from "./domains.js";
import type { MachineFacts } from "./placed-unit.js";
import type { Relations } from "./relations.js";
import type { Standing } from "./standing.js";

/** The machines that are open to a unit, and what closed the last of them. */
export interface Verdict {
    /** Where it can stay and run. */
    readonly open: ReadonlySet<MachineFacts>;
    /** Where the engine can leave it: on some of these the agent would not run it. */
    readonly given: ReadonlySet<MachineFacts>;
    /** Why none is open, a clause in plain words. */
    readonly reason?: string;
    /** The key of `[X-Fleet]` that the reason comes from. */
    readonly key?: "MachineID" | "MachineMetadata" | "MachineOf" | "Conflicts";
}

/** What the verdicts are made from. */
export interface Reach {
    readonly candidates: readonly Candidate[];
    readonly domains: ReadonlyMap<Candidate, Domain>;
    readonly machines: readonly MachineFacts[];
    readonly relations: Relations;
    readonly standing: Standing;
    /** Whether the units are all that there are. */
    readonly complete: boolean;
}
