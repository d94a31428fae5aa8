import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { planMachines } from "../../../lib/plan/index.js";
import {
    machineAddress,
    networkNames,
    subnetProblems,
} from "../../../lib/platforms/local/addresses.js";
import { parseSubnet } from "../../../lib/platforms/local/subnet.js";
import { formatProblem } from "../../../lib/problem.js";

test("names follow from project, stack and cluster, and fit the kernel", () => {
    const demo = networkNames("pulumi-coreos", "local", "demo");
    assert.deepEqual(networkNames("pulumi-coreos", "local", "demo"), demo);
    assert.match(demo.networkId, /^demo-[0-9a-f]{8}$/);
    assert.match(demo.bridge, /^co-[0-9a-f]{8}$/);
    const text = fc.string({ maxLength: 80 });
    fc.assert(
        fc.property(text, text, text, (project, stack, cluster) => {
            const { networkId, bridge, subnet } = networkNames(project, stack, cluster);
            assert.match(networkId, /^[a-z0-9-]{1,49}$/);
            assert.ok(bridge.length <= 15);
            assert.match(subnet, /^10\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.\d+\.0\/24$/);
            assert.deepEqual(subnetProblems(subnet, { name: "d" }, 100), []);
        }),
    );
});

test("another project, stack or cluster has another network", () => {
    const names = [
        ["a", "b", "c"],
        ["x", "b", "c"],
        ["a", "x", "c"],
        ["a", "b", "x"],
    ] as const;
    const bridges = names.map((three) => networkNames(three[0], three[1], three[2]).bridge);
    assert.equal(new Set(bridges).size, names.length);
});

test("addresses follow the plan's order, from .11 where there is room", () => {
    const machines = planMachines({
        name: "d",
        members: { count: 2 },
        workers: { web: { count: 1 } },
    });
    for (const [text, expected] of [
        ["10.80.0.0/24", ["10.80.0.11", "10.80.0.12", "10.80.0.13"]],
        ["10.80.0.8/29", ["10.80.0.10", "10.80.0.11", "10.80.0.12"]],
    ] as const) {
        const subnet = parseSubnet(text);
        assert.ok(subnet !== undefined);
        const addresses = machineAddress(subnet, machines);
        assert.deepEqual(Object.keys(addresses), ["d-1", "d-2", "d-web-1"]);
        assert.deepEqual(Object.values(addresses), expected);
    }
});

const form = "must be an IPv4 network such as 10.80.0.0/24, with no bits below its prefix";
const range = "must lie in one of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 (RFC 1918)";
for (const [text, machines, ...expected] of [
    ["10.80.0.0/24", 244],
    ["10.80.0.0/29", 5],
    ["10.80.0.0/24", 245, 'has room for 244 machines, and "d" has 245; take a larger one'],
    ["10.80.0.0/29", 6, 'has room for 5 machines, and "d" has 6; take a larger one'],
    ["10.80.0.0/31", 1, 'has room for 0 machines, and "d" has 1; take a larger one'],
    ["10.80.0.1/24", 1, form],
    ["10.80.0.0", 1, form],
    ["10.80.0.0/33", 1, form],
    ["10.80.0/24", 1, form],
    ["fd00::/64", 1, form],
    ["", 1, form],
    ["8.8.8.0/24", 1, range],
    ["172.32.0.0/16", 1, range],
    ["10.0.0.0/7", 1, range],
    ["192.168.0.0/15", 1, range],
    ["172.0.0.0/11", 1, range],
] as const) {
    test(`subnet ${text} for ${machines} machines: ${expected.join() || "fine"}`, () => {
        const problems = subnetProblems(text, { name: "d" }, machines).map(formatProblem);
        assert.deepEqual(
            problems,
            expected.map((allowed) => `platform.subnet: got ${JSON.stringify(text)}; ${allowed}`),
        );
    });
}

test("no machine gets the address of the network, the host or the broadcast, nor another's", () => {
    const prefix = fc.integer({ min: 20, max: 30 });
    fc.assert(
        fc.property(prefix, fc.integer({ min: 1, max: 300 }), (bits, count) => {
            const text = `10.80.0.0/${bits}`;
            const subnet = parseSubnet(text);
            const shape = { name: "d", members: { count } };
            if (subnet === undefined || subnetProblems(text, shape, count).length > 0) {
                return;
            }
            const numbers = Object.values(machineAddress(subnet, planMachines(shape))).map((ip) =>
                ip.split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0),
            );
            const last = subnet.base + 2 ** (32 - bits) - 1;
            assert.equal(new Set(numbers).size, count);
            assert.ok(numbers.every((one) => one > subnet.base + 1 && one < last));
        }),
    );
});
