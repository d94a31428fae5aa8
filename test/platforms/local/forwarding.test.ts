import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { forwardingRules, standingRules } from "../../../lib/platforms/local/forwarding.js";

const forwarding = { bridge: "co-1", uplinks: ["eth0"] };
const table: readonly (readonly [string, string, string | undefined])[] = [
    ["an open host", "-P INPUT ACCEPT\n-P FORWARD ACCEPT\n-P OUTPUT ACCEPT\n", undefined],
    ["a host whose input alone is closed", "-P INPUT DROP\n-P FORWARD ACCEPT\n", undefined],
    ["no iptables", "", undefined],
    ["a host that drops", "-P FORWARD DROP\n", "FORWARD"],
    [
        "a host that rejects at the end",
        "-P FORWARD ACCEPT\n-A FORWARD -i lo -j ACCEPT\n-A FORWARD -j REJECT --reject-with icmp-host-prohibited\n",
        "FORWARD",
    ],
    [
        "a host with Docker",
        "-P FORWARD DROP\n-N DOCKER-USER\n-A FORWARD -j DOCKER-USER\n-A DOCKER-USER -j RETURN\n",
        "DOCKER-USER",
    ],
];

for (const [what, filter, chain] of table) {
    test(`${what}: ${chain === undefined ? "nothing is needed" : `rules in ${chain}`}`, () => {
        const rules = forwardingRules(filter, forwarding).map((rule) => rule.join(" "));
        const expected = [
            `${chain} -i co-1 -o co-1 -j ACCEPT`,
            `${chain} -i co-1 -o eth0 -j ACCEPT`,
            `${chain} -o co-1 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`,
        ];
        assert.deepEqual(rules, chain === undefined ? [] : expected);
    });
}

test("only a network's own rules are found again", () => {
    const filter = "-P FORWARD DROP\n-A FORWARD -i co-1 -j ACCEPT\n-A FORWARD -i co-12 -j ACCEPT\n";
    assert.deepEqual(standingRules(filter, "co-1"), [["FORWARD", "-i", "co-1", "-j", "ACCEPT"]]);
});

const skip = canUseIptables() ? false : "needs root and iptables";

test("on a host that drops: each rule once, and gone at the end", { skip }, () => {
    const module = require.resolve("../../../lib/platforms/local/forwarding.js");
    const script = `
        const { allowForwarding, forbidForwarding } = require(${JSON.stringify(module)});
        const { execFileSync } = require("node:child_process");
        const iptables = (...args) => execFileSync("iptables", args, { encoding: "utf8" });
        (async () => {
            iptables("-P", "FORWARD", "DROP");
            iptables("-A", "FORWARD", "-i", "other0", "-j", "ACCEPT");
            await allowForwarding({ bridge: "co-1", uplinks: ["eth0"] });
            await allowForwarding({ bridge: "co-1", uplinks: ["eth0"] });
            const during = iptables("-S", "FORWARD");
            await forbidForwarding("co-1");
            await forbidForwarding("co-1");
            process.stdout.write(JSON.stringify([during, iptables("-S", "FORWARD")]));
        })();
    `;
    // In a network namespace of its own: the host's rules are not touched.
    const output = execFileSync("unshare", ["--net", process.execPath, "-e", script], {
        encoding: "utf8",
    });
    const [during, after] = (JSON.parse(output) as string[]).map((text) => text.trim().split("\n"));
    assert.deepEqual(during, [
        "-P FORWARD DROP",
        "-A FORWARD -i co-1 -o co-1 -j ACCEPT",
        "-A FORWARD -i co-1 -o eth0 -j ACCEPT",
        "-A FORWARD -o co-1 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
        "-A FORWARD -i other0 -j ACCEPT",
    ]);
    assert.deepEqual(after, ["-P FORWARD DROP", "-A FORWARD -i other0 -j ACCEPT"]);
});

function canUseIptables(): boolean {
    try {
        execFileSync("unshare", ["--net", "iptables", "-S"], { stdio: "ignore" });
        return true;
    } catch {
        return false;
    }
}
