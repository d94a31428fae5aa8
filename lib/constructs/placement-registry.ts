import { checkPlacement, checkSpare, type MachineFacts, type PlacedUnit } from "../fleet/index.js";
import { errorsOf, formatProblem, type Problem, warningsOf } from "../problem.js";
import { rejectArguments } from "./reject.js";

/** A cluster that services are declared on. */
export interface PlacementCluster {
    readonly shape: { readonly name: string };
}

/** A unit of a service, and where the user wrote it. */
export interface RegisteredUnit extends PlacedUnit {
    /** Path in the service's arguments; default `unit`. */
    readonly path?: string;
}

/** A service that waits for what is said of all. */
interface Waiting {
    readonly service: string;
    readonly resolve: () => void;
    readonly reject: (cause: unknown) => void;
}

/** What one program declares on one cluster, so far. */
class Registry {
    private readonly units = new Map<string, RegisteredUnit & { readonly service: string }>();
    private readonly told = new Set<string>();
    private waiting: Waiting[] = [];
    private round: NodeJS.Immediate | undefined;

    constructor(
        private readonly cluster: string,
        private readonly machines: readonly MachineFacts[],
    ) {}

    add(service: string, units: readonly RegisteredUnit[]): Promise<void> {
        for (const unit of units) {
            this.units.set(unit.name, { ...unit, service });
        }
        for (const problem of checkPlacement(units, this.machines)) {
            this.isNew(problem);
        }
        clearImmediate(this.round);
        this.round = setImmediate(() => this.check());
        return new Promise((resolve, reject) => {
            this.waiting.push({ service, resolve, reject });
        });
    }

    private check(): void {
        const waiting = this.waiting;
        this.waiting = [];
        const units = Array.from(this.units.values());
        const placement = checkPlacement(units, this.machines).filter((one) => this.isNew(one));
        const spare = errorsOf(placement).length > 0 ? [] : checkSpare(units, this.machines);
        for (const warning of [
            ...warningsOf(placement),
            ...spare.filter((one) => this.isNew(one)),
        ]) {
            rejectArguments(this.subjectOf(warning), [this.shown(warning)]);
        }
        try {
            rejectArguments(
                `Services of cluster "${this.cluster}"`,
                errorsOf(placement).map((error) => this.shown(error, true)),
            );
        } catch (cause) {
            for (const { reject } of waiting) {
                reject(cause);
            }
        }
        for (const { resolve } of waiting) {
            resolve();
        }
    }

    /** Whether it was not said before: of one service alone, by that service, or in an earlier round. */
    private isNew(problem: Problem): boolean {
        const text = formatProblem(problem);
        const isNew = !this.told.has(text);
        this.told.add(text);
        return isNew;
    }

    private subjectOf({ path }: Problem): string {
        const unit = this.unitAt(path);
        return unit === undefined ? `Cluster "${this.cluster}"` : `Service "${unit.service}"`;
    }

    /** The problem at the place where the user wrote it. */
    private shown(problem: Problem, isNamed = false): Problem {
        const unit = this.unitAt(problem.path);
        if (unit === undefined) {
            return problem;
        }
        const name = isNamed ? `Service "${unit.service}": ` : "";
        const inUnit = problem.path.slice(unit.name.length);
        return { ...problem, path: `${name}${unit.path ?? "unit"}${inUnit}` };
    }

    private unitAt(path: string): (RegisteredUnit & { readonly service: string }) | undefined {
        return this.units.get(path.replace(/\.X-Fleet\.\w+$/, ""));
    }
}

const registries = new WeakMap<PlacementCluster, Registry>();

/**
 * Makes a service's units known to the check of all that the program declares on a cluster, in whichever order. It
 * runs once all that is known by now is declared; texts that become known later, and are registered
 * then, are checked with all the others again, and only what is new is said. Call it where the text is
 * known: in `apply` for an output, so that an unknown one stays unknown.
 *
 * What is wrong with the service alone must have been said already, and is not repeated. Warnings are
 * shown, among them what has no spare machine if one machine fails.
 *
 * @param machines of the cluster; those of the first call count
 * @returns a promise for the inputs of the service to wait for
 * @throws pulumi.RunError with every problem, to all who wait in that round, so that nothing of them is made
 */
export function registerUnits(
    cluster: PlacementCluster,
    service: string,
    units: readonly RegisteredUnit[],
    machines: readonly MachineFacts[],
): Promise<void> {
    const registry = registries.get(cluster) ?? new Registry(cluster.shape.name, machines);
    registries.set(cluster, registry);
    return registry.add(service, units);
}
