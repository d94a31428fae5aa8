import assert from "node:assert/strict";
import { test } from "node:test";
import { type ClusterShape, planMachines } from "../../../lib/plan/index.js";
import {
    ageProblems,
    architectureProblems,
    missingProblem,
} from "../../../lib/platforms/aws/image.js";
import type { AwsArgs } from "../../../lib/platforms/aws/index.js";
import { zoneProblems } from "../../../lib/platforms/aws/network.js";
import { typeInZoneProblems, typeProblems } from "../../../lib/platforms/aws/offer.js";
import { platformProblems } from "../../../lib/platforms/aws/problems.js";
import { formatProblem } from "../../../lib/problem.js";

const shape: ClusterShape = {
    name: "demo",
    members: { count: 3 },
    workers: { web: { count: 9, expose: [80] }, batch: { count: 9 } },
};
const machines = planMachines(shape);
const policy = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";

const cases: [string, AwsArgs, string[]][] = [
    ["nothing", {}, []],
    [
        "everything that there is",
        {
            instanceTypes: { default: "t4g.small", members: "m7g.large", web: "so-new.large" },
            image: { flatcar: { channel: "beta", version: "4757.1.0", owner: "123456789012" } },
            vpc: { cidr: "172.31.240.0/24", zones: ["eu-central-1a", "eu-central-1b"] },
            sshFrom: ["203.0.113.7", "2001:db8::/32"],
            metadataHopLimit: 2,
            rootVolume: { size: 30 },
            etcdVolume: { size: 10 },
            policies: { web: [policy] },
            loadBalancers: ["web"],
            tags: { team: "blue" },
        },
        [],
    ],
    [
        "a type for no group",
        { instanceTypes: { wbe: "t3.small" } },
        [
            'platform.instanceTypes.wbe: got "wbe"; is no group of "demo"; there are members, web, batch',
        ],
    ],
    [
        "policies of no group, and what is no policy",
        { policies: { wbe: [policy], web: ["AmazonS3ReadOnlyAccess"] } },
        [
            'platform.policies.wbe: got "wbe"; is no group of "demo"; there are members, web, batch',
            'platform.policies.web[0]: got "AmazonS3ReadOnlyAccess"; must be the ARN of a policy, such as arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess',
        ],
    ],
    [
        "a load balancer where nothing is exposed",
        { loadBalancers: ["batch"] },
        ['platform.loadBalancers[0]: got "batch"; exposes no port; set `workers.batch.expose`'],
    ],
    [
        "a public network",
        { vpc: { cidr: "8.8.0.0/16" } },
        [
            'platform.vpc.cidr: got "8.8.0.0/16"; must be a private network (RFC 1918) from /16 to /26, such as 10.80.0.0/20',
        ],
    ],
    [
        "a network with bits below its prefix",
        { vpc: { cidr: "10.0.0.8/24" } },
        [
            'platform.vpc.cidr: got "10.0.0.8/24"; must be a private network (RFC 1918) from /16 to /26, such as 10.80.0.0/20',
        ],
    ],
    [
        "subnets too small",
        { vpc: { id: "vpc-1", subnets: [{ id: "subnet-1", cidr: "10.0.0.0/28" }] } },
        [
            'platform.vpc.subnets[0].cidr: got "10.0.0.0/28"; has room for 11 machines, and 21 of the 21 machines of "demo" would be in it; add a subnet, or take a larger one',
        ],
    ],
    [
        "a network too small for one zone",
        { vpc: { cidr: "10.0.0.0/26", zones: 1 } },
        [
            'platform.vpc.cidr: got "10.0.0.0/26"; gives the subnet 10.0.0.0/28 room for 11 machines, and 21 of the 21 machines of "demo" would be in it; take a larger one',
        ],
    ],
    [
        "a subnet without a range",
        { vpc: { id: "vpc-1", subnets: [{ id: "subnet-1", cidr: "10.0.0.0" }] } },
        [
            'platform.vpc.subnets[0].cidr: got "10.0.0.0"; must be the subnet\'s own range, from /16 to /28, such as 10.0.1.0/24',
        ],
    ],
    [
        "no subnet",
        { vpc: { id: "vpc-1", subnets: [] } },
        ["platform.vpc.subnets: got []; must name a subnet at least"],
    ],
    ["no zone", { vpc: { zones: 0 } }, ["platform.vpc.zones: got 0; must be 1 to 8 zones"]],
    [
        "a zone twice",
        { vpc: { zones: ["eu-central-1a", "eu-central-1a"] } },
        ['platform.vpc.zones: got ["eu-central-1a","eu-central-1a"]; names a zone twice'],
    ],
    [
        "no public addresses, and no way out",
        { publicAddresses: false },
        [
            "platform.publicAddresses: got false; needs a VPC of yours with a way out, in `vpc.id` and `vpc.subnets`: machines without one could fetch nothing",
        ],
    ],
    [
        "numbers out of range",
        { metadataHopLimit: 0, rootVolume: { size: 8 }, etcdVolume: { size: 0.5 } },
        [
            "platform.metadataHopLimit: got 0; must be a whole number of hops, 1 to 64",
            "platform.rootVolume.size: got 8; must be a whole number of GiB, 9 to 16384",
            "platform.etcdVolume.size: got 0.5; must be a whole number of GiB, 1 to 16384",
        ],
    ],
    [
        "a release that is not pinned",
        { image: { flatcar: { version: "current" } } },
        [
            'platform.image.flatcar.version: got "current"; must be one release, such as 4593.2.5: what is newest changes, and machines with it',
        ],
    ],
    [
        "a name for an id",
        { image: { id: "Flatcar-stable-4593.2.5-hvm" } },
        [
            'platform.image.id: got "Flatcar-stable-4593.2.5-hvm"; must be the id of an AMI, such as ami-0123456789abcdef0',
        ],
    ],
];

