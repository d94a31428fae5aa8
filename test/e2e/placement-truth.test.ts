/**
 * The model of placement against fleet itself: random units on a real cluster. PLACEMENT_SEED repeats a run; fleet's own
 * random order stays random.
 */
import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { after, before, describe } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { ClusterAccess, FleetApiError, FleetClient } from "../../lib/clients/index.js";
import {
    checkPlacement,
    type MachineFacts,
    type PlacedUnit,
    possiblePlacements,
    requirementsOf,
    toOptions,
    type UnitPlacement,
} from "../../lib/fleet/index.js";
import { errorsOf } from "../../lib/problem.js";
import { fewNames, unitsFrom } from "../fleet/support/random-units.js";
import { bareCluster } from "./support/program.js";
import { eventually, steps } from "./support/steps.js";
import { TestStack } from "./support/test-stack.js";

const skip = process.getuid?.() === 0 ? false : "needs root";
const seed = Number(process.env["PLACEMENT_SEED"] ?? randomInt(2 ** 31));
const batches = 8;
const names = [...fewNames, "e@1.service", "e@2.service", "f.service", "g.service"];

/** Milliseconds: the engine passes once a second, so two passes without a change are a rest. */
const quiet = 2_500;
/** What is still on the move after so long counts as never at rest. */
const restless = 12_000;

const service = { ExecStart: "/bin/sleep infinity", ExecStopPost: "/bin/sleep 0.3" };

/** Where the units are: the engine's choice, and what agents run. */
interface Seen {
    readonly given: ReadonlyMap<string, string>;
    readonly running: ReadonlyMap<string, ReadonlySet<string>>;
}

