import { DigitalOcean } from "../../../lib/platforms/digitalocean/index.js";
import { platformConformance, SimulatedCloud } from "../../../lib/testing/index.js";
import { accountFolder } from "../../e2e/support/test-stack.js";
import { hostLife } from "../support/host-life.js";

const args = { region: "sgp1", reservedAddresses: ["web"], loadBalancers: ["web"] } as const;
const kinds = ["droplets", "vpcs", "firewalls", "tags", "ssh-keys", "images", "reserved-ips"];
let cloud: SimulatedCloud | undefined;

platformConformance({
    name: "DigitalOcean",
    make: (name, opts) => new DigitalOcean(name, { ...args, etcdVolume: { size: 1 } }, opts),
    makeUnfit: (name, opts) =>
        new DigitalOcean(name, { ...args, vpc: { ipRange: "10.0.0.0/8" } }, opts),
    life: hostLife(
        {
            module: "pulumi-coreos/digitalocean",
            className: "DigitalOcean",
            args,
            cluster: { binaries: "image" },
            async settings(folder) {
                cloud = await SimulatedCloud.open("digitalocean", accountFolder(folder));
                return { plugins: cloud.plugins };
            },
        },
        async () => {
            const all = [...kinds, "load-balancers", "reserved-ip-assignments"];
            const found = await Promise.all(all.map((kind) => cloud?.list(kind)));
            // A region's default VPC is the account's, and stays.
            return found
                .flat()
                .filter((record) => record?.["default"] !== true)
                .map((record) => JSON.stringify(record));
        },
    ),
});
