/** What a cluster's machines are told to fetch, by Pulumi's own stand-in for its engine. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { secretBinaries } from "../../lib/constructs/cluster-binaries.js";
import { Cluster, type ClusterArgs, type MachinesRequest, type Platform } from "../../lib/index.js";

/** A platform whose images have no programs. */
class Bare implements Platform {
    readonly traits = {
        name: "bare",
        userData: { limit: 65_536, gzip: false },
        publicIpv4: false,
        user: "core",
    };

    plan() {
        return { problems: [] };
    }

    create({ machines, userData }: MachinesRequest) {
        return Object.fromEntries(
            machines.map(({ name, group }) => {
                const id = pulumi.output(userData[group] ?? "").apply(() => name);
                return [name, { id, privateIp: id }];
            }),
        );
    }
}

/** What is uploaded by the same program: where it is, is not known before. */
class Upload extends pulumi.CustomResource {
    declare readonly url: pulumi.Output<string>;

    constructor(name: string) {
        super("test:index:Upload", name, { url: undefined });
    }
}

const sha256 = "c".repeat(64);
const url = "https://example.com/fleet.tar";
const members = { count: 1 };

before(() =>
    pulumi.runtime.setMocks(
        {
            newResource: ({ name, inputs }) => {
                const machines: { name: string }[] = inputs.machines ?? [];
                const ready = machines.map((one) => ({
                    name: one.name,
                    machineId: "m",
                    hostKey: "k",
                }));
                return { id: name, state: { ...inputs, ready } };
            },
            call: () => ({}),
        },
        "project",
        "stack",
        true,
    ),
);

/** The text of the members, once it is known. */
function textOf(name: string, args: Partial<ClusterArgs>): Promise<string> {
    return new Promise((resolve) => {
        const watch: pulumi.ResourceTransformation = ({ type, props }) => {
            if (type === "pulumi-coreos:index:UserData") {
                pulumi.output(props["text"]).apply(resolve);
            }
            return undefined;
        };
        const opts = { transformations: [watch] };
        new Cluster(name, { platform: new Bare(), members, ...args }, opts);
    });
}

const fetched = (text: string) =>
    text.split("\n").flatMap((line) => /fetch-binaries (\S+ \S+) fleetd/.exec(line)?.[1] ?? []);

test("what is known at once stands in the text, and etcd waits for it", async () => {
    const text = await textOf("plain", { binaries: { fleet: { url, sha256 } } });
    assert.deepEqual(fetched(text), [`${url} ${sha256}`]);
    // The list of members is delivered: what is fetched need not wait for it.
    assert.match(text, /- name: coreos-cluster.path\n(.*\n){1,12}? +Wants=coreos-binaries.service/);
});

test("outputs stand in it too, by the processor that they are for", async () => {
    const amd64 = { url: pulumi.output(url), sha256: pulumi.output(sha256) };
    const text = await textOf("later", { binaries: { fleet: { amd64 } } });
    assert.deepEqual(fetched(text), [`${url} ${sha256}`]);
});

test("in a preview a name stands for what is not known yet", async () => {
    const { url: unknown } = new Upload("upload");
    const text = await textOf("unknown", { binaries: { fleet: { url: unknown, sha256 } } });
    assert.deepEqual(fetched(text), [`"<url-of-fleet>" ${sha256}`]);
});

const refused: [string, Partial<ClusterArgs>, RegExp][] = [
    ["nothing", {}, /binaries.fleet: got nothing; the members on bare \(amd64\) must fetch fleet/],
    [
        "a wrong sum",
        { binaries: { fleet: { url, sha256: "c0ffee" } } },
        /binaries.fleet.sha256: got "c0ffee"; must be the archive's SHA-256/,
    ],
];
for (const [what, args, message] of refused) {
    test(`refused before anything is made: ${what}`, async () => {
        await assert.rejects(textOf("refused", args), { message });
    });
}

test("a secret is a problem, known or not", async () => {
    const fleet = { amd64: { url: pulumi.secret(url), sha256 } };
    const problems = await secretBinaries({ etcd: { url, sha256 }, fleet });
    assert.deepEqual(
        problems.map(({ path, given }) => [path, given]),
        [["binaries.fleet.amd64.url", "a Pulumi secret"]],
    );
});
