/** A token's life in the real engine, with a real etcd as its endpoint. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { DiscoveryTokenArgs } from "../../lib/index.js";
import { freePort, TestEtcd } from "../support/etcd.js";
import { type Outcome, PreviewProject } from "./preview-project.js";

const up = ["up", "--yes", "--skip-preview"];

describe("a discovery token", () => {
    let project: PreviewProject;
    let etcd: TestEtcd;
    let isRunning = true;

    before(async () => {
        etcd = await TestEtcd.start();
        project = await PreviewProject.make(join(__dirname, "discovery-token-program.js"));
    });
    after(async () => {
        await project.remove();
        if (isRunning) {
            await etcd.stop();
        }
    });

    const run = (
        args: readonly string[],
        token: DiscoveryTokenArgs,
        more: NodeJS.ProcessEnv = {},
    ) => project.run(args, { TOKEN: JSON.stringify(token), ...more });
    const at = (size: number) => ({ size, endpoint: `${etcd.url}/v2/keys` });

    async function succeed(outcome: Promise<Outcome>): Promise<string> {
        const { code, text } = await outcome;
        assert.equal(code, 0, text);
        return text;
    }

    async function fail(outcome: Promise<Outcome>): Promise<string> {
        const { code, text } = await outcome;
        assert.notEqual(code, 0, text);
        assert.doesNotMatch(text, /^\s+at |unhandled|node:internal/m, "no stack");
        return text;
    }

    /** The token as the state has it. */
    async function outputs(): Promise<{ url: string; token: string }> {
        const { deployment } = JSON.parse(await succeed(project.run(["stack", "export"])));
        const resources: { type: string; outputs: { url: string; token: string } }[] =
            deployment.resources;
        const tokens = resources.filter(({ type }) => type.endsWith(":DiscoveryToken"));
        const [token] = tokens;
        assert.ok(token !== undefined && tokens.length === 1, `${tokens.length} tokens`);
        return { url: token.outputs.url, token: token.outputs.token };
    }

    let made: { url: string; token: string };

    test("is not made by a preview, which opens no connection", async (context) => {
        let connections = 0;
        const server = createServer().listen(0, "127.0.0.1");
        server.on("connection", () => {
            connections += 1;
        });
        await once(server, "listening");
        context.after(() => server.close());
        const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
        await succeed(run(["preview"], { size: 3, endpoint }));
        assert.equal(connections, 0);
    });

    test("that can't be made fails the update within its limit, in one sentence", async () => {
        const endpoint = `http://127.0.0.1:${await freePort()}/`;
        const text = await fail(run(up, { size: 3, endpoint }));
        const told = `Discovery endpoint ${endpoint.slice(0, -1)} gave no token in \\d+ s: the connection is refused; take another endpoint, such as .* or bootstrap: "static" where`;
        assert.match(text, new RegExp(told));
    });

    test("is made once, for its size, and nothing that changes beside it makes it anew", async () => {
        await succeed(run(up, at(3)));
        made = await outputs();
        const { url, token } = made;
        assert.equal(url, `${etcd.url}/v2/keys/discovery/${token}`);
        assert.match(await etcd.keys(`discovery/${token}/_config/size`), /"value":"3"/);
        const text = await succeed(run(up, at(3), { COMMENT: "another" }));
        assert.match(text, /unchanged/, text);
        // A slash more is the same endpoint.
        const slash = { size: 3, endpoint: `${etcd.url}/v2/keys/discovery/` };
        await succeed(run(up, slash));
        assert.deepEqual((await outputs()).url, url);
    });

    test("says at the preview what a changed size or endpoint means, and opens no connection", async () => {
        const endpoint = "http://127.0.0.1:9";
        const text = await fail(run(["preview"], { size: 5, endpoint }));
        const anew = "a new cluster needs a new token: a DiscoveryToken of another name";
        const size =
            "size: got 5; the token was made for 3 members, and the size of a bootstrap token can't change " +
            `afterwards; members are added and removed at runtime; ${anew}`;
        const moved = `endpoint: got "${endpoint}"; the token was made at ${etcd.url}/v2/keys/discovery, and a cluster bootstraps once; ${anew}`;
        assert.ok(text.includes(size), `${text}\n${size}`);
        assert.ok(text.includes(moved), text);
        const given = { size: 3, url: `${made.url}x` };
        assert.match(await fail(run(["preview"], given)), /url: got .*; the token was made at/);
    });

    test("that exists is taken as it is, looked at before it is used, and left in place", async () => {
        const other = { TOKEN_NAME: "other" };
        const wrong = await fail(run(up, { size: 1, url: made.url }, other));
        assert.match(
            wrong,
            /is for 3 members, not for 1, and that can't be changed; make a new one/,
        );
        const known = `${etcd.url}/v2/keys/known/at-once`;
        const preview = run(["preview", "--diff"], { size: 3, url: known }, { TOKEN_NAME: "new" });
        assert.ok((await succeed(preview)).includes(`discovery: ${known}`));
        // It replaces the one of the test before, whose key goes: the new one has its own.
        const own = "own/token";
        await etcd.keys(`${own}/_config/size`, "PUT", "1");
        await etcd.keys(`${own}/12`, "PUT", "a=http://10.0.0.1:2380");
        const url = `${etcd.url}/v2/keys/${own}`;
        const full = await fail(run(up, { size: 1, url }, { TOKEN_NAME: "full" }));
        assert.match(
            full,
            /is already full \(a\), and bootstraps one cluster only; make a new one/,
        );
        await etcd.keys(`${own}/12`, "DELETE");
        await succeed(run(up, { size: 1, url }, { TOKEN_NAME: "kept", TOKEN_URL_LATE: url }));
        assert.equal((await outputs()).token, "token");
        assert.match(
            await etcd.keys(`discovery/${made.token}`),
            /Key not found/,
            "removed with its resource",
        );
        await succeed(run(["destroy", "--yes", "--skip-preview"], { size: 1, url }));
        assert.match(await etcd.keys(`${own}/_config/size`), /"value":"1"/);
    });

    test("is kept by a refresh when it has expired, and when nothing answers", async () => {
        await succeed(run(up, at(3)));
        made = await outputs();
        await etcd.keys(`discovery/${made.token}?recursive=true`, "DELETE");
        const expired = await succeed(run(["refresh", "--yes", "--skip-preview"], at(3)));
        assert.match(expired, /has expired or was removed; a cluster that has bootstrapped by it/);
        await etcd.stop();
        isRunning = false;
        const silent = await succeed(run(["refresh", "--yes", "--skip-preview"], at(3)));
        assert.match(silent, /is kept, and could not be looked at: the connection is refused/);
        assert.match(await succeed(run(up, at(3))), /unchanged/);
        assert.equal((await outputs()).url, made.url);
        await succeed(run(["destroy", "--yes", "--skip-preview"], at(3)));
    });

    test("with several mistakes is told them all, before anything is made", async () => {
        const text = await fail(
            run(["preview"], { size: 2.5, endpoint: "discovery.etcd.io", url: "http://a:b@c/d" }),
        );
        const told = text.split("\n").map((line) => line.trim());
        const begin = told.lastIndexOf('error: DiscoveryToken "demo" can\'t be made:');
        assert.deepEqual(told.slice(begin, begin + 5), [
            'error: DiscoveryToken "demo" can\'t be made:',
            "- size: got 2.5; must be the number of etcd members that the cluster begins with, a whole number from 1 to 99",
            "- url: is for a token that exists; leave `endpoint` out",
            '- endpoint: got "discovery.etcd.io"; must be a discovery service such as https://discovery.etcd.io, or an etcd\'s keys such as http://10.0.0.2:2379/v2/keys/discovery',
            "- url: must not hold a password: it would stand in user-data",
        ]);
    });
});
