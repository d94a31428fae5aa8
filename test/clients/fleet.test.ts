/**
 * fleet's client against a small HTTP server on a Unix socket, in the place of fleetd. A stand-in is
 * allowed here because fleet's error answers, and pages beyond its first hundred units, can't be
 * provoked at will; the rest of the client is tested on real machines.
 */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { FLEET_SOCKET, FleetApiError, FleetClient } from "../../lib/clients/fleet.js";

interface Ask {
    readonly method: string;
    readonly url: string;
    readonly body: string;
}

/** A client of a server that answers so. */
async function clientOf(
    t: TestContext,
    answer: (ask: Ask) => { status: number; body: unknown },
): Promise<{ fleet: FleetClient; asked: Ask[] }> {
    const folder = await mkdtemp(join(tmpdir(), "fleet-"));
    const socketPath = join(folder, "s");
    const asked: Ask[] = [];
    const server = createServer(async (incoming, response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of incoming) {
            chunks.push(Buffer.from(chunk));
        }
        const { method = "", url = "" } = incoming;
        const ask = { method, url, body: Buffer.concat(chunks).toString() };
        asked.push(ask);
        const { status, body } = answer(ask);
        response.writeHead(status, { "Content-Type": "application/json" });
        response.end(
            body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body),
        );
    });
    await new Promise<void>((resolve) => server.listen(socketPath, resolve));
    t.after(async () => {
        server.close();
        await rm(folder, { recursive: true });
    });
    const fleet = new FleetClient({
        request: (endpoint, ask) =>
            new Promise((resolve, reject) => {
                assert.deepEqual(endpoint, { socketPath: FLEET_SOCKET });
                const { method = "GET", path } = ask;
                const outgoing = request({ socketPath, method, path }, async (response) => {
                    const chunks: Buffer[] = [];
                    for await (const chunk of response) {
                        chunks.push(Buffer.from(chunk));
                    }
                    const body = Buffer.concat(chunks).toString();
                    resolve({ status: response.statusCode ?? 0, body });
                });
                outgoing.on("error", reject);
                outgoing.end(ask.body === undefined ? undefined : JSON.stringify(ask.body));
            }),
    });
    return { fleet, asked };
}

test("a list is read page by page, until a page names no next one", async (t) => {
    const pages: Record<string, unknown> = {
        "/fleet/v1/units": { units: [{ name: "a" }], nextPageToken: "t/=&1" },
        "/fleet/v1/units?nextPageToken=t%2F%3D%261": { nextPageToken: "2" },
        "/fleet/v1/units?nextPageToken=2": { units: [{ name: "b" }, { name: "c" }] },
    };
    const { fleet, asked } = await clientOf(t, ({ url }) => ({ status: 200, body: pages[url] }));
    assert.deepEqual(
        (await fleet.units()).map(({ name }) => name),
        ["a", "b", "c"],
    );
    assert.equal(asked.length, 3);
});

test("the states of one unit are asked for by name, on every page", async (t) => {
    const { fleet, asked } = await clientOf(t, ({ url }) => ({
        status: 200,
        body: url.includes("nextPageToken")
            ? { states: [{ name: "a@2.service" }] }
            : { states: [{ name: "a@1.service" }], nextPageToken: "x" },
    }));
    assert.equal((await fleet.states("a@1.service")).length, 2);
    assert.deepEqual(
        asked.map(({ url }) => url),
        [
            "/fleet/v1/state?unitName=a%401.service",
            "/fleet/v1/state?unitName=a%401.service&nextPageToken=x",
        ],
    );
});

test("an empty registry is an empty list", async (t) => {
    const { fleet } = await clientOf(t, () => ({ status: 200, body: {} }));
    assert.deepEqual(await fleet.machines(), []);
    assert.deepEqual(await fleet.units(), []);
    assert.deepEqual(await fleet.states(), []);
});

test("a unit is put with its text and the state it is to have", async (t) => {
    const { fleet, asked } = await clientOf(t, () => ({ status: 201, body: undefined }));
    const options = [{ section: "Service", name: "ExecStart", value: "/bin/true" }];
    await fleet.put("a@1.service", options, "launched");
    const [ask] = asked;
    assert.equal(ask?.method, "PUT");
    assert.equal(ask?.url, "/fleet/v1/units/a%401.service");
    const body = { name: "a@1.service", options, desiredState: "launched" };
    assert.deepEqual(JSON.parse(ask?.body ?? ""), body);
});

test("what is not there is no error, to look at or to remove", async (t) => {
    const { fleet } = await clientOf(t, () => ({
        status: 404,
        body: { error: { code: 404, message: "unit does not exist" } },
    }));
    assert.equal(await fleet.unit("gone.service"), undefined);
    await fleet.destroy("gone.service");
});

for (const [status, body, said] of [
    [409, { error: { code: 409, message: "missing options" } }, "missing options"],
    [400, { error: { code: 400, message: "" } }, '{"error":{"code":400,"message":""}}'],
    [500, "upstream is gone\n", "upstream is gone"],
    [503, "", "(no reason given)"],
] as const) {
    test(`an answer of ${status} is an error with its status and what fleet said`, async (t) => {
        const { fleet } = await clientOf(t, () => ({ status, body }));
        for (const work of [
            () => fleet.units(),
            () => fleet.unit("a.service"),
            () => fleet.put("a.service", [], "inactive"),
            () => fleet.destroy("a.service"),
        ]) {
            await assert.rejects(work, (error) => {
                assert.ok(error instanceof FleetApiError);
                assert.equal(error.status, status);
                assert.equal(error.message, `fleet answered ${status}: ${said}`);
                return true;
            });
        }
    });
}
