/** Services as `pulumi preview` of the real engine shows them. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { parseUnit } from "../../lib/systemd/index.js";
import { PreviewProject } from "./preview-project.js";

let project: PreviewProject;

before(async () => {
    project = await PreviewProject.make(join(__dirname, "bad-input-program.js"));
});
after(async () => {
    await project.remove();
});

interface PreviewedService {
    readonly files: Readonly<Record<string, string>>;
    readonly units: readonly string[];
    readonly triggered: readonly string[];
}

/** What a preview says of each service, and the whole of its text. */
async function previewed(
    name: string,
): Promise<{ services: Map<string, PreviewedService>; text: string }> {
    const { code, text } = await project.run(["preview", "--json"], { BAD_INPUT_CASE: name });
    assert.equal(code, 0, text);
    const { steps } = JSON.parse(text.slice(text.indexOf("{\n")));
    const services = new Map<string, PreviewedService>();
    for (const { newState } of steps) {
        if (newState?.type === "pulumi-nodejs:dynamic/coreos:Service") {
            services.set(newState.urn.split("::").at(-1), newState.inputs);
        }
    }
    return { services, text };
}

/** Every line of a refusal, without those of Pulumi around it. */
async function refusal(name: string): Promise<string[]> {
    const { code, text } = await project.run(["preview"], { BAD_INPUT_CASE: name });
    assert.notEqual(code, 0, text);
    assert.doesNotMatch(text, /hunter2/, "no secret is shown");
    const [, diagnostics = ""] = text.split("Diagnostics:");
    const [, message = ""] = /^ +error: ([\s\S]*?)\n\n/m.exec(diagnostics) ?? [];
    return message.split("\n").map((line) => line.trim());
}

test("a line changed for one instance is one line of one file", async () => {
    const before = (await previewed("canary")).services.get("hello")?.files ?? {};
    const after = (await previewed("canaryChanged")).services.get("hello")?.files ?? {};
    assert.deepEqual(Object.keys(before), ["hello@.service", "hello@9999.service"]);
    const changed = Object.entries(after).flatMap(([name, text]) => {
        const old = before[name]?.split("\n") ?? [];
        return text.split("\n").flatMap((line, at) => (line === old[at] ? [] : [[name, line]]));
    });
    assert.deepEqual(changed, [["hello@9999.service", "ExecStart=/opt/web --image 2"]]);
});

test("secrets anywhere but in `secrets` are refused by their paths", async () => {
    const [subject, ...problems] = await refusal("secretsOfService");
    const allowed =
        "got a Pulumi secret; no secret may be in a unit, which everybody on the machines and in etcd " +
        "can read; give it in `secrets`, and the program finds it in $CREDENTIALS_DIRECTORY";
    assert.equal(subject, 'Service "hello" can\'t be made:');
    assert.deepEqual(
        problems,
        [
            "unit.Service.ExecStart",
            "units.other",
            "instances.a.environment.PASSWORD",
            "environment.PASSWORD",
            "dropIns.10-a.conf.Service.User",
        ].map((path) => `- ${path}: ${allowed}`),
    );
});

test("a service's secrets leave nothing but their names and a mark", async () => {
    const { services, text } = await previewed("serviceSecrets");
    assert.doesNotMatch(text, /hunter2/);
    const { files = {}, units } = services.get("hello") ?? {};
    assert.deepEqual(units, ["hello@1.service", "hello-announce@1.service"]);
    const main = parseUnit(files["hello@.service"] ?? "");
    assert.equal(main.Service?.LoadCredential, "token:/var/lib/pulumi-coreos/secrets/hello/token");
    assert.equal(main["X-Pulumi"]?.["Secrets"], "<known after the update>");
    assert.doesNotMatch(files["hello-announce@.service"] ?? "", /Secrets|LoadCredential/);
});

test("options that there are none of, and outputs where names must be known, are refused", async () => {
    const [, ...problems] = await refusal("serviceOptions");
    assert.deepEqual(problems, [
        '- enviroment: got "enviroment"; unknown option; did you mean environment?',
        "- rollout: got an output; must be known while the program runs; only texts and values may be outputs",
    ]);
});

test("what is known of a service is looked at, and the rest is no problem yet", async () => {
    const [, ...problems] = await refusal("serviceHalfKnown");
    assert.equal(problems.length, 2, problems.join("\n"));
    assert.match(problems[0] ?? "", /^- units\.a b: /);
    assert.match(problems[1] ?? "", /^- check\.tcp\.port: got 0; /);
});

test("a file that is not there, and a template without instances, are told", async () => {
    const [, missing] = await refusal("noFile");
    assert.match(
        missing ?? "",
        /^- path: got "units\/nowhere\.service"; there is no such file below /,
    );
    const [, template] = await refusal("templateFile");
    assert.equal(
        template,
        "- instances: must be given: web@.service is a template; how many instances, or their names",
    );
    const [, unknown, without] = await refusal("folderNames");
    assert.equal(
        unknown,
        '- services.wbe: got "wbe"; is none of the folder\'s services; known are tick, web',
    );
    assert.match(without ?? "", /^- services\.web\.instances: must be given/);
});

test("a unit file with its drop-ins, and directives set anew in code", async () => {
    const { services } = await previewed("file");
    const { files = {}, units } = services.get("web") ?? {};
    assert.deepEqual(units, ["web@1.service"]);
    const { Service } = parseUnit(files["web@.service"] ?? "");
    assert.equal(Service?.ExecStart, "/opt/web %i");
    assert.equal(Service?.User, "web");
    assert.equal(Service?.Group, undefined);
    assert.deepEqual(Service?.MemoryMax, ["32M", "64M"]);
});

test("a folder of unit files: a service for each main unit, with what belongs to it", async () => {
    const { services } = await previewed("folder");
    assert.deepEqual([...services.keys()].sort(), ["tick", "web"]);
    const web = services.get("web");
    assert.deepEqual(web?.units, [
        "web@1.service",
        "web-announce@1.service",
        "web@2.service",
        "web-announce@2.service",
    ]);
    const announce = parseUnit(web?.files["web-announce@.service"] ?? "");
    assert.equal(announce.Service?.User, "b");
    assert.deepEqual(announce["X-Fleet"], { MachineOf: "web@%i.service" });
    assert.deepEqual(services.get("tick")?.units, ["tick.service", "tick.timer"]);
    assert.deepEqual(services.get("tick")?.triggered, ["tick.service"]);
});
