import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { CloudConfig } from "../../../lib/cloud-config/index.js";
import { decodeFile } from "../../../lib/cloud-config/write-files.js";
import { unitText } from "../../../lib/fleet/index.js";
import { programs, rendered } from "../../support/rendered.js";
import { type ImageFile, verifyUnits } from "./image-verify.js";

const skip = process.getuid?.() === 0 ? false : "needs root";

describe("units, as the machine image's systemd sees them", { skip }, () => {
    const seen = new Set<string>();

    const everything = "dist/test/platforms/local/everything-program.js";

    for (const project of [...Object.keys(programs), everything]) {
        test(`${project}: every unit is without fault`, async () => {
            const { groups, services } = await rendered(project);
            const fleet = services.flatMap(({ units, files }) =>
                units.map((name) => ({
                    path: `/run/systemd/system/${name}`,
                    content: unitText(files, name) ?? "",
                })),
            );
            assert.ok(groups.size > 0);
            for (const [group, document] of groups) {
                const machine = machineFiles(document);
                const names = [...machine.units, ...services.flatMap(({ units }) => units)];
                const { code, output } = await verifyUnits([...machine.files, ...fleet], names);
                assert.deepEqual({ group, output, code }, { group, output: "", code: 0 });
                for (const { content } of [...machine.files, ...fleet]) {
                    seen.add(String(content));
                }
                for (const name of names) {
                    seen.add(name);
                }
            }
        });
    }

    test("all kinds were among them", () => {
        const names = ["etcd.service", "fleet.socket", "fleet.service", "coreos-cluster.target"];
        names.push("booted.service", "hello@1.service", "site@2.service");
        names.push("web@9999.service", "web-check@8888.service", "agent-check.service");
        assert.deepEqual(
            names.filter((name) => !seen.has(name)),
            [],
        );
        for (const flag of ["--initial-cluster-token=", "--proxy=on"]) {
            assert.ok(
                [...seen].some((text) => text.includes(flag)),
                flag,
            );
        }
    });

    test("a misspelled directive, and a program that the image lacks, are seen", async () => {
        const lines = ["[Service]", "ExecStrat=/bin/true", "ExecStart=/opt/bin/nothing", ""];
        const content = lines.join("\n");
        const file = { path: "/etc/systemd/system/bad.service", content };
        const { code, output } = await verifyUnits([file], ["bad.service"]);
        assert.match(output, /Unknown key 'ExecStrat'/);
        assert.match(output, /\/opt\/bin\/nothing is not executable/);
        assert.notEqual(code, 0);
    });
});

/** The files that the agent writes for a document, and the units among them. */
function machineFiles(document: CloudConfig): { files: ImageFile[]; units: string[] } {
    const units = (document.coreos?.units ?? []).filter(({ mask }) => mask !== true);
    const files = units.flatMap(({ name, content, drop_ins: dropIns = [] }) => [
        ...(content === undefined ? [] : [{ path: name, content }]),
        ...dropIns.map((dropIn) => ({ path: `${name}.d/${dropIn.name}`, content: dropIn.content })),
    ]);
    return {
        units: units.map(({ name }) => name),
        files: [
            ...(document.write_files ?? []).map((file) => ({
                path: file.path,
                content: decodeFile(file),
                mode: Number.parseInt(file.permissions ?? "0644", 8),
            })),
            ...files.map(({ path, content }) => ({
                path: `/etc/systemd/system/${path}`,
                content: content.replaceAll("$private_ipv4", "10.80.0.11"),
            })),
        ],
    };
}
