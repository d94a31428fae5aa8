import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
    checkPlacement,
    compileGlob,
    type MachineFacts,
    type PlacedUnit,
    possiblePlacements,
    type UnitPlacement,
} from "../../lib/fleet/index.js";
import { errorsOf } from "../../lib/problem.js";
import { SimulatedFleet, type SimulatedUnit } from "./support/engine.js";
import { numbersFrom, simulated, someMachines, someUnits } from "./support/random-units.js";

const rounds = fc.record({
    units: someUnits,
    later: someUnits,
    machines: someMachines,
    seed: fc.nat(),
});

/**
 * What the model says holds of a fleet, now and once it has come to rest.
 *
 * @param isSteady whether the unit had no place before; those that had may go in the next passes only
 */
function agrees(
    fleet: SimulatedFleet,
    placements: readonly UnitPlacement[],
    seen: Record<string, number>,
    isSteady: (name: string) => boolean = () => true,
): void {
    const count = (what: string) => {
        seen[what] = (seen[what] ?? 0) + 1;
    };
    const check = (atRest: boolean) => {
        const running = fleet.running();
        for (const { name, machines, loose, global } of placements) {
            const on = running.get(name);
            const open = machines.map(({ id }) => id);
            if (on !== undefined && (atRest || (!loose && isSteady(name)))) {
                assert.ok(open.includes(on), `${name} runs on ${on}, not on one of ${open}`);
            }
            for (const id of global && (atRest || !loose) ? fleet.runningGlobal(name) : []) {
                assert.ok(open.includes(id), `${name} runs on ${id}, not on all of ${open}`);
            }
        }
    };
    const atRest = fleet.settle(() => check(false));
    if (!atRest) {
        count("restless");
        assert.ok(
            placements.some(({ loose }) => loose),
            "nothing keeps fleet from its rest",
        );
        return;
    }
    check(true);
    for (const { name, certain, machines } of placements) {
        if (certain !== undefined) {
            count("certain");
            assert.equal(fleet.targets.get(name), certain.id, `${name} is certain`);
        }
        if (machines.length === 0) {
            count("impossible");
        }
    }
}

test("fleet does what the model says, whatever its random order", () => {
    const seen: Record<string, number> = {};
    fc.assert(
        fc.property(rounds, ({ units, machines, seed }) => {
            const fleet = new SimulatedFleet(machines, numbersFrom(seed));
            fleet.submit(units.map(simulated));
            const placements = possiblePlacements(units, machines, { complete: true });
            for (const { machines: open, reason } of placements) {
                assert.equal(open.length === 0, reason !== undefined);
            }
            agrees(fleet, placements, seen);
        }),
        { numRuns: 2000 },
    );
    for (const what of ["certain", "impossible", "restless"]) {
        assert.ok((seen[what] ?? 0) > 10, JSON.stringify(seen));
    }
});

test("fleet does what the model says beside units that are there already", () => {
    const seen: Record<string, number> = {};
    fc.assert(
        fc.property(rounds, ({ units, later, machines, seed }) => {
            const fleet = new SimulatedFleet(machines, numbersFrom(seed));
            fleet.submit(units.map(simulated));
            fleet.settle();
            fleet.submit(later.map(simulated));
            const all = new Map([...units, ...later].map((unit) => [unit.name, unit]));
            const standing = Array.from(all.values(), (unit) => {
                const host = machines.find(({ id }) => id === fleet.targets.get(unit.name));
                const isOld = units.includes(unit);
                const on = simulated(unit).global ? (isOld ? "all" : undefined) : host?.name;
                return on === undefined ? unit : { ...unit, on };
            });
            // What must go because of a new text goes within a pass or two, and what runs beside it after it.
            const isNew = (name: string) =>
                standing.every(
                    (unit) =>
                        unit.name !== name ||
                        !("on" in unit || simulated(unit).machineOf.length > 0),
                );
            const placements = possiblePlacements(standing, machines, { complete: true });
            agrees(fleet, placements, seen, isNew);
        }),
        { numRuns: 2000 },
    );
    for (const what of ["certain", "impossible", "restless"]) {
        assert.ok((seen[what] ?? 0) > 10, JSON.stringify(seen));
    }
});

test("fleet never comes to rest with all running where placement is refused", () => {
    const seen = { all: 0, refused: 0 };
    fc.assert(
        fc.property(rounds, ({ units, machines, seed }) => {
            const wanted = units.filter((unit) => !simulated(unit).global).map(({ name }) => name);
            const refused = errorsOf(checkPlacement(units, machines)).length > 0;
            const fleet = new SimulatedFleet(machines, numbersFrom(seed));
            const random = numbersFrom(seed + 1);
            for (const unit of [...units].sort(() => random() - 0.5)) {
                fleet.submit([simulated(unit)]);
                if (random() < 0.5) {
                    fleet.settle();
                }
            }
            const all = fleet.settle() && fleet.running().size === wanted.length;
            seen.all += all ? 1 : 0;
            seen.refused += refused ? 1 : 0;
            assert.ok(!(all && refused), "all run");
        }),
        { numRuns: 2000 },
    );
    assert.ok(seen.all > 100 && seen.refused > 100, JSON.stringify(seen));
});

