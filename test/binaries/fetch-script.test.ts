import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
    existsSync,
    mkdirSync,
    mkdtempSync,
    readdirSync,
    readFileSync,
    rmSync,
    statSync,
    writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text as readText } from "node:stream/consumers";
import { after, before, test } from "node:test";
import { FETCH_SCRIPT, WRONG_ARCHIVE } from "../../lib/binaries/index.js";

let folder: string;
let base: string;
let asked = 0;
const files = new Map<string, Buffer>();
const server = createServer(({ url = "" }, answer) => {
    asked++;
    const file = files.get(url);
    if (url === "/moved") {
        answer.writeHead(302, { location: "/fleet.tar.gz" }).end();
    } else if (url === "/cut") {
        answer.writeHead(200, { "content-length": 9999 }).write("begin");
        setTimeout(() => answer.destroy(), 20);
    } else {
        answer.writeHead(file === undefined ? 404 : 200).end(file);
    }
});

before(async () => {
    folder = mkdtempSync(join(tmpdir(), "pulumi-coreos-fetch-"));
    writeFileSync(join(folder, "script"), FETCH_SCRIPT);
    const tree = join(folder, "fleet-v1.0.0-linux-amd64");
    mkdirSync(tree);
    for (const program of ["fleetd", "fleetctl"]) {
        writeFileSync(join(tree, program), `#!/bin/sh\necho ${program}\n`);
    }
    const pack = (flag: string, name: string) => {
        spawnSync("tar", ["-C", folder, flag, join(folder, name), "fleet-v1.0.0-linux-amd64"]);
        files.set(`/${name}`, readFileSync(join(folder, name)));
    };
    pack("-czf", "fleet.tar.gz");
    pack("-cf", "fleet.tar");
    files.set("/text", Buffer.from("no archive at all"));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

after(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
});

const sumOf = (name: string) =>
    createHash("sha256")
        .update(files.get(name) ?? "")
        .digest("hex");

interface Fetched {
    readonly status: number;
    readonly stderr: string;
    /** What is in the folder afterwards. */
    readonly names: readonly string[];
    readonly bin: string;
}

async function fetchInto(
    name: string,
    sha256: string,
    programs: readonly string[] = ["fleetd", "fleetctl"],
    there: Readonly<Record<string, string>> = {},
): Promise<Fetched> {
    const bin = join(mkdtempSync(join(folder, "case-")), "bin");
    if (Object.keys(there).length > 0) {
        mkdirSync(bin);
    }
    for (const [file, content] of Object.entries(there)) {
        writeFileSync(join(bin, file), content, { mode: 0o755 });
    }
    const args = [join(folder, "script"), base + name, sha256, ...programs];
    const child = spawn("/bin/bash", args, { env: { PATH: "/usr/bin:/bin", BIN: bin } });
    const [stderr] = await Promise.all([readText(child.stderr), once(child, "close")]);
    const names = existsSync(bin) ? readdirSync(bin).sort() : [];
    return { status: child.exitCode ?? -1, stderr, names, bin };
}

for (const name of ["/fleet.tar.gz", "/fleet.tar"]) {
    test(`the programs of ${name} are put into place, executable, and nothing else`, async () => {
        const { status, stderr, names, bin } = await fetchInto(name, sumOf(name));
        assert.deepEqual([status, stderr, names], [0, "", ["fleetctl", "fleetd"]]);
        assert.equal(statSync(join(bin, "fleetd")).mode & 0o7777, 0o755);
        assert.equal(spawnSync(join(bin, "fleetd")).stdout.toString(), "fleetd\n");
    });
}

test("a redirection is followed", async () => {
    const { names } = await fetchInto("/moved", sumOf("/fleet.tar.gz"));
    assert.deepEqual(names, ["fleetctl", "fleetd"]);
});

test("a program that is there is left alone, and where all are, nothing is fetched", async () => {
    const some = await fetchInto("/fleet.tar", sumOf("/fleet.tar"), undefined, { fleetd: "own" });
    assert.deepEqual([some.status, some.names], [0, ["fleetctl", "fleetd"]]);
    assert.equal(readFileSync(join(some.bin, "fleetd"), "utf8"), "own");
    const before = asked;
    const all = await fetchInto("/nowhere", "0", ["fleetd"], { fleetd: "own" });
    assert.deepEqual([all.status, asked], [0, before]);
});

const wrong = "0".repeat(64);
const failures: [string, string, (() => string) | string, number, RegExp, string[]?][] = [
    [
        "a wrong sum",
        "/fleet.tar",
        wrong,
        WRONG_ARCHIVE,
        /its sha256 is \w{64}, and must be 0{64}; nothing of it/,
    ],
    ["no such file", "/nowhere", wrong, 1, /it can't be fetched: curl: .*404/],
    ["a connection that breaks", "/cut", wrong, 1, /it can't be fetched: curl: /],
    [
        "what is no archive",
        "/text",
        () => sumOf("/text"),
        WRONG_ARCHIVE,
        /it is no tar archive: tar: /,
    ],
    [
        "an archive without the program",
        "/fleet.tar",
        () => sumOf("/fleet.tar"),
        WRONG_ARCHIVE,
        /there is no etcd in it/,
        ["fleetd", "etcd"],
    ],
];

for (const [what, name, sum, status, message, programs] of failures) {
    test(`${what}: one line that says so, and nothing is left`, async () => {
        const sha256 = typeof sum === "string" ? sum : sum();
        const found = await fetchInto(name, sha256, programs);
        assert.deepEqual([found.status, found.names], [status, []], found.stderr);
        assert.match(found.stderr, message);
        assert.ok(found.stderr.startsWith(`fetch-binaries: ${base}${name}: `), found.stderr);
        assert.equal(found.stderr.trim().split("\n").length, 1);
    });
}