describe("placement, by the model and by fleet", { skip }, () => {
    const step = steps();
    const count: Record<string, number> = {};
    let stack: TestStack;
    let access: ClusterAccess;
    let fleet: FleetClient;
    let machines: MachineFacts[] = [];

    before(async () => {
        const program = bareCluster("truth", {
            members: { count: 1, metadata: { role: "db" } },
            workers: {
                web: { count: 1, metadata: { role: "web", zone: "a", nr: "1" } },
                db: { count: 1, metadata: { role: "db", zone: "b", nr: "2" } },
                bare: { count: 1 },
            },
            fleet: { engineReconcileInterval: 1 },
        });
        stack = await TestStack.create("pulumi-coreos-truth", program);
    });

    after(async () => {
        await access?.close();
        await stack.dispose();
    });

    step("a cluster of four kinds of machines", async () => {
        await stack.up();
        const outputs = await stack.outputs();
        access = new ClusterAccess(outputs.connection);
        fleet = new FleetClient(access);
        const live = await fleet.machines();
        machines = live.map(({ id, metadata = {} }) => {
            const name = outputs.machines.find(({ machineId }) => machineId === id)?.name ?? id;
            return { id, metadata, name };
        });
        assert.equal(machines.length, 4);
    });

    const look = async (): Promise<Seen> => {
        const [units, states] = await Promise.all([fleet.units(), fleet.states()]);
        const nameOf = (id: string) => machines.find((machine) => machine.id === id)?.name ?? id;
        const running = new Map<string, Set<string>>();
        for (const { name, machineID = "", systemdActiveState } of states) {
            if (systemdActiveState === "active") {
                running.set(name, (running.get(name) ?? new Set()).add(nameOf(machineID)));
            }
        }
        const given = units.flatMap(({ name, machineID = "" }) =>
            machineID === "" ? [] : ([[name, nameOf(machineID)]] as const),
        );
        return { given: new Map(given), running };
    };

    /** Looks until nothing changed for two passes; undefined where that does not come. */
    const settle = async (check: (seen: Seen) => void): Promise<Seen | undefined> => {
        const begun = Date.now();
        let since = begun;
        let last = "";
        for (;;) {
            const seen = await look();
            check(seen);
            const text = JSON.stringify([...seen.given].sort());
            if (text !== last) {
                last = text;
                since = Date.now();
            }
            if (Date.now() - since > quiet) {
                return seen;
            }
            if (Date.now() - begun > restless) {
                return undefined;
            }
            await sleep(150);
        }
    };

    /** Puts units into fleet; answers with those that it accepts. */
    const put = async (units: readonly PlacedUnit[]): Promise<PlacedUnit[]> => {
        const accepted = await Promise.all(
            units.map(async (placed) => {
                const options = toOptions({ ...placed.unit, Service: service });
                try {
                    await fleet.put(placed.name, options, "launched");
                    return [placed];
                } catch (cause) {
                    assert.ok(
                        cause instanceof FleetApiError && cause.status === 400,
                        String(cause),
                    );
                    return [];
                }
            }),
        );
        return accepted.flat();
    };

    const clear = async (units: readonly PlacedUnit[]): Promise<void> => {
        await Promise.all(units.map(({ name }) => fleet.destroy(name)));
        await eventually("fleet to forget the units", async () => {
            assert.deepEqual(await fleet.units(), []);
        });
    };

    const isGlobal = ({ name, unit }: PlacedUnit) => requirementsOf(unit, name).global;

    const judge =
        (placements: readonly UnitPlacement[], besidesGlobals: boolean) => (seen: Seen) => {
            for (const { name, machines: open, loose, global, reason } of placements) {
                const allowed = open.map((machine) => machine.name);
                const given = seen.given.get(name);
                if (!loose && !global && given !== undefined && !besidesGlobals) {
                    assert.ok(
                        allowed.includes(given),
                        `${name} is on ${given}: ${reason ?? allowed}`,
                    );
                }
                for (const machine of loose ? [] : (seen.running.get(name) ?? [])) {
                    assert.ok(
                        allowed.includes(machine),
                        `${name} runs on ${machine}: ${reason ?? allowed}`,
                    );
                }
            }
        };

    const batch = async (number: number): Promise<void> => {
        const ids = [...machines.slice(0, 2).map(({ id = "" }) => id), "0".repeat(32)];
        const source = { prefix: `t${number}`, names, ids: [...ids, ids[0]?.slice(0, 8) ?? ""] };
        const drawn = fc.sample(
            unitsFrom(source).filter((units) => units.length >= 8),
            { seed: seed + number, numRuns: 1 },
        );
        const all = drawn.flat();
        const last = { name: `t${number}z.service`, unit: { "X-Fleet": {} } };
        const before = possiblePlacements(all, machines, { complete: true });
        let units: PlacedUnit[] = [];
        try {
            units = await put(all);
            const complete = { complete: true };
            const placements =
                units.length === all.length
                    ? before
                    : possiblePlacements(units, machines, complete);
            const globals = units.some(
                (unit) => isGlobal(unit) && "Conflicts" in (unit.unit["X-Fleet"] ?? {}),
            );
            const conflicting = units.some((unit) => "Conflicts" in (unit.unit["X-Fleet"] ?? {}));
            const mixed = globals || (conflicting && units.some(isGlobal));
            const seen = await settle(judge(placements, mixed));
            const add = (what: string, times = 1) => {
                count[what] = (count[what] ?? 0) + times;
            };
            add("units", units.length);
            add("impossible", placements.filter((one) => one.reason !== undefined).length);
            add("loose", placements.filter(({ loose }) => loose).length);
            for (const { unit } of units) {
                for (const key of Object.keys(unit["X-Fleet"] ?? {})) {
                    add(key);
                }
            }
            if (seen === undefined) {
                add("restless");
                assert.ok(placements.some(({ loose }) => loose) || mixed, "never at rest");
                return;
            }
            for (const { name, certain } of placements) {
                if (certain !== undefined) {
                    add("certain");
                    assert.equal(seen.given.get(name), certain.name, `${name} is certain`);
                }
            }
            const jobs = units.filter((unit) => !isGlobal(unit));
            const isMoved = mixed || placements.some(({ loose }) => loose);
            if (errorsOf(checkPlacement(units, machines)).length > 0 && !isMoved) {
                add("refused");
                assert.ok(!jobs.every(({ name }) => seen.given.has(name)), "refused, but placed");
            }
            const standing = units.map((unit) => {
                const on = isGlobal(unit) ? "all" : seen.given.get(unit.name);
                return on === undefined ? unit : { ...unit, on };
            });
            units.push(...(await put([last])));
            const next = possiblePlacements([...standing, last], machines, complete);
            const end = await settle(judge(next, mixed));
            for (const { name, certain } of end === undefined ? [] : next) {
                if (certain !== undefined) {
                    add(name === last.name ? "chosen" : "kept");
                    assert.equal(end?.given.get(name), certain.name, `${name} is certain now`);
                }
            }
        } finally {
            await clear(units);
        }
    };

    const onlyWeb = { MachineMetadata: "role=web" };

    step("what replaces two others is moved without a look at where to", async () => {
        const units = ["old", "older", "new"].map((name) => ({
            name: `${name}.service`,
            unit: { "X-Fleet": name === "new" ? { ...onlyWeb, Replaces: "old*" } : onlyWeb },
        }));
        const web = machines.find(({ metadata }) => metadata["role"] === "web")?.name;
        assert.equal(errorsOf(checkPlacement(units, machines)).length, 1);
        try {
            await put(units);
            await eventually("one of them to be where it can't run", async () => {
                const { given } = await look();
                const places = units.map(({ name }) => given.get(name) ?? web);
                assert.ok(places.some((place) => place !== web));
            });
        } finally {
            await clear(units);
        }
    });

    step(
        "two that only one machine can take stay there, though one replaces the other",
        async () => {
            const units = [
                { name: "one.service", unit: { "X-Fleet": onlyWeb } },
                {
                    name: "two.service",
                    unit: { "X-Fleet": { ...onlyWeb, Replaces: "one.service" } },
                },
            ];
            const found = checkPlacement(units, machines).map(({ severity }) => severity);
            assert.deepEqual(found, ["warning"]);
            try {
                await put(units);
                await eventually("both to run", async () => {
                    const { running } = await look();
                    assert.deepEqual(
                        units.map(({ name }) => running.get(name)?.size),
                        [1, 1],
                    );
                });
            } finally {
                await clear(units);
            }
        },
    );

    step(
        "a global unit with an earlier name is run instead of one that was there first",
        async () => {
            const first = { name: "v-first.service", unit: { "X-Fleet": onlyWeb } };
            const global = {
                name: "u-global.service",
                unit: { "X-Fleet": { Global: true, Conflicts: "v-*" } },
            };
            assert.equal(errorsOf(checkPlacement([first, global], machines)).length, 1);
            try {
                await put([first]);
                await eventually("the unit to run", async () => {
                    assert.equal((await look()).running.get(first.name)?.size, 1);
                });
                await put([global]);
                await eventually("the global one to run in its place", async () => {
                    const { running, given } = await look();
                    assert.equal(running.get(global.name)?.size, machines.length);
                    assert.equal(running.get(first.name), undefined);
                    assert.ok(given.has(first.name), "fleet leaves it there");
                });
            } finally {
                await clear([first, global]);
            }
        },
    );

    for (let number = 1; number <= batches; number += 1) {
        step(`batch ${number} of seed ${seed}`, async () => {
            try {
                await batch(number);
            } catch (cause) {
                throw new Error(`PLACEMENT_SEED=${seed}, batch ${number}`, { cause });
            }
        });
    }

    step("every key was there", async () => {
        process.stdout.write(`# ${JSON.stringify(count)}\n`);
        for (const key of ["MachineMetadata", "Conflicts", "Replaces", "MachineOf"]) {
            assert.ok((count[key] ?? 0) > 0, `no ${key}: ${JSON.stringify(count)}, seed ${seed}`);
        }
        assert.ok((count["units"] ?? 0) >= 5 * batches, JSON.stringify(count));
    });
});