test("what replaces another is moved without a look at where to", () => {
    const machines = [
        { id: "1", metadata: { role: "web" } },
        { id: "2", metadata: {} },
    ];
    const unit = (name: string, ...replaces: string[]): SimulatedUnit => {
        const none = { machineOf: [], conflicts: [], global: false };
        return { name, replaces, metadata: ["role=web"], ...none };
    };
    /** Whether the units were all on the web machine after each pass, and whether all had a machine. */
    const watch = (units: SimulatedUnit[], hosts: typeof machines) => {
        const fleet = new SimulatedFleet(hosts, numbersFrom(1));
        fleet.submit(units);
        const seen = { together: true, everywhere: true };
        const atRest = fleet.settle(() => {
            const places = units.map(({ name }) => fleet.targets.get(name));
            seen.together &&= places.every((place) => place === "1");
            seen.everywhere &&= places.every((place) => place !== undefined);
        });
        return { atRest, ...seen };
    };
    const [old, pair, other] = [unit("old"), unit("new", "old"), unit("new", "old", "older")];
    const moved = { atRest: false, together: true, everywhere: true };
    assert.deepEqual(watch([old, pair], machines), moved, "two, back within the pass");
    const lost = { atRest: false, together: false, everywhere: false };
    assert.deepEqual(watch([old, pair], machines.slice(0, 1)), lost, "two on the only machine");
    const astray = { atRest: false, together: false, everywhere: true };
    assert.deepEqual(watch([old, unit("older"), other], machines), astray, "three");
});

test("what can be placed in no way is refused, and nothing else", () => {
    const seen = { placed: 0, refused: 0 };
    fc.assert(
        fc.property(someUnits, someMachines, (all, hosts) => {
            // Two that stay together against the wish of one are placed, and get a warning.
            const found = checkPlacement(all, hosts).filter(
                ({ path, severity }) => severity !== "warning" || path.endsWith(".Replaces"),
            );
            const placeable = canPlace(all, hosts);
            seen.placed += placeable ? 1 : 0;
            seen.refused += found.length > 0 ? 1 : 0;
            assert.equal(found.length === 0, placeable);
        }),
        { numRuns: 2000 },
    );
    assert.ok(seen.placed > 100 && seen.refused > 100, JSON.stringify(seen));
});

/**
 * Whether units can be given machines one after the other, in some order, by the checks that fleet makes
 * each time, so that none has to go again. Of units that are not listed only the best is assumed.
 */
function canPlace(all: readonly PlacedUnit[], hosts: readonly MachineFacts[]): boolean {
    const units = all.map(simulated);
    const jobs = units.filter(({ global }) => !global);
    const hits = (globs: readonly string[], name: string) =>
        globs.some((glob) => compileGlob(glob)?.test(name));
    const conflict = (one: SimulatedUnit, other: SimulatedUnit) =>
        one.name !== other.name &&
        (hits(one.conflicts, other.name) || hits(other.conflicts, one.name));
    const apart = (one: SimulatedUnit, other: SimulatedUnit) =>
        conflict(one, other) || hits(one.replaces, other.name) !== hits(other.replaces, one.name);
    const suits = (unit: SimulatedUnit, { id = "", metadata }: MachineFacts) => {
        const wanted = unit.metadata.filter((pair) => /^[^=]+=[^=]+$/.test(pair));
        return (
            [undefined, id, id.slice(0, 8)].includes(unit.machineId) &&
            wanted.every((pair) => {
                const key = pair.split("=")[0] ?? "";
                return wanted.includes(`${key}=${metadata[key]}`);
            })
        );
    };
    const dropped = (unit: SimulatedUnit, host: MachineFacts) =>
        units.some(
            (first) =>
                first.global &&
                first.name < unit.name &&
                suits(first, host) &&
                conflict(first, unit) &&
                !units.some(
                    (other) =>
                        other.name < first.name &&
                        other.name !== unit.name &&
                        suits(other, host) &&
                        conflict(other, first),
                ),
        );
    const place = (
        left: readonly SimulatedUnit[],
        placed: ReadonlyMap<SimulatedUnit, MachineFacts>,
    ): boolean =>
        left.length === 0 ||
        left.some((unit) =>
            hosts.some((host) => {
                const there = Array.from(placed).flatMap(([other, on]) =>
                    on === host ? other : [],
                );
                const able =
                    suits(unit, host) &&
                    !dropped(unit, host) &&
                    !there.some((other) => apart(unit, other)) &&
                    unit.machineOf.every((name) => {
                        const peer = units.find((one) => one.name === name);
                        return peer === undefined || peer.global
                            ? !hits(unit.conflicts, name) &&
                                  (peer === undefined ||
                                      (suits(peer, host) && !conflict(unit, peer)))
                            : there.includes(peer);
                    });
                const others = left.filter((other) => other !== unit);
                return able && place(others, new Map([...placed, [unit, host]]));
            }),
        );
    return place(jobs, new Map());
}
