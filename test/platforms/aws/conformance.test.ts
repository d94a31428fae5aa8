import { gunzipSync } from "node:zlib";
import { Aws } from "../../../lib/platforms/aws/index.js";
import { platformConformance, SimulatedCloud } from "../../../lib/testing/index.js";
import { accountFolder } from "../../e2e/support/test-stack.js";
import { hostLife } from "../support/host-life.js";

const policy = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
const args = { policies: { web: [policy] }, loadBalancers: ["web"] } as const;
const kinds = [
    "instances",
    "instance-profiles",
    "internet-gateways",
    "key-pairs",
    "listeners",
    "load-balancers",
    "role-policy-attachments",
    "roles",
    "route-table-associations",
    "route-tables",
    "security-groups",
    "subnets",
    "target-groups",
    "targets",
    "vpcs",
];
const names = ["eu-central-1a", "eu-central-1b", "eu-central-1c"];
let cloud: SimulatedCloud | undefined;

platformConformance({
    name: "Aws",
    make: (name, opts) => new Aws(name, { ...args, etcdVolume: { size: 1 } }, opts),
    makeUnfit: (name, opts) =>
        new Aws(name, { vpc: { cidr: "10.0.0.0/26", zones: 1 }, rootVolume: { size: 1 } }, opts),
    lookUps: {
        "aws:index/getAvailabilityZones:getAvailabilityZones": { names },
        "aws:ec2/getAmi:getAmi": { id: "ami-1", creationDate: new Date().toISOString() },
    },
    textOf: ({ userDataBase64 }) =>
        gunzipSync(Buffer.from(String(userDataBase64), "base64")).toString("utf8"),
    life: hostLife(
        {
            module: "pulumi-coreos/aws",
            className: "Aws",
            args,
            cluster: { binaries: "image" },
            async settings(folder) {
                cloud = await SimulatedCloud.open("aws", accountFolder(folder));
                return { plugins: cloud.plugins };
            },
        },
        async () => {
            const found = await Promise.all(kinds.map((kind) => cloud?.list(kind)));
            return found.flat().map((record) => JSON.stringify(record));
        },
    ),
});
