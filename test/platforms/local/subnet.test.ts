import assert from "node:assert/strict";
import { BlockList } from "node:net";
import { test } from "node:test";
import fc from "fast-check";
import {
    addressAt,
    machineAddresses,
    overlaps,
    parseAddress,
    parseSubnet,
} from "../../../lib/platforms/local/subnet.js";

for (const text of [
    "10.0.0.1/24",
    "10.0.0.0/33",
    "10.0.0/24",
    "x",
    "",
    "10.0.0.0/",
    "::/8",
    "1.2.3.0/24/1",
]) {
    test(`${JSON.stringify(text)} is no subnet`, () => {
        assert.equal(parseSubnet(text), undefined);
    });
}

test("counts what machines can have", () => {
    const rooms = ["10.0.0.0/24", "10.0.0.0/30", "10.0.0.0/31", "10.0.0.0/32"].map((text) => {
        const subnet = parseSubnet(text);
        return subnet === undefined ? undefined : machineAddresses(subnet);
    });
    assert.deepEqual(rooms, [253, 1, 0, 0]);
});

const address = fc.tuple(fc.ipV4(), fc.integer({ min: 1, max: 32 }));

test("an address is in its own network, as Node sees it", () => {
    fc.assert(
        fc.property(address, ([ip, prefix]) => {
            const parsed = parseAddress(`${ip}/${prefix}`);
            assert.ok(parsed !== undefined);
            const list = new BlockList();
            list.addSubnet(addressAt(parsed, 0), prefix, "ipv4");
            assert.ok(list.check(ip, "ipv4"));
            assert.equal(addressAt(parsed, parsed.address - parsed.base), ip);
        }),
    );
});

test("networks overlap where one holds the other's base, as Node sees it", () => {
    const near = fc.tuple(
        fc.constantFrom("10.0.0.0", "10.0.0.128", "10.0.1.0", "10.1.0.0"),
        fc.integer({ min: 8, max: 30 }),
    );
    fc.assert(
        fc.property(near, near, ([leftIp, leftPrefix], [rightIp, rightPrefix]) => {
            const left = parseAddress(`${leftIp}/${leftPrefix}`);
            const right = parseAddress(`${rightIp}/${rightPrefix}`);
            assert.ok(left !== undefined && right !== undefined);
            const holds = (ip: string, prefix: number, other: string): boolean => {
                const list = new BlockList();
                list.addSubnet(ip, prefix, "ipv4");
                return list.check(other, "ipv4");
            };
            const expected =
                holds(addressAt(left, 0), leftPrefix, addressAt(right, 0)) ||
                holds(addressAt(right, 0), rightPrefix, addressAt(left, 0));
            assert.equal(overlaps(left, right), expected);
            assert.equal(overlaps(right, left), expected);
        }),
    );
});
