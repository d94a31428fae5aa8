import assert from "node:assert/strict";
import { test } from "node:test";
import { toOptions } from "../../lib/fleet/index.js";
import type { Properties } from "../../lib/providers/unit-show.js";
import { type Place, type Sight, sightOf } from "../../lib/providers/unit-sight.js";
import { unitOf } from "../../lib/providers/wanted-unit.js";
import { parseUnit } from "../../lib/systemd/index.js";

const options = toOptions(parseUnit("[Service]\nExecStart=/bin/true\n"));
const launched = unitOf("web.service", options, "launched");
const { hash } = launched;

const running: Properties = {
    LoadState: "loaded",
    ActiveState: "active",
    SubState: "running",
    Type: "simple",
    Result: "success",
    sha1: hash,
    written: "1000000",
    started: "2000000",
    ActiveEnterTimestampMonotonic: "2000000",
    now: "9000000",
};
const fleet = (of: string, active = "active") => ({
    name: "web.service",
    hash: of,
    systemdLoadState: "loaded",
    systemdActiveState: active,
    systemdSubState: "running",
});
const place = (rest: Partial<Place>): Place => ({ machineId: "m1", machine: "demo-1", ...rest });
const told = (sight: Sight): string =>
    "seen" in sight ? `${sight.kind}: ${sight.seen}` : sight.kind;

const table: readonly (readonly [string, readonly Place[], string])[] = [
    ["is nowhere", [], "unplaced"],
    ["was placed", [place({})], "fleet: on its way to demo-1"],
    ["runs", [place({ shown: running, state: fleet(hash) })], "done"],
    ["runs before fleet says so", [place({ shown: running, state: fleet("old") })], "done"],
    ["runs, and the machine can't be asked", [place({ state: fleet(hash) })], "done"],
    [
        "is another text, and the machine can't be asked",
        [place({ state: fleet("old") })],
        "fleet: an older text of it is active (running) on demo-1",
    ],
    [
        "runs another text, of which fleet does not know yet",
        [place({ shown: { ...running, sha1: "new" }, state: fleet(hash) })],
        "fleet: an older text of it is active (running) on demo-1",
    ],
    [
        "runs, but started before its text was written",
        [place({ shown: { ...running, written: "3000000" }, state: fleet(hash) })],
        "early",
    ],
    [
        "failed before its text was written",
        [
            place({
                shown: { ...running, written: "3000000", ActiveState: "failed" },
                state: fleet(hash),
            }),
        ],
        "early",
    ],
    ["failed", [place({ shown: { ...running, ActiveState: "failed" } })], "failed"],
    [
        "takes its time to start",
        [
            place({
                shown: {
                    ...running,
                    ActiveState: "activating",
                    SubState: "start-pre",
                    StateChangeTimestampMonotonic: "5000000",
                    control: "/usr/bin/docker pull hello",
                },
            }),
        ],
        "systemd: start-pre for 4 s: /usr/bin/docker pull hello on demo-1",
    ],
    [
        "runs on one of two machines",
        [place({ shown: running }), place({ machine: "demo-2" })],
        "fleet: on its way to demo-2",
    ],
];

for (const [what, places, sight] of table) {
    test(`a unit that ${what}`, () => {
        assert.equal(told(sightOf(launched, { places }, 1)), sight);
    });
}

test("a global unit that no machine may run is nowhere amiss", () => {
    const everywhere = toOptions(
        parseUnit("[Service]\nExecStart=/bin/true\n[X-Fleet]\nGlobal=true\n"),
    );
    const unit = unitOf("web.service", everywhere, "launched");
    assert.equal(told(sightOf(unit, { places: [] }, 1)), "done");
});

test("a unit is loaded once its agent has taken it and systemd does not run it", () => {
    const loaded = unitOf("web.service", options, "loaded");
    const triggered = unitOf("web.service", options, "loaded", true);
    const taken = { registered: { name: "web.service", currentState: "loaded" as const } };
    const dead = { ...running, ActiveState: "inactive" };
    const look = (shown: Properties, unit = loaded, facts = taken) =>
        told(sightOf(unit, { ...facts, places: [place({ shown })] }, 1));
    assert.equal(look(dead), "done");
    assert.equal(look(running), "systemd: still active on demo-1");
    assert.equal(look(running, triggered), "done");
    assert.equal(
        told(sightOf(loaded, { places: [place({ shown: dead })] }, 1)),
        "fleet: not yet loaded on demo-1",
    );
    assert.equal(
        look({ ...dead, LoadState: "not-found" }),
        "fleet: systemd on demo-1 says not-found",
    );
});

test("a unit is inactive once no machine has it", () => {
    const inactive = unitOf("web.service", options, "inactive");
    assert.equal(told(sightOf(inactive, { places: [] }, 1)), "done");
    assert.equal(told(sightOf(inactive, { places: [place({})] }, 1)), "fleet: still on demo-1");
});
