import type { DeclaredService, InstanceShape } from "./declared.js";
import { instanceNames } from "./instances.js";
import { fullName, type Part, partsOf, peerName } from "./parts.js";
import { readSources, type Sources } from "./sources.js";
import { startOrder } from "./start-order.js";
import { triggeredBy } from "./triggers.js";

/** A unit that fleet is to run. */
export interface PlannedUnit {
    /** Its full name. */
    readonly name: string;
    readonly part: Part;
    /** Name of the file whose text it has. */
    readonly file: string;
}

/** A unit file of a service. */
export interface PlannedFile {
    readonly name: string;
    readonly part: Part;
    /** The instance whose own it is; absent for a template, and for a unit that is none. */
    readonly instance?: string;
}

/** A service, read, with the names of what it consists of. */
export interface ServicePlan {
    readonly service: DeclaredService;
    readonly sources: Sources;
    readonly main: Part;
    /** In the order in which they start. */
    readonly parts: readonly Part[];
    /** Those that another one of them starts. */
    readonly triggered: ReadonlySet<Part>;
    /** The instances' names; absent for a service that has none. */
    readonly instances: readonly string[] | undefined;
    readonly files: readonly PlannedFile[];
    /** Instance by instance, each in the order in which its units start. */
    readonly units: readonly PlannedUnit[];
}

/** From what a service declares to the names of its files and units. */
export function planService(service: DeclaredService): ServicePlan {
    const sources = readSources(service);
    const all = partsOf(service, sources);
    const parts = startOrder(all);
    const byName = new Map(parts.map((part) => [peerName(part.file), part]));
    const triggered = parts.flatMap((part) => byName.get(triggeredBy(part) ?? "") ?? []);
    const instances = instanceNames(service.instances);
    const owns = (part: Part, instance: string) =>
        isOverridden(part, sources.instances.get(instance) ?? {});
    const files = [
        ...parts.map((part): PlannedFile => ({ name: part.file, part })),
        ...Array.from(sources.instances.keys()).flatMap((instance) =>
            parts
                .filter((part) => owns(part, instance))
                .map((part) => ({ name: fullName(part.file, instance), part, instance })),
        ),
    ];
    const units = (instances ?? [undefined]).flatMap((instance) =>
        parts.map((part): PlannedUnit => {
            const name = fullName(part.file, instance);
            const isOwn = instance !== undefined && owns(part, instance);
            return { name, part, file: isOwn ? name : part.file };
        }),
    );
    return {
        service,
        sources,
        main: all[0],
        parts,
        triggered: new Set(triggered),
        instances,
        files,
        units,
    };
}

function isOverridden(part: Part, { unit, environment, units }: InstanceShape): boolean {
    return part.path === "unit"
        ? unit !== undefined || environment !== undefined
        : part.key !== undefined && units?.[part.key] !== undefined;
}
