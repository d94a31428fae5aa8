import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, describe, test } from "node:test";
import {
    imageHandler,
    type MachineInputs,
    type MachineState,
    machineHandler,
    type NetworkState,
    networkHandler,
} from "../../../lib/platforms/local/handlers.js";
import { imageId } from "../../../lib/platforms/local/image-recipe.js";
import { readMachine, stopMachine } from "../../../lib/platforms/local/machine.js";
import { listNetworks } from "../../../lib/platforms/local/manifest.js";
import { sweep } from "../../../lib/platforms/local/sweep.js";
import type { OperationContext } from "../../../lib/providers/handler.js";

const skip = process.getuid?.() === 0 ? false : "needs root";

const network = {
    networkId: "handler-test",
    bridge: "pctest2",
    subnet: "10.213.80.0/24",
    machines: 1,
    owner: "test/handlers",
};

const inputs: MachineInputs = {
    networkId: network.networkId,
    name: "one",
    hostname: "one",
    address: "10.213.80.11/24",
    imageId: "0123456789abcdef",
    userData: "#cloud-config\n",
    sshAuthorizedKeys: ["ssh-ed25519 AAAA one"],
    running: true,
};

const state: MachineState = {
    ...inputs,
    instanceId: "i-1",
    machineId: "1",
    privateIp: "10.213.80.11",
    started: 1,
};

describe("what a change of a machine does", () => {
    const table: [change: Partial<MachineInputs>, replaces: string[]][] = [
        [{ imageId: "1" }, ["imageId"]],
        [{ address: "10.213.80.12/24" }, ["address"]],
        [{ name: "two", networkId: "other" }, ["networkId", "name"]],
        [{ uuid: "1" }, ["uuid"]],
        [{ userData: "#cloud-config\n#\n" }, []],
        [{ sshAuthorizedKeys: [] }, []],
        [{ hostname: "two" }, []],
        [{ running: false }, []],
    ];
    for (const [change, replaces] of table) {
        const does = replaces.length > 0 ? "replaces" : "updates";
        test(`${Object.keys(change).join(" and ")} ${does} it`, () => {
            assert.deepEqual(machineHandler.diff("i-1", state, { ...inputs, ...change }), {
                changes: true,
                replaces,
                deleteBeforeReplace: true,
            });
        });
    }
    test("another cloud-config replaces one whose group is rolled so", () => {
        const changed = { ...inputs, userData: "#cloud-config\n#\n" };
        for (const [rollout, replaces] of [
            ["replace", ["userData"]],
            ["in-place", []],
            ["reboot", []],
        ] as const) {
            const { replaces: found } = machineHandler.diff("i-1", state, { ...changed, rollout });
            assert.deepEqual(found, replaces, rollout);
        }
        assert.equal(
            machineHandler.diff("i-1", state, { ...inputs, rollout: "replace" }).changes,
            false,
        );
    });
    test("equal inputs change nothing, a machine found stopped is started", () => {
        const copy = { ...inputs, sshAuthorizedKeys: [...inputs.sshAuthorizedKeys] };
        assert.equal(machineHandler.diff("i-1", state, copy).changes, false);
        const stopped = { ...state, running: false };
        assert.equal(machineHandler.diff("i-1", stopped, inputs).changes, true);
    });
});

describe("what a change of a network does", () => {
    const made: NetworkState = { ...network, gateway: "10.213.80.1", active: true };
    test("another subnet replaces it, another size and a lost bridge update it", () => {
        const replaced = networkHandler.diff("n", made, { ...network, subnet: "10.1.0.0/24" });
        assert.deepEqual(replaced.replaces, ["subnet"]);
        for (const [found, wanted, changes] of [
            [made, network, false],
            [made, { ...network, machines: 2 }, true],
            [{ ...made, active: false }, network, true],
        ] as const) {
            const { replaces, ...rest } = networkHandler.diff("n", found, wanted);
            assert.deepEqual([replaces, rest.changes], [[], changes]);
        }
    });
});

describe("resources on this host", { skip }, () => {
    const said: string[] = [];
    const context: OperationContext = {
        progress: () => {},
        info: (message) => said.push(message),
        warn: (message) => said.push(message),
        deadline: Date.now() + 600_000,
    };

    const clean = (): Promise<string[]> => sweep({ network: network.networkId });
    before(clean);
    after(clean);

    test("live from create to delete", async () => {
        const image = await imageHandler.create({}, context);
        assert.equal(image.id, imageId());
        assert.deepEqual(await imageHandler.read(image.id, image.state, context), image);
        assert.equal(imageHandler.diff(image.id, image.state, {}).changes, false);
        const old = { ...image.state, imageId: "0123456789abcdef" };
        assert.equal(await imageHandler.read(image.id, old, context), undefined);
        assert.equal(imageHandler.diff(image.id, old, {}).changes, true);

        const net = await networkHandler.create(network, context);
        assert.deepEqual(await networkHandler.read(net.id, net.state, context), net);

        const wanted = { ...inputs, imageId: image.state.imageId };
        const one = await machineHandler.create(wanted, context);
        assert.equal(one.state.running, true);
        assert.deepEqual(await machineHandler.read(one.id, one.state, context), one);

        await stopMachine(network.networkId, "one");
        execFileSync("ip", ["link", "delete", "dev", network.bridge]);
        const lost = await networkHandler.read(net.id, net.state, context);
        assert.equal(lost?.state.active, false);
        const stopped = await machineHandler.read(one.id, one.state, context);
        assert.equal(stopped?.state.running, false);

        const again = await machineHandler.update(
            one.id,
            { ...one.state, running: false },
            { ...wanted, userData: "#cloud-config\n# new\n" },
            context,
        );
        assert.equal(again.running, true);
        assert.equal(again.instanceId, one.state.instanceId);
        assert.ok(again.started > one.state.started);
        const read = await machineHandler.read(one.id, again, context);
        assert.equal(read?.state.userData, "#cloud-config\n# new\n");

        // As after a create that was killed once the machine was up: Pulumi knows nothing of it.
        const taken = await machineHandler.create(wanted, context);
        assert.equal(taken.id, one.id);
        assert.equal(taken.state.running, true);
        assert.match(said.join(), /took over machine one/);
        const second = await machineHandler.create(
            { ...wanted, address: "10.213.80.12/24" },
            context,
        );
        assert.notEqual(second.id, one.id);
        assert.equal(await machineHandler.read(one.id, again, context), undefined);
        await machineHandler.delete(one.id, again, context);
        assert.equal(await readMachine(network.networkId, "one"), "running");

        await machineHandler.delete(second.id, second.state, context);
        assert.equal(await readMachine(network.networkId, "one"), "absent");
        await networkHandler.delete(net.id, net.state, context);
        assert.equal(await networkHandler.read(net.id, net.state, context), undefined);
        assert.ok(!(await listNetworks()).includes(network.networkId));
    });
});
