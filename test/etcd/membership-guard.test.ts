import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { MEMBERSHIP_GUARD_SCRIPT } from "../../lib/etcd/index.js";
import { freePort } from "../support/etcd.js";

const folder = mkdtempSync(join(tmpdir(), "pulumi-coreos-guard-"));
const servers: Server[] = [];
after(() => {
    for (const server of servers) {
        server.close();
    }
    rmSync(folder, { recursive: true, force: true });
});

/** A member as etcd lists it on its peer port. */
interface Listed {
    readonly id: number;
    readonly peerURLs: readonly string[];
    readonly name?: string;
    readonly clientURLs?: readonly string[];
}

async function listening(server: Server): Promise<string> {
    servers.push(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
}

/** A peer port that answers with these members. */
async function etcd(members: (url: string) => readonly Listed[]): Promise<string> {
    let own = "";
    const server = createHttpServer((request, response) => {
        response.statusCode = request.url === "/members" ? 200 : 404;
        response.end(`${JSON.stringify(members(own))}\n`);
    });
    own = await listening(server);
    return own;
}

/** A machine of which nothing is known: it is not up, or something stands in between. */
function silent(): Promise<string> {
    return listening(createServer((socket) => socket.destroy()));
}

/** A machine that is up and runs no etcd. */
async function refusing(): Promise<string> {
    return `http://127.0.0.1:${await freePort()}`;
}

interface Setting {
    readonly own?: string;
    readonly args?: readonly string[];
    readonly delivered?: string;
    /** What is in the data directory. */
    readonly data?: "wal" | "rest of a failed start";
}

let count = 0;

/** What the script decides: the variables for etcd, or the reason for which it waits. */
async function decide(setting: Setting): Promise<{ begin?: string[]; waits?: string }> {
    count += 1;
    const place = join(folder, String(count));
    const [state, runtime] = [join(place, "state"), join(place, "run")];
    mkdirSync(runtime, { recursive: true });
    mkdirSync(join(state, "member", setting.data === "wal" ? "wal" : "snap"), { recursive: true });
    if (setting.data === undefined) {
        rmSync(join(state, "member"), { recursive: true });
    }
    const [script, list] = [join(place, "script"), join(place, "members.env")];
    writeFileSync(script, MEMBERSHIP_GUARD_SCRIPT);
    if (setting.delivered !== undefined) {
        writeFileSync(list, setting.delivered);
    }
    const environment = {
        PATH: process.env["PATH"],
        http_proxy: "http://127.0.0.1:9",
        STATE_DIRECTORY: state,
        RUNTIME_DIRECTORY: runtime,
        MEMBER_LIST: list,
        PAUSE: "0.02",
    };
    const { own = "http://10.0.0.9:2380", args = [] } = setting;
    const child = spawn("bash", [script, "nine", own, ...args], { env: environment });
    const ended = once(child, "exit");
    const waits = join(runtime, "waits");
    while (child.exitCode === null && !existsSync(waits)) {
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
    if (child.exitCode === null) {
        child.kill("SIGKILL");
        await ended;
        return { waits: readFileSync(waits, "utf8").trim() };
    }
    assert.equal(child.exitCode, 0);
    assert.equal(existsSync(waits), false);
    assert.equal(existsSync(join(state, "member")), setting.data === "wal", "only data stays");
    const text = readFileSync(join(runtime, "begin.env"), "utf8");
    return { begin: text.split("\n").filter((line) => line !== "") };
}

const own = "http://10.0.0.9:2380";
const clientURLs = ["http://10.0.0.1:2379"];
const started = (url: string, name = "one"): Listed => ({
    id: 1,
    peerURLs: [url],
    name,
    clientURLs,
});
const added = (url: string): Listed => ({ id: 2, peerURLs: [url] });
const first = (url: string, name: string): Listed => ({ id: 3, peerURLs: [url], name });
const list = (...urls: readonly string[]) =>
    `members=nine=${own},${urls.map((url, index) => `m${index}=${url}`).join(",")}`;
const token = "https://discovery.example/abc";

test("with data etcd begins without another word, whatever the others say", async () => {
    const other = await etcd((url) => [started(url)]);
    assert.deepEqual(await decide({ data: "wal", args: [list(other)] }), { begin: [] });
});

test("the first members begin anew, as soon as each of the others is seen to run no etcd", async () => {
    const [one, two] = [await refusing(), await refusing()];
    const args = [list(one, two)];
    const expected = [
        `ETCD_INITIAL_CLUSTER=nine=${own},m0=${one},m1=${two}`,
        "ETCD_INITIAL_CLUSTER_STATE=new",
    ];
    assert.deepEqual(await decide({ args }), { begin: expected });
    assert.deepEqual(await decide({ args, data: "rest of a failed start" }), { begin: expected });
});

test("they begin anew while others do so too", async () => {
    const one = await etcd((url) => [first(url, "m0"), first(own, "nine")]);
    const { begin = [] } = await decide({ args: [list(one)] });
    assert.equal(begin[1], "ETCD_INITIAL_CLUSTER_STATE=new");
});

test("none begins anew while there is no word from one that may have data", async () => {
    const [quiet, one] = [await silent(), await refusing()];
    const { waits } = await decide({ args: [list(one, quiet)] });
    assert.equal(waits, `it has no data, and no word from ${quiet}`);
});

test("one that comes late, or was added, joins those that have begun, by their list", async () => {
    for (const mine of [first(own, "nine"), added(own)]) {
        const quiet = await silent();
        const one = await etcd((url) => [started(url), mine, added("http://10.0.0.7:2380")]);
        assert.deepEqual(await decide({ args: [list(quiet, one)] }), {
            begin: [
                `ETCD_INITIAL_CLUSTER=one=${one},nine=${own},added-3=http://10.0.0.7:2380`,
                "ETCD_INITIAL_CLUSTER_STATE=existing",
            ],
        });
    }
});

test("one without data waits while the others list it as started, or not at all", async () => {
    const listed = await etcd((url) => [started(url), started(own, "nine")]);
    assert.match((await decide({ args: [list(listed)] })).waits ?? "", /must be removed and added/);
    const alone = await etcd((url) => [started(url)]);
    const { waits } = await decide({ args: [list(alone)] });
    assert.equal(waits, `the members have not added ${own}`);
});

test("a list that is delivered counts for more, and may forbid to begin anew", async () => {
    const one = await refusing();
    const delivered = (state: string, others = `,one=${one}`) =>
        `# A comment\nETCD_INITIAL_CLUSTER=nine=${own}${others}\nETCD_INITIAL_CLUSTER_STATE=${state}\n`;
    const { begin = [] } = await decide({ delivered: delivered("new") });
    assert.equal(begin[0], `ETCD_INITIAL_CLUSTER=nine=${own},one=${one}`);
    for (const text of [delivered("existing"), delivered("existing", "")]) {
        const { waits } = await decide({ delivered: text, args: [`discovery=${token}`] });
        assert.equal(waits, "it has no data, and no other member runs");
    }
    assert.match((await decide({})).waits ?? "", /list of members is not there/);
});

test("a token is for the first start alone", async () => {
    const args = [`discovery=${token}`];
    const begin = [`ETCD_DISCOVERY=${token}`, "ETCD_DISCOVERY_FALLBACK=exit"];
    assert.deepEqual(await decide({ args }), { begin });
    assert.deepEqual(await decide({ args: [...args, list(await refusing())] }), { begin });
    // An etcd that waits for the others by a token has its port open, and gives no answer.
    assert.deepEqual(await decide({ args: [...args, list(await silent())] }), { begin });
    const one = await etcd((url) => [started(url), started(own, "nine")]);
    assert.match((await decide({ args: [...args, list(one)] })).waits ?? "", /removed and added/);
});
