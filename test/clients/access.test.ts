/**
 * Machines that fail in the middle of a request, on stand-ins: real ones can't be made to answer in so
 * many wrong ways at will. A real machine that dies is in test/e2e/failover.test.ts.
 */
import assert from "node:assert/strict";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { utils } from "ssh2";
import { ClusterAccess, FLEET_SOCKET } from "../../lib/clients/index.js";
import type { SshHost } from "../../lib/connection.js";
import { startFakeMachine } from "../cli/fake-machine.js";

const privateKey = utils.generateKeyPairSync("ed25519").private;
const endpoint = { socketPath: FLEET_SOCKET };
const ask = { path: "/who", failsOver: true };

/** A machine that says its name; with another status, one whose fleet can't answer. */
async function machine(t: TestContext, name: string, status = 200) {
    const fake = await startFakeMachine("/nowhere", { "/who": name }, status);
    t.after(() => fake.close());
    const host: SshHost = { name, address: "127.0.0.1", port: fake.port };
    return { host, end: () => fake.close() };
}

/** What takes connections and never says a word, as a network that loses packets seems to. */
async function silent(t: TestContext): Promise<SshHost> {
    const sockets: Socket[] = [];
    const server = createServer((socket) => sockets.push(socket.on("error", () => undefined)));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    t.after(() => {
        server.close();
        for (const socket of sockets) {
            socket.destroy();
        }
    });
    const { port } = server.address() as AddressInfo;
    return { name: "silent", address: "127.0.0.1", port };
}

/** What refuses connections. */
async function refusing(t: TestContext): Promise<SshHost> {
    const { host, end } = await machine(t, "refusing");
    end();
    return host;
}

function accessTo(t: TestContext, ...hosts: readonly SshHost[]): ClusterAccess {
    const access = new ClusterAccess({ user: "core", privateKey, hosts });
    t.after(() => access.close());
    return access;
}

test("the first machine that answers is taken, in the order in which they stand", async (t) => {
    const [one, two] = [await machine(t, "one"), await machine(t, "two")];
    const [mute, closed] = [await silent(t), await refusing(t)];
    for (const [hosts, expected] of [
        [[one.host, two.host], "one"],
        [[closed, two.host, one.host], "two"],
        [[mute, closed, one.host, two.host], "one"],
    ] as const) {
        assert.equal((await accessTo(t, ...hosts).session()).host.name, expected);
    }
});

test("where none answers, the error says what each of them did", async (t) => {
    const access = accessTo(t, await refusing(t), await silent(t));
    await assert.rejects(access.session(), (error: Error) => {
        assert.match(
            error.message,
            /^no machine of the cluster can be reached over SSH: refusing \(127\.0\.0\.1\): connect ECONNREFUSED .*; silent \(127\.0\.0\.1\): Timed out/,
        );
        return true;
    });
});

test("a request goes on through the next machine when the one in use ends", async (t) => {
    const [one, two] = [await machine(t, "one"), await machine(t, "two")];
    const access = accessTo(t, one.host, two.host);
    assert.equal((await access.request(endpoint, ask)).body, '"one"');
    one.end();
    (await access.session()).close();
    assert.equal((await access.request(endpoint, ask)).body, '"two"');
});

test("a machine that can't answer is passed over, for this request and those that follow", async (t) => {
    const [one, two, three] = [
        await machine(t, "one", 503),
        await machine(t, "two", 500),
        await machine(t, "three"),
    ];
    const access = accessTo(t, one.host, two.host, three.host);
    assert.deepEqual(await access.request(endpoint, ask), { status: 200, body: '"three"' });
    assert.equal((await access.session()).host.name, "three");
});

test("an answer that no machine has is given as the last of them has it", async (t) => {
    const [one, two] = [await machine(t, "one", 503), await machine(t, "two", 500)];
    const access = accessTo(t, one.host, two.host);
    assert.equal((await access.request(endpoint, ask)).status, 500);
});

test("an answer that says no is an answer", async (t) => {
    const [one, two] = [await machine(t, "one"), await machine(t, "two")];
    const access = accessTo(t, one.host, two.host);
    const answer = await access.request(endpoint, { path: "/other", failsOver: true });
    assert.equal(answer.status, 404);
    assert.equal((await access.session()).host.name, "one");
});
