import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseCloudConfig, renderCloudConfig } from "../../lib/cloud-config/index.js";
import { awkwardTexts, documents } from "./arbitraries.js";

test("renders the whole of a document, keys in the schema's order", () => {
    const text = renderCloudConfig({
        coreos: {
            units: [
                {
                    content: "[Service]\nExecStart=/bin/true\n",
                    command: "start",
                    name: "hello.service",
                    drop_ins: [{ content: "[Unit]\n", name: "10-a.conf" }],
                },
            ],
            etcd2: { name: "%m", listen_client_urls: "http://0.0.0.0:2379" },
            update: { reboot_strategy: "off" },
        },
        write_files: [{ path: "/etc/a", permissions: "0644", content: "a\n\n  b: c\n" }],
        ssh_authorized_keys: ["ssh-ed25519 AAAAC3 a@b"],
        hostname: "a1",
    });
    assert.equal(
        text,
        `#cloud-config
hostname: a1
ssh_authorized_keys:
  - ssh-ed25519 AAAAC3 a@b
write_files:
  - path: /etc/a
    permissions: "0644"
    content: |
      a

        b: c
coreos:
  update:
    reboot_strategy: "off"
  etcd2:
    listen_client_urls: http://0.0.0.0:2379
    name: "%m"
  units:
    - name: hello.service
      command: start
      content: |
        [Service]
        ExecStart=/bin/true
      drop_ins:
        - name: 10-a.conf
          content: |
            [Unit]
`.replace("name: 10-a.conf", 'name: "10-a.conf"'),
    );
});

test("renders an empty document as its header", () => {
    assert.equal(renderCloudConfig({}), "#cloud-config\n");
});

test("does not fold long lines, nor use aliases for equal parts", () => {
    const drop_ins = [{ name: "a.conf", content: `[Service]\nEnvironment=${"x ".repeat(200)}\n` }];
    const units = ["a.service", "b.service"].map((name) => ({ name, drop_ins }));
    const text = renderCloudConfig({ coreos: { units } });
    assert.match(text, new RegExp(`^ +Environment=${"x ".repeat(200)}$`, "m"));
    assert.doesNotMatch(text, /[&*]/);
});

test("a text that can be no block stands on one line", () => {
    const content = `${"line of a file from Windows\r\n".repeat(9)}`;
    const text = renderCloudConfig({ write_files: [{ path: "/a", content }] });
    assert.equal(text.split("\n").length, 5);
});

for (const text of awkwardTexts) {
    test(`keeps ${JSON.stringify(text).slice(0, 60)} as it is`, () => {
        const document = {
            hostname: text,
            write_files: [{ path: "/a", content: text }],
            ssh_authorized_keys: [text],
            coreos: {
                units: [{ name: "a.service", drop_ins: [{ name: "a", content: `x${text}` }] }],
            },
        };
        assert.deepEqual(parseCloudConfig(renderCloudConfig(document)).document, document);
    });
}

test("what is rendered is read back as it was", () => {
    fc.assert(
        fc.property(documents, (document) => {
            const text = renderCloudConfig(document);
            assert.equal(text.split("\n", 1)[0], "#cloud-config");
            assert.deepEqual(parseCloudConfig(text).document, document);
        }),
        { numRuns: 300 },
    );
});

test("equal documents give equal texts, whatever the order of their keys", () => {
    fc.assert(
        fc.property(documents, (document) => {
            assert.equal(renderCloudConfig(reversed(document)), renderCloudConfig(document));
        }),
    );
});

function reversed<Value>(value: Value): Value;
function reversed(value: unknown): unknown {
    if (Array.isArray(value)) {
        return value.map((item) => reversed(item));
    }
    if (typeof value !== "object" || value === null || value instanceof Uint8Array) {
        return value;
    }
    const entries = Object.entries(value).toReversed();
    return Object.fromEntries(entries.map(([key, item]) => [key, reversed(item)]));
}
