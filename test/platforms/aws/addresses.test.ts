import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type ClusterShape, planMachines } from "../../../lib/plan/index.js";
import { placeMachines } from "../../../lib/platforms/aws/addresses.js";
import { parseSubnet } from "../../../lib/platforms/local/subnet.js";

const cidrs = ["10.0.0.0/22", "10.0.4.0/22", "10.0.8.0/22"];

function placed(members: number, web: number, batch: number, of = cidrs) {
    const shape: ClusterShape = {
        name: "demo",
        members: { count: members },
        workers: { web: { count: web }, batch: { count: batch } },
    };
    return placeMachines(of, planMachines(shape));
}

test("members are numbered from .10 on, a subnet after the other", () => {
    const { places } = placed(4, 0, 0);
    assert.deepEqual(places, {
        "demo-1": { subnet: 0, address: "10.0.0.10" },
        "demo-2": { subnet: 1, address: "10.0.4.10" },
        "demo-3": { subnet: 2, address: "10.0.8.10" },
        "demo-4": { subnet: 0, address: "10.0.0.11" },
    });
});

test("no two machines share an address, and none has one that AWS keeps", () => {
    const count = fc.integer({ min: 0, max: 12 });
    fc.assert(
        fc.property(count, count, count, fc.integer({ min: 25, max: 28 }), (a, b, c, prefix) => {
            const small = [`10.9.0.0/${prefix}`, `10.9.1.0/${prefix}`, `10.9.2.0/${prefix}`];
            const { places, crowded } = placed(a, b, c, small);
            if (crowded.length > 0) {
                assert.deepEqual(places, {});
                assert.ok(crowded.every(({ room, needed }) => needed > room));
                return;
            }
            const all = Object.values(places);
            assert.equal(all.length, a + b + c);
            assert.equal(new Set(all.map(({ address }) => address)).size, all.length);
            for (const { subnet, address } of all) {
                const last = Number(address.split(".")[3]);
                assert.ok(address.startsWith(`10.9.${subnet}.`), address);
                assert.ok(last >= 4 && last < 2 ** (32 - prefix) - 1, address);
            }
        }),
    );
});

test("each group is spread over the subnets as evenly as can be", () => {
    const { places } = placed(3, 5, 4);
    const perSubnet = (prefix: RegExp) => {
        const names = Object.keys(places).filter((name) => prefix.test(name));
        return cidrs.map((_, at) => names.filter((name) => places[name]?.subnet === at).length);
    };
    assert.deepEqual(perSubnet(/^demo-\d$/), [1, 1, 1]);
    assert.deepEqual(perSubnet(/web/), [2, 2, 1]);
    assert.deepEqual(perSubnet(/batch/), [2, 1, 1]);
});

test("machines that come and go leave the others where they are", () => {
    const before = placed(3, 4, 4).places;
    for (const after of [placed(5, 4, 4), placed(3, 9, 4), placed(3, 4, 1), placed(3, 0, 4)]) {
        for (const [name, place] of Object.entries(after.places)) {
            assert.deepEqual(place, before[name] ?? place, name);
        }
    }
});

test("a subnet of a range that makes no sense has no room", () => {
    assert.equal(parseSubnet("10.0.0.1/24"), undefined);
    const { crowded } = placed(1, 0, 0, ["10.0.0.1/24"]);
    assert.deepEqual(crowded, [{ subnet: 0, room: 0, needed: 1 }]);
});