for (const [what, args, expected] of cases) {
    test(`problems of ${what}`, () => {
        assert.deepEqual(platformProblems(args, shape, machines).map(formatProblem), expected);
    });
}

test("a release is warned of a month before its AMIs are no longer public", () => {
    const warn = (now: string) =>
        ageProblems("Flatcar", "1.2.3", "2026-01-15T08:00:00.000Z", new Date(now));
    assert.deepEqual(warn("2026-09-14T00:00:00Z"), []);
    const [almost] = warn("2026-09-16T00:00:00Z");
    assert.equal(almost?.severity, "warning");
    assert.match(almost?.allowed ?? "", /almost nine months, .* until 2026-10-15/);
    assert.match(warn("2026-10-16T00:00:00Z")[0]?.allowed ?? "", /older than nine months/);
});

test("an AMI for another processor than the instance type has", () => {
    const arm = { name: "mine", architecture: "arm64" };
    assert.deepEqual(architectureProblems("ami-1", arm, "arm64", "t4g.small"), []);
    assert.deepEqual(architectureProblems("ami-1", undefined, "x86_64", "t3.small"), []);
    assert.deepEqual(architectureProblems("ami-1", arm, "x86_64", "t3.small").map(formatProblem), [
        'platform.image.id: got "ami-1"; mine is for arm64, and t3.small has x86_64; take an AMI or instance types of the other kind',
    ]);
});

test("more zones than there are, and a zone that there is not", () => {
    assert.deepEqual(zoneProblems(2, ["a", "b"]), []);
    assert.deepEqual(zoneProblems(["b"], ["a", "b"]), []);
    assert.deepEqual(zoneProblems(3, ["a", "b"]).map(formatProblem), [
        "platform.vpc.zones: got 3; this region has 2 zones, a, b; ask for fewer",
    ]);
    assert.deepEqual(zoneProblems(["a", "c"], ["a", "b"]).map(formatProblem), [
        'platform.vpc.zones[1]: got "c"; must be one of a, b',
    ]);
});

test("an AMI that is not there is a warning: what runs it stays", () => {
    const told = (reason: string) => {
        const problem = missingProblem("ami-1", reason);
        return `${problem.severity}: ${formatProblem(problem)}`;
    };
    assert.equal(
        told("Your query returned no results"),
        'warning: platform.image.id: got "ami-1"; is no AMI of this region that this account may see; machines that run it stay, and no new one can be made from it',
    );
    assert.equal(
        told("not authorized"),
        'warning: platform.image.id: got "ami-1"; can\'t be looked up (not authorized)',
    );
});

test("instance types that a region does not have, or not in each of its zones", () => {
    const args = { instanceTypes: { default: "t3.small", web: "t4g.small" } };
    const offered = {
        instanceTypes: ["t3.small", "t3.small", "t4g.small"],
        locations: ["x-1a", "x-1b", "x-1b"],
    };
    assert.deepEqual(typeProblems(args, offered), []);
    assert.deepEqual(typeProblems({ instanceTypes: { web: "nope" } }, {}), [], "nothing is known");
    assert.deepEqual(
        typeProblems({ instanceTypes: { web: "u7i-12tb.224xlarge" } }, offered).map(formatProblem),
        [
            'instanceTypes.web: got "u7i-12tb.224xlarge"; is not to be had in this region; take another',
        ],
    );
    const told = (zones: string[], areNamed: boolean) =>
        typeInZoneProblems(args, offered, zones, areNamed).map(
            (one) => `${one.severity ?? "error"}: ${formatProblem(one)}`,
        );
    const allowed =
        "is not to be had in x-1a, but in x-1b; name such zones in `vpc.zones`, or take another type";
    assert.deepEqual(told(["x-1b"], true), []);
    assert.deepEqual(told(["x-1a", "x-1b"], true), [
        `error: platform.instanceTypes.web: got "t4g.small"; ${allowed}`,
    ]);
    assert.deepEqual(told(["x-1a"], false), [
        `warning: platform.instanceTypes.web: got "t4g.small"; ${allowed}`,
    ]);
});
