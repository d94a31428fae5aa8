import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { packageRoot } from "../../lib/cli/project.js";
import { run } from "../e2e/support/run.js";
import { entryPoints, InstalledPackage } from "./support/installed-package.js";

const nodenext = ["--module", "nodenext"];
const bundler = ["--module", "esnext", "--moduleResolution", "bundler"];
const native = join("@typescript", "native", "bin", "tsc");

/** The compilers and settings that users have: TypeScript 6, and 7, which is another program. */
const compilers = [
    { name: "TypeScript 6", path: join("typescript", "bin", "tsc6"), options: nodenext },
    { name: "TypeScript 7", path: native, options: nodenext },
    { name: "TypeScript 7 for a bundler", path: native, options: bundler },
];

const options = [
    ...["--noEmit", "--pretty", "false", "--skipLibCheck", "false"],
    ...["--target", "es2022", "--types", "node"],
    ...["--strict", "--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess"],
];

const misspelled = `import { Cluster } from "pulumi-coreos";
import { Local } from "pulumi-coreos/local";
import type { FleetUnit } from "pulumi-coreos/fleet";
const platform = new Local("local");
// @ts-expect-error no such option
new Cluster("demo", { platform, membres: { count: 3 } });
// @ts-expect-error no such option of a group
new Cluster("demo", { platform, members: { cuont: 3 } });
// @ts-expect-error a directive is a text, a number or a boolean
export const unit: FleetUnit = { Service: { ExecStart: { path: "/bin/true" } } };
`;

describe("the package's declarations", () => {
    let installed: InstalledPackage;

    before(async () => {
        installed = await InstalledPackage.create();
        const imports = entryPoints.map((path, index) => `import * as p${index} from "${path}";`);
        const names = entryPoints.map((_, index) => `p${index}`).join(", ");
        const everything = `${imports.join("\n")}\nexport const all = [${names}];\n`;
        const write = (name: string, text: string) =>
            writeFileSync(join(installed.folder, name), text);
        write("everything.mts", everything);
        write("everything.cts", everything);
        write("misspelled.ts", misspelled);
        write("readme.ts", readmeProgram());
    });

    after(() => installed.dispose());

    for (const compiler of compilers) {
        test(`stand up to ${compiler.name} with every check on`, async () => {
            const program = join(packageRoot, "node_modules", compiler.path);
            const files = ["everything.mts", "everything.cts", "misspelled.ts", "readme.ts"];
            const args = [program, ...options, ...compiler.options, ...files];
            const { output } = await run(process.execPath, args, { directory: installed.folder });
            assert.equal(output, "");
        });
    }
});

/** The program in README.md that imports the package. */
function readmeProgram(): string {
    const readme = readFileSync(join(packageRoot, "README.md"), "utf8");
    const program = /```ts\n(import [^`]*?)```/.exec(readme)?.[1];
    assert.match(program ?? "", /new coreos\.Cluster/);
    return program ?? "";
}
