/** Services on a cluster of another stack, as `pulumi preview` of the real engine shows and refuses them. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { referenceProblems } from "../../lib/constructs/cluster-reference-problems.js";
import { PROVIDERS, resourceType } from "../../lib/providers/tokens.js";
import { parseUnit } from "../../lib/systemd/index.js";
import { PreviewProject } from "./preview-project.js";

let project: PreviewProject;

before(async () => {
    const program = join(__dirname, "cluster-reference-program.js");
    project = await PreviewProject.make(program);
    const outputs = `module.exports = require(${JSON.stringify(program)});\n`;
    await writeFile(join(project.folder, "program", "index.js"), outputs);
    const variables = { REFERENCE_CASE: "infra" };
    const up = ["up", "--yes", "--skip-preview", "--stack", "infra"];
    for (const args of [["stack", "init", "infra", "--no-select"], up]) {
        const { code, text } = await project.run(args, variables);
        assert.equal(code, 0, text);
    }
});
after(async () => {
    await project.remove();
});

interface Planned {
    readonly urn: string;
    readonly newState?: { readonly type: string; readonly inputs: Record<string, unknown> };
}

/** Inputs of each resource that a preview would make, by its type. */
async function previewed(name: string): Promise<{ inputs: Map<string, object>; text: string }> {
    const { code, text } = await project.run(["preview", "--json"], { REFERENCE_CASE: name });
    assert.equal(code, 0, text);
    const json = text.slice(text.indexOf("{\n"), text.lastIndexOf("}") + 1);
    const { steps }: { steps: Planned[] } = JSON.parse(json);
    const inputs = new Map<string, object>();
    for (const { urn, newState } of steps) {
        inputs.set(urn.split("::").slice(-2).join(" "), newState?.inputs ?? {});
    }
    return { inputs, text };
}

/** Every line of a refusal, which is printed once. */
async function refusal(name: string): Promise<string[]> {
    const { code, text } = await project.run(["preview"], { REFERENCE_CASE: name });
    assert.notEqual(code, 0, text);
    assert.doesNotMatch(text, /^\s+at |unhandled|hunter2/m);
    const [, diagnostics = ""] = text.split("Diagnostics:");
    assert.equal(diagnostics.match(/error:/g)?.length, 1, text);
    const [, message = ""] = /^ +error: ([\s\S]*?)\n\n/m.exec(diagnostics) ?? [];
    return message.split("\n").map((line) => line.trim());
}

const serviceType = resourceType(PROVIDERS.service);
const secretsType = resourceType(PROVIDERS.serviceSecrets);

test("texts, owner and machines are seen; the way to the machines is a secret", async () => {
    const { inputs, text } = await previewed("fine");
    assert.doesNotMatch(text, /hunter2|other secret/);
    const own: { files?: Record<string, string>; owner?: string; connection?: unknown } =
        inputs.get(`${serviceType} api`) ?? {};
    assert.equal(own.owner, "bad-input/test/demo/api");
    const unit = parseUnit(own.files?.["api@.service"] ?? "");
    assert.equal(unit["X-Pulumi"]?.["Owner"], "bad-input/test/demo/api");
    assert.equal(own.connection, "[secret]");
    const { machines }: { machines?: unknown } = inputs.get(`${secretsType} api-secrets`) ?? {};
    assert.deepEqual(machines, [
        { name: "demo-1", disk: "disk-of-demo-1" },
        { name: "demo-2", disk: "disk-of-demo-2" },
    ]);
});

test("what has no room there is refused as on a cluster of the program's own", async () => {
    const noCache = /^- unit\.X-Fleet\.MachineMetadata: got role=cache; no machine has this/;
    for (const name of ["impossible", "impossibleLate"]) {
        const [subject, ...problems] = await refusal(name);
        assert.match(subject ?? "", /^Service "(api|known)" can't be made:$/);
        assert.equal(problems.length, 1);
        assert.match(problems[0] ?? "", noCache);
    }
    const [subject, ...problems] = await refusal("enemies");
    assert.equal(subject, 'Services of cluster "demo" can\'t be made:');
    assert.match(problems.join("\n"), /- Service "a": unit\.X-Fleet\.MachineOf: got b\.service; /);
    assert.deepEqual(await refusal("withoutFleet"), [
        'Service "api" can\'t be made:',
        '- cluster: got "demo"; has no fleet to run it; leave `etcd` and `fleet` on there',
    ]);
});

test("what is wrong with a text is told before the other stack is asked", async () => {
    assert.deepEqual(await refusal("badText"), [
        'Service "api" can\'t be made:',
        "- instances: got -1; must be a whole number from 0 to 10000",
    ]);
});

test("an output that is no cluster's reference is told, and not shown", async () => {
    assert.deepEqual(await refusal("notThere"), [
        'ClusterReference "demo" can\'t be made:',
        "- reference: got no value; holds nothing: let the cluster's program export `cluster.reference`, and bring its stack up first",
    ]);
    const machines = [{ name: "demo-1" }];
    const whole = { name: "demo", machines, disks: {}, connection: {} };
    assert.deepEqual(referenceProblems("demo", whole), []);
    const others = [machines, "hunter2", {}, { ...whole, name: 1 }, { ...whole, machines: {} }];
    for (const other of [...others, { ...whole, disks: undefined }]) {
        const [problem, ...more] = referenceProblems("demo", other);
        assert.match(problem?.given ?? "", /^something else \((a list|string|object)\)$/);
        assert.match(problem?.allowed ?? "", /^must be the output .* of `cluster\.reference`$/);
        assert.deepEqual(more, []);
    }
    assert.deepEqual(referenceProblems("web", whole), [
        {
            path: "name",
            given: '"web"',
            allowed: 'must be "demo", the name of the cluster that is referred to',
        },
    ]);
});

test("a cluster that is not known yet leaves placement to the update, and says so once", async () => {
    const { inputs, text } = await previewed("unknown");
    const { files }: { files?: Record<string, string> } = inputs.get(`${serviceType} api`) ?? {};
    assert.match(files?.["api.service"] ?? "", /MachineMetadata=role=cache/);
    assert.doesNotMatch(text, /hunter2/);
    const told = await project.run(["preview"], { REFERENCE_CASE: "unknown" });
    assert.equal(told.code, 0, told.text);
    const [, diagnostics = ""] = told.text.split("Diagnostics:");
    const note = /ClusterReference "demo": is not known yet, so the update judges where services/g;
    assert.equal(diagnostics.match(note)?.length, 1, told.text);
});
