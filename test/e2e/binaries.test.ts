import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { SimulatedCloud } from "../../lib/testing/index.js";
import { type ReleaseArchive, releaseArchive } from "./support/archives.js";
import { ClusterView } from "./support/cluster-view.js";
import { bareCluster } from "./support/program.js";
import { Residue } from "./support/residue.js";
import { steps } from "./support/steps.js";
import { accountFolder, TestStack } from "./support/test-stack.js";

const skip = process.getuid?.() === 0 ? false : "needs root";
const wrong = "0".repeat(64);

describe("a droplet whose image has neither etcd nor fleet", { skip }, () => {
    const step = steps();
    const objectStore = "10.134.0.250";
    let residue: Residue;
    let cloud: SimulatedCloud;
    let stack: TestStack;
    let fleet: ReleaseArchive;

    before(async () => {
        const args = { region: "sgp1", vpc: { ipRange: "10.134.0.0/24" } };
        const platform = { name: "DigitalOcean", from: "pulumi-coreos/digitalocean", args };
        let program = "";
        const create = async (folder: string) => {
            const account = accountFolder(folder);
            cloud = await SimulatedCloud.open("digitalocean", account, {
                bareImages: true,
                objectStore,
            });
            return { plugins: cloud.plugins };
        };
        program = bareCluster("bare", { members: { count: 1 }, binaries: "BINARIES" }, platform);
        stack = await TestStack.create("pulumi-coreos-bare", program, create);
        const etcd = await releaseArchive("etcd", stack.folder);
        fleet = await releaseArchive("fleet", stack.folder);
        for (const [key, { file }] of Object.entries({ etcd, fleet })) {
            await cloud.putObject(file, { bucket: "mirror", key: `${key}.tar`, isPublic: true });
        }
        const urlOf = (key: string) => `http://${objectStore}/mirror/${key}.tar`;
        stack.edit(
            '"BINARIES"',
            JSON.stringify({
                etcd: { url: urlOf("etcd"), sha256: etcd.sha256 },
                fleet: { url: urlOf("fleet"), sha256: wrong },
            }),
        );
        residue = new Residue();
    });

    after(() => stack.dispose());

    step(
        "a wrong sum ends the update, which says where, which archive and what it is",
        async () => {
            const { code, output } = await stack.pulumi(["up", "--yes", "--skip-preview"]);
            await residue.mark(await stack.networks());
            assert.notEqual(code, 0);
            assert.match(
                output,
                new RegExp(
                    "bare-1: coreos-binaries.service failed: http://10.134.0.250/mirror/fleet.tar: " +
                        `its sha256 is ${fleet.sha256}, and must be ${wrong}; nothing of it is used`,
                ),
            );
            assert.doesNotMatch(output, /etcd runs and is not healthy/);
        },
    );

    step("with the right sum the next machine fetches both, and the cluster is ready", async () => {
        stack.edit(wrong, fleet.sha256);
        const { deployment } = JSON.parse(await stack.succeed(["stack", "export"]));
        const resources: { urn: string; type: string }[] = deployment.resources;
        const droplet = resources.find(({ type }) => type.endsWith(":Droplet"));
        await stack.succeed(["up", "--yes", "--skip-preview", "--replace", droplet?.urn ?? ""]);
        const view = new ClusterView(await stack.outputs());
        await residue.mark(await stack.networks());
        assert.deepEqual(await view.fleetMachines(), ["bare-1"]);
        const there = await view.ssh("bare-1", "ls -A /opt/bin; sudo /opt/bin/etcdctl version");
        assert.match(there, /^etcd\netcdctl\nfleetctl\nfleetd\netcdctl version: 3\.5/);
        await stack.succeed(["preview", "--expect-no-changes"]);
    });

    step("destroy leaves nothing", async () => {
        await stack.succeed(["destroy", "--yes", "--skip-preview"]);
        assert.deepEqual(await residue.left(), []);
    });
});
