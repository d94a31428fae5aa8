import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { PROVIDERS, resourceType } from "../../lib/providers/tokens.js";
import { parseUnit } from "../../lib/systemd/index.js";
import { inspect } from "../support/cloudinit.js";
import { InstalledPackage } from "./support/installed-package.js";
import type { Planned } from "./support/preview.js";
import { pairs, previewPair } from "./support/preview-pair.js";

/** The cloud's machines, where they are no machines of this host. */
const machineTypes = {
    aws: "aws:ec2/instance:Instance",
    digitalocean: "digitalocean:index/droplet:Droplet",
    local: resourceType(PROVIDERS.localMachine),
};

describe("the examples with a service by reference, previewed from the installed package", () => {
    let installed: InstalledPackage;

    before(async () => {
        installed = await InstalledPackage.create();
    });

    after(() => installed.dispose());

    for (const pair of pairs) {
        test(`${pair.name}: the cluster's stack has machines, the other one services alone`, async () => {
            const { cluster, app } = await previewPair(installed, pair);
            const types = cluster.resources.map(({ type }) => type);
            const machines = types.filter((type) => type === machineTypes[pair.cloud ?? "local"]);
            assert.equal(machines.length, pair.cloud === undefined ? 3 : 5);
            assert.deepEqual(cluster.services, []);
            assert.ok(cluster.userData.size > 0);
            for (const { report, error } of await inspect([...cluster.userData.values()])) {
                assert.deepEqual({ report, error }, { report: [], error: undefined });
            }
            assert.deepEqual(othersThanServices(app), []);
            const [service] = app.services;
            assert.equal(app.services.length, 1);
            assert.equal(service?.units.length, pair.cloud === undefined ? 3 : 2);
            const unit = parseUnit(Object.values(service?.files ?? {}).join(""));
            const owner = `${pair.name}/${pair.app}/apps/`;
            assert.ok(String(unit["X-Pulumi"]?.["Owner"]).startsWith(owner));
            assert.doesNotMatch(JSON.stringify(app.resources), /the private key/);
        });
    }
});

function othersThanServices({ resources }: Planned): string[] {
    const own = [PROVIDERS.service, PROVIDERS.serviceSecrets, PROVIDERS.secretKey].map(
        resourceType,
    );
    const known = [...own, "pulumi:pulumi:Stack", "pulumi:pulumi:StackReference"];
    return resources.map(({ type }) => type).filter((type) => !known.includes(type));
}
