import assert from "node:assert/strict";
import { test } from "node:test";
import type { ClusterShape } from "../../../lib/plan/index.js";
import type { DigitalOceanArgs } from "../../../lib/platforms/digitalocean/index.js";
import { offerProblems } from "../../../lib/platforms/digitalocean/offer.js";
import { platformProblems } from "../../../lib/platforms/digitalocean/problems.js";
import { formatProblem } from "../../../lib/problem.js";

const shape: ClusterShape = {
    name: "demo",
    members: { count: 3 },
    workers: { web: { count: 2, expose: [80] }, batch: { count: 9 } },
};

const cases: [string, Partial<DigitalOceanArgs>, string[]][] = [
    ["nothing but a region", {}, []],
    [
        "everything that there is",
        {
            sizes: { default: "s-1vcpu-1gb", members: "s-2vcpu-4gb", web: "so-new" },
            vpc: { ipRange: "172.31.240.0/24" },
            sshFrom: ["203.0.113.7", "203.0.113.0/24", "2001:db8::/32"],
            tags: ["production", "team:blue"],
            etcdVolume: { size: 10 },
            reservedAddresses: ["web"],
            loadBalancers: ["web"],
        },
        [],
    ],
    [
        "a size for no group",
        { sizes: { wbe: "s-1vcpu-1gb" } },
        ['platform.sizes.wbe: got "wbe"; is no group of "demo"; there are members, web, batch'],
    ],
    [
        "a load balancer where nothing is exposed",
        { loadBalancers: ["batch"] },
        ['platform.loadBalancers[0]: got "batch"; exposes no port; set `workers.batch.expose`'],
    ],
    [
        "what is for workers, for members",
        { reservedAddresses: ["members"] },
        [
            'platform.reservedAddresses[0]: got "members"; is no worker group of "demo"; there are web, batch',
        ],
    ],
    [
        "SSH from nowhere",
        { sshFrom: ["10.0.0.0/33", "home", "::1/129"] },
        ["10.0.0.0/33", "home", "::1/129"].map(
            (from, index) =>
                `platform.sshFrom[${index}]: got "${from}"; must be an IP address or a network such as 203.0.113.0/24`,
        ),
    ],
    [
        "a public network",
        { vpc: { ipRange: "8.8.0.0/16" } },
        [
            'platform.vpc.ipRange: got "8.8.0.0/16"; must be a private network (RFC 1918) from /16 to /28, such as 10.80.0.0/20',
        ],
    ],
    [
        "a network too small",
        { vpc: { ipRange: "10.0.0.0/28" } },
        [
            'platform.vpc.ipRange: got "10.0.0.0/28"; has room for 12 machines, and "demo" has 14; take a larger one',
        ],
    ],
    [
        "a tag with a blank",
        { tags: ["a b"] },
        [
            'platform.tags[0]: got "a b"; must be 1 to 255 letters, digits, colons, dashes and underscores',
        ],
    ],
    [
        "half a GiB",
        { etcdVolume: { size: 0.5 } },
        ["platform.etcdVolume.size: got 0.5; must be a whole number of GiB, 1 to 16384"],
    ],
];

for (const [what, args, expected] of cases) {
    test(`problems of ${what}`, () => {
        const found = platformProblems({ region: "sgp1", ...args }, shape, 14);
        assert.deepEqual(found.map(formatProblem), expected);
    });
}

test("units can't be brought in place: a droplet goes back to its user-data at a boot", () => {
    const workers = { web: { count: 2, rollout: "in-place" as const }, db: { count: 1 } };
    const problems = platformProblems({ region: "sgp1" }, { ...shape, workers }, 6);
    assert.deepEqual(problems.map(formatProblem), [
        'workers.web.rollout: got "in-place"; is not possible on DigitalOcean, where a machine that runs keeps its user-data',
    ]);
});

test("what DigitalOcean has no more of is a warning: what runs stays", () => {
    const listed = [
        { slug: "s-1vcpu-2gb", regions: ["ams3", "fra1"] },
        { slug: "s-2vcpu-4gb", regions: ["ams3"] },
    ];
    const told = (args: DigitalOceanArgs) =>
        offerProblems(args, listed).map((one) => `${one.severity}: ${formatProblem(one)}`);
    const stay = "droplets that run stay, and no new one can be made at the moment";
    assert.deepEqual(told({ region: "fra1" }), []);
    assert.deepEqual(told({ region: "fra1", sizes: { members: "s-2vcpu-4gb" } }), [
        `warning: sizes.members: got "s-2vcpu-4gb"; is not to be had in fra1 at the moment; ${stay}`,
    ]);
    assert.deepEqual(told({ region: "sfo1", sizes: { default: "c-2" } }), [
        `warning: region: got "sfo1"; is not to be had; ${stay}`,
        `warning: sizes.default: got "c-2"; is not to be had; ${stay}`,
    ]);
    assert.deepEqual(told({ region: "fra", sizes: { web: "s-2vcpu-4bg" } }), [
        'undefined: region: got "fra"; is not known to DigitalOcean; did you mean fra1?',
        'undefined: sizes.web: got "s-2vcpu-4bg"; is not known to DigitalOcean; did you mean s-2vcpu-4gb?',
    ]);
    assert.deepEqual(offerProblems({ region: "nowhere" }, []), [], "DigitalOcean said nothing");
});
