import type { Candidate } from "./candidates.js";
import { compileGlob } from "./glob.js";

/** The units that a glob stands for, and those in which it stands. */
interface Pattern {
    readonly number: number;
    readonly matched: ReadonlySet<Candidate>;
    readonly owners: Set<Candidate>;
    /** How many owners it does not match; counted when it is first asked for. */
    strangers?: number;
}

interface Own {
    readonly conflicts: readonly Pattern[];
    readonly replaces: readonly Pattern[];
}

/**
 * Which units can't be on one machine. Made once for all units, so that a question costs little.
 *
 * `Conflicts` counts in both directions: either unit may name the other. So does `Replaces`, but it
 * counts for nothing where both name each other, or where one of the two is global
 * (fleet 1.0.0, agent/state.go, hasReplace).
 */
export class Relations {
    private readonly own = new Map<Candidate, Own>();
    private readonly patterns = new Map<string, Pattern>();

    constructor(candidates: readonly Candidate[]) {
        const byName = new Map(candidates.map((candidate) => [candidate.name, candidate]));
        const pattern = (glob: string, owner: Candidate): Pattern => {
            const matched = () => new Set(matching(glob, byName));
            const found = this.patterns.get(glob) ?? {
                number: this.patterns.size,
                matched: matched(),
                owners: new Set(),
            };
            this.patterns.set(glob, found);
            found.owners.add(owner);
            return found;
        };
        for (const candidate of candidates) {
            const { conflicts, replaces, global } = candidate.requirements;
            this.own.set(candidate, {
                conflicts: conflicts.map((glob) => pattern(glob, candidate)),
                replaces: global ? [] : replaces.map((glob) => pattern(glob, candidate)),
            });
        }
    }

    /** Whether fleet refuses to give one machine to both. */
    conflict(one: Candidate, other: Candidate): boolean {
        return one !== other && (this.excludes(one, other) || this.excludes(other, one));
    }

    /** Whether fleet, finding both on one machine, moves one of them away. */
    replace(one: Candidate, other: Candidate): boolean {
        return (
            one !== other &&
            !one.requirements.global &&
            !other.requirements.global &&
            this.takesOver(one, other) !== this.takesOver(other, one)
        );
    }

    /** Whether the two can't stay on one machine. */
    apart(one: Candidate, other: Candidate): boolean {
        return this.conflict(one, other) || this.replace(one, other);
    }

    /** The units that can't stay beside this one. */
    rivals(one: Candidate): Candidate[] {
        const near = new Set<Candidate>();
        const { conflicts, replaces } = this.ownOf(one);
        for (const { matched } of [...conflicts, ...replaces]) {
            for (const other of matched) {
                near.add(other);
            }
        }
        for (const { matched, owners } of this.patterns.values()) {
            if (matched.has(one)) {
                for (const other of owners) {
                    near.add(other);
                }
            }
        }
        return Array.from(near).filter((other) => this.apart(one, other));
    }

    /** At most so many units can't stay beside this one; quicker than to name them. */
    mostRivals(one: Candidate): number {
        const { conflicts, replaces } = this.ownOf(one);
        let most = 0;
        for (const { matched } of [...conflicts, ...replaces]) {
            most += matched.size;
        }
        for (const pattern of this.patterns.values()) {
            if (pattern.matched.has(one)) {
                most += pattern.owners.has(one) ? strangers(pattern) : pattern.owners.size;
            }
        }
        return most - (this.excludes(one, one) ? 1 : 0);
    }

    /** The same for two units that stand in the same relations to all others. */
    signature(one: Candidate): string {
        const { conflicts, replaces } = this.ownOf(one);
        const numbers = (patterns: Iterable<Pattern>) =>
            Array.from(patterns, ({ number }) => number).join();
        const naming = Array.from(this.patterns.values()).filter(({ matched }) => matched.has(one));
        return [numbers(conflicts), numbers(replaces), numbers(naming)].join(" ");
    }

    /** Whether the first names the other in `Conflicts`. */
    excludes(one: Candidate, other: Candidate): boolean {
        return this.ownOf(one).conflicts.some(({ matched }) => matched.has(other));
    }

    /** Whether the first names the other in `Replaces`. */
    takesOver(one: Candidate, other: Candidate): boolean {
        return this.ownOf(one).replaces.some(({ matched }) => matched.has(other));
    }

    private ownOf(candidate: Candidate): Own {
        return this.own.get(candidate) ?? { conflicts: [], replaces: [] };
    }
}

/** How many use a glob that does not match themselves. */
function strangers(pattern: Pattern): number {
    const { matched, owners } = pattern;
    pattern.strangers ??= Array.from(owners).filter((owner) => !matched.has(owner)).length;
    return pattern.strangers;
}

/** Why two units can't stay on one machine: `a.service conflicts with b.service`. */
export function hostility(one: Candidate, other: Candidate, relations: Relations): string {
    if (relations.conflict(one, other)) {
        return `${one.name} conflicts with ${other.name}`;
    }
    const [taker, taken] = relations.takesOver(one, other) ? [one, other] : [other, one];
    return `${taker.name} replaces ${taken.name}`;
}

function matching(glob: string, byName: ReadonlyMap<string, Candidate>): Candidate[] {
    const [literal = ""] = /^[^*?[\\]*/.exec(glob) ?? [];
    if (literal === glob) {
        const only = byName.get(glob);
        return only === undefined ? [] : [only];
    }
    const compiled = compileGlob(glob);
    return compiled === undefined
        ? []
        : Array.from(byName.values()).filter(
              ({ name }) => name.startsWith(literal) && compiled.test(name),
          );
}
