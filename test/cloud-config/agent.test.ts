import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { cloudConfigFields } from "../../lib/cloud-config/document.js";
import {
    type CloudConfig,
    gzipUserData,
    parseCloudConfig,
    renderCloudConfig,
    validateCloudConfig,
} from "../../lib/cloud-config/index.js";
import { type Field, section } from "../../lib/cloud-config/schema.js";
import { agent, inspect } from "../support/cloudinit.js";
import { awkwardTexts, documents } from "./arbitraries.js";
import { withEveryKey } from "./every-key.js";

const anywhere = { publicIpv4: true, privateIpv4: true, publicIpv6: true, privateIpv6: true };

/** The value without what the original can't tell from "not given". */
function compact(value: unknown): unknown {
    if (Array.isArray(value)) {
        return value.map((item) => compact(item) ?? {});
    }
    if (typeof value !== "object" || value === null) {
        return value === "" || value === 0 || value === false ? undefined : value;
    }
    const entries = Object.entries(value)
        .map(([key, item]): [string, unknown] => [key, compact(item)])
        .filter(([, item]) => item !== undefined && !(Array.isArray(item) && item.length === 0));
    return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** The document with its files' contents as text and no encoding, as the original ends up with. */
function asText(document: CloudConfig): CloudConfig {
    const write_files = document.write_files?.map(({ encoding: _, ...file }) => ({
        ...file,
        ...(file.content instanceof Uint8Array ? { content: "bytes" } : {}),
    }));
    return { ...document, ...(write_files ? { write_files } : {}) };
}

test("the original parses what was rendered to the same values", async () => {
    const given = fc.sample(documents, { numRuns: 300, seed: 1 }).map(asText);
    const found = await inspect(given.map(renderCloudConfig));
    for (const [index, document] of given.entries()) {
        assert.equal(found[index]?.error, undefined, renderCloudConfig(document));
        assert.deepEqual(compact(found[index]?.document), compact(document));
    }
});

test("the original reads every awkward text as it is, at every depth, and warns of none", async () => {
    const given = awkwardTexts.map((text) => ({
        write_files: [{ path: "/a", content: text }],
        users: [{ name: "a", gecos: text, groups: [text] }],
        coreos: {
            flannel: { interface: text },
            units: [{ name: "a.service", content: text, drop_ins: [{ name: "b", content: text }] }],
        },
    }));
    const found = await inspect(given.map(renderCloudConfig));
    for (const [index, document] of given.entries()) {
        assert.deepEqual(found[index]?.report, [], renderCloudConfig(document));
        assert.deepEqual(compact(found[index]?.document), compact(document));
    }
});

test("addresses arrive in every style of text, and escaped variables stay", async () => {
    const around = ["", "http://%:1", 'say "%"', "a\\b %", "%\n", "  %\nx\n", "tab\t%", "[%]"];
    const given = around.flatMap((text) =>
        ["$private_ipv4", "\\$private_ipv4"].map((variable) => text.replace("%", variable)),
    );
    const rendered = given.map((content) =>
        renderCloudConfig({ write_files: [{ path: "/a", content }] }),
    );
    const found = await inspect(rendered.map(substitute));
    for (const [index, content] of given.entries()) {
        const expected = { write_files: [{ path: "/a", content: substitute(content) }] };
        assert.deepEqual(compact(found[index]?.document), compact(expected));
    }
});

/** As the original's `Environment.Apply` does it. */
function substitute(text: string): string {
    return text
        .replaceAll(/([^\\]|^)\$private_ipv4/g, (_, before) => `${before}10.0.0.7`)
        .replaceAll("\\$private_ipv4", () => "$private_ipv4");
}

test("every key is known to the original, with its type and its deprecation", async () => {
    const [found] = await inspect([renderCloudConfig(withEveryKey)]);
    const expected: string[] = [];
    deprecations(section(cloudConfigFields), expected);
    assert.deepEqual(
        found?.report.map(({ kind, message }) => `${kind}: ${message}`).sort(),
        expected.sort(),
    );
    assert.deepEqual(compact(found?.document), compact(asText(withEveryKey)));
});

test("the library warns of the deprecated keys with the original's words", async () => {
    const [found] = await inspect([renderCloudConfig(withEveryKey)]);
    const ours = validateCloudConfig(withEveryKey, anywhere)
        .filter(({ allowed }) => allowed.startsWith("deprecated key"))
        .map(
            ({ path, allowed }) =>
                `warning: ${allowed.replace(
                    "key",
                    `key "${path
                        .replace(/\[\d+\]/g, "")
                        .split(".")
                        .at(-1)}"`,
                )}`,
        );
    assert.deepEqual(
        ours.sort(),
        found?.report.map(({ kind, message }) => `${kind}: ${message}`).sort(),
    );
});

function deprecations(field: Field, found: string[]): void {
    if (field.kind === "list") {
        deprecations(field.of, found);
    } else if (field.kind === "section") {
        for (const [key, item] of Object.entries(field.fields)) {
            if (item.deprecated !== undefined) {
                found.push(`warning: deprecated key "${key}" (${item.deprecated})`);
            }
            deprecations(item, found);
        }
    }
}

test("etcd, etcd2 and fleet alone give the warnings that they are not shipped any more", async () => {
    const [found] = await inspect([
        renderCloudConfig({
            coreos: { etcd: { name: "a" }, etcd2: { name: "a" }, fleet: { metadata: "role=web" } },
        }),
    ]);
    // The original walks a Go map: the order of its warnings changes from run to run.
    assert.deepEqual(
        found?.report.map(({ message }) => message).sort(),
        ["etcd", "etcd2", "fleet"].map(
            (key) => `deprecated key "${key}" (${key} is no longer shipped in Container Linux)`,
        ),
    );
});

test("files in every encoding are decoded by the original", async () => {
    const content = "héllo\n";
    const base64 = Buffer.from(content).toString("base64");
    const gzip = gzipSync(content);
    const write_files = [
        ...(["base64", "b64"] as const).map((encoding) => ({ encoding, content: base64 })),
        ...(["gz+base64", "gzip+base64", "gz+b64", "gzip+b64"] as const).map((encoding) => ({
            encoding,
            content: gzip.toString("base64"),
        })),
        ...(["gz", "gzip"] as const).map((encoding) => ({ encoding, content: gzip })),
    ].map((file) => ({ path: `/${file.encoding}`, ...file }));
    assert.deepEqual(validateCloudConfig({ write_files }, anywhere), []);
    const [found] = await inspect([renderCloudConfig({ write_files })]);
    assert.deepEqual(found?.report, []);
    assert.deepEqual(found?.document, {
        write_files: write_files.map(({ path }) => ({ path, content })),
    });
});

test("texts of all kinds are read as the original reads them", async () => {
    const texts = [
        "#cloud-config\n",
        "#cloud-config  \r\nhostname: a\r\n",
        "#cloud-config\ncoreos:\n  update:\n    reboot_strategy: off\n",
        "#cloud-config\ncoreos:\n  update:\n    reboot-strategy: off\n  units:\n    - name: a.service\n      drop-ins: [{name: a.conf, content: 'x'}]\n      enable: yes\n",
        "#cloud-config\nwrite_files:\n  - path: /a\n    permissions: 0644\n    content: 1:30\n",
        "#cloud-config\nhostname: 0x1f\nusers: [{name: no, system: on, gecos: 1_000}]\n",
        "#cloud-config\ncoreos:\n  fleet: &f {metadata: a=b, verbosity: 2}\n  etcd2: {name: 2001-12-14, debug: true}\n",
        "#cloud-config\nwrite_files:\n  - &file {path: /a, content: x}\n  - <<: *file\n    path: /b\n",
        "#cloud-config\nhostname:\ncoreos:\n",
        "#cloud-config\nhostname: a\nhostname: b\n",
        "#cloud-config\nwrite_files:\n  - path: /a\n    content: >\n      folded\n      text\n\n      here\n",
    ];
    const found = await inspect(texts);
    for (const [index, text] of texts.entries()) {
        const { document } = parseCloudConfig(text);
        assert.deepEqual(compact(document), compact(found[index]?.document), text);
    }
});

test("the agent's -validate prints the report, and knows gzip by itself", async () => {
    const directory = await mkdtemp(join(tmpdir(), "cloud-config-"));
    try {
        const file = join(directory, "user_data");
        await writeFile(file, "#cloud-config\nunits: []\n");
        assert.deepEqual(await agent("-validate", "-from-file", file), {
            status: 1,
            stdout: 'line 2: warning: unrecognized key "units"\n',
            stderr: "1 found\n",
        });
        await writeFile(file, gzipUserData(renderCloudConfig({ hostname: "a" })));
        assert.deepEqual(await agent("-validate", "-from-file", file), {
            status: 0,
            stdout: "",
            stderr: "",
        });
    } finally {
        await rm(directory, { recursive: true });
    }
});
