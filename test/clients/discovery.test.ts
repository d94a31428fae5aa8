/** The v2 discovery protocol against a real etcd, and against services that answer nonsense. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import { createToken, readToken, removeToken, requireRoom } from "../../lib/clients/index.js";
import { freePort, TestEtcd } from "../support/etcd.js";

const within = (milliseconds: number) => ({ deadline: Date.now() + milliseconds, interval: 20 });
const soon = () => within(5_000);
const elsewhere =
    "; take another endpoint, such as an own etcd's http://HOST:2379/v2/keys/discovery, or " +
    'bootstrap: "static" where the platform promises addresses.';
const ownUrl = `; correct the URL that the service has for its own, or ${elsewhere.slice(2)}`;
const anew =
    "; make a new one, such as a DiscoveryToken of another name, or " +
    'bootstrap: "static" where the platform promises addresses.';

describe("a real etcd with the v2 API", () => {
    let etcd: TestEtcd;
    before(async () => {
        etcd = await TestEtcd.start();
    });
    after(() => etcd.stop());

    const register = (url: string, id: string, value: string) =>
        etcd.keys(`${url.split("/v2/keys/")[1]}/${id}`, "PUT", value);

    test("makes a token below the directory of its URL, or below /discovery", async () => {
        for (const [path, directory] of [
            ["/v2/keys", "/discovery/"],
            ["/v2/keys/", "/discovery/"],
            ["/v2/keys/a/b/", "/a/b/"],
        ]) {
            const url = await createToken(etcd.url + path, 3, soon());
            const [start, token] = url.split(`/v2/keys${directory}`);
            assert.equal(start, etcd.url);
            assert.match(token ?? "", /^[0-9a-f]{32}$/);
            assert.deepEqual(await readToken(url, soon()), { size: 3, members: [] });
        }
    });

    test("tells who registered, in their order, until the token is full", async () => {
        const url = await createToken(`${etcd.url}/v2/keys`, 2, soon());
        await register(url, "ffff", "a=http://10.0.0.1:2380,a=http://10.0.0.2:2380");
        const first = { name: "a", peerUrls: ["http://10.0.0.1:2380", "http://10.0.0.2:2380"] };
        assert.deepEqual(await requireRoom(url, 2, soon()), { size: 2, members: [first] });
        await register(url, "1", "b=http://10.0.0.3:2380");
        const second = { name: "b", peerUrls: ["http://10.0.0.3:2380"] };
        assert.deepEqual((await readToken(url, soon()))?.members, [first, second]);
        await assert.rejects(requireRoom(url, 2, soon()), {
            name: "DiscoveryError",
            message: `Discovery token ${url} is already full (a, b), and bootstraps one cluster only${anew}`,
        });
    });

    test("removes a token, with all that registered; one that is gone is no error", async () => {
        const url = await createToken(`${etcd.url}/v2/keys`, 1, soon());
        await register(url, "1", "a=http://10.0.0.1:2380");
        await removeToken(url, soon());
        assert.equal(await readToken(url, soon()), undefined);
        await removeToken(url, soon());
        await assert.rejects(requireRoom(url, 1, soon()), {
            message: `Discovery token ${url} is unknown there: it has expired (the public service keeps a token for about 12 hours), or was removed${anew}`,
        });
    });

    test("a token of another size is refused", async () => {
        const url = await createToken(`${etcd.url}/v2/keys`, 5, soon());
        await assert.rejects(requireRoom(url, 3, soon()), {
            message: `Discovery token ${url} is for 5 members, not for 3, and that can't be changed${anew}`,
        });
    });

    test("taken for a discovery service, is told by what it answers to /new", async () => {
        await assert.rejects(createToken(etcd.url, 3, soon()), {
            message: `Discovery endpoint ${etcd.url} gave no token: it answers 404 "404 page not found" to /new, and not with a token's URL${elsewhere}`,
        });
    });
});

test("an etcd without the v2 API is told by what it lacks", async (context) => {
    const etcd = await TestEtcd.start([]);
    context.after(() => etcd.stop());
    await assert.rejects(createToken(`${etcd.url}/v2/keys`, 3, soon()), {
        message: `Discovery endpoint ${etcd.url}/v2/keys/discovery gave no token: it answers 404 "404 page not found" to a new key; an etcd needs --enable-v2${elsewhere}`,
    });
});

/** What the broken service answers next: a status and a body, or nothing at all. */
type Answer = readonly [status: number, body: string] | "silence" | "hang up";

describe("a broken service", () => {
    let server: Server;
    let url: string;
    let answers: Answer[] = [];
    const asked: string[] = [];

    before(async () => {
        server = createServer(({ method, url: path }, response) => {
            asked.push(`${method} ${path}`);
            respond(response, answers.length > 1 ? answers.shift() : answers[0]);
        }).listen(0, "127.0.0.1");
        await once(server, "listening");
        url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    after(() => {
        server.closeAllConnections();
        server.close();
    });

    function respond(response: ServerResponse, answer: Answer | undefined): void {
        if (answer === "hang up") {
            response.socket?.destroy();
        } else if (answer !== undefined && answer !== "silence") {
            response.writeHead(answer[0]).end(answer[1].replaceAll("SELF", url));
        }
    }

    const token = "0123456789abcdef0123456789abcdef";
    const fine: Answer = [200, `SELF/${token}`];
    const found = `gave the token SELF/${token}, which`;
    const nonsense: [string, Answer[], string, string?][] = [
        [
            "a page for people to log in",
            [[200, "<!doctype html>\n<p>Welcome"]],
            'gave no token: it answers 200 "<!doctype html> <p>Welcome" to /new, and not with a token\'s URL',
        ],
        [
            "nothing",
            [[200, ""]],
            "gave no token: it answers 200 to /new, and not with a token's URL",
        ],
        [
            "a URL without a token",
            [[200, "SELF/"]],
            'gave no token: it answers 200 "SELF/" to /new, and not with a token\'s URL',
        ],
        [
            "a URL that would end the unit's line",
            [[200, "SELF/a\nb"]],
            'gave no token: it answers 200 "SELF/a b" to /new, and not with a token\'s URL',
        ],
        [
            "a refusal",
            [[403, "no"]],
            'gave no token: it answers 403 "no" to /new, and not with a token\'s URL',
        ],
        [
            "a token of another size",
            [fine, [200, '{"node":{"value":"5"}}'], [200, '{"node":{"dir":true}}']],
            `${found} is for 5 members`,
        ],
        ["a token that is not there", [fine, [404, '{"errorCode":100}']], `${found} is not there`],
        [
            "a size that is none",
            [fine, [200, '{"node":{"value":"many"}}']],
            `${found} can't be read: it answers 200 "{\\"node\\":{\\"value\\":\\"many\\"}}" for a token's size`,
            ownUrl,
        ],
        [
            "a list where an object belongs",
            [fine, [200, "[]"]],
            `${found} can't be read: it answers 200 "[]" for a token's size`,
            ownUrl,
        ],
        [
            "members that are none",
            [fine, [200, '{"node":{"value":"3"}}'], [200, '{"node":{"nodes":[null]}}']],
            `${found} can't be read: it answers 200 "{\\"node\\":{\\"nodes\\":[null]}}" for a token's members`,
            ownUrl,
        ],
        [
            "no list of members",
            [fine, [200, '{"node":{"value":"3"}}'], [200, '{"node":{"nodes":"x"}}']],
            `${found} can't be read: it answers 200 "{\\"node\\":{\\"nodes\\":\\"x\\"}}" for a token's members`,
            ownUrl,
        ],
    ];
    for (const [what, given, why, instead = elsewhere] of nonsense) {
        test(`that answers ${what} is given up at once, in one sentence`, async () => {
            answers = [...given];
            const reason = why.replaceAll("SELF", url);
            // An hour: a wait would be seen.
            await assert.rejects(createToken(url, 3, within(3_600_000)), {
                name: "DiscoveryError",
                message: `Discovery endpoint ${url} ${reason}${instead}`,
            });
        });
    }

    test("that has a bad moment is asked again", async () => {
        asked.length = 0;
        answers = [
            [503, "busy"],
            [429, ""],
            [400, "Unable to generate token"],
            "hang up",
            fine,
            [500, ""],
            [200, '{"node":{"value":"3"}}'],
            [200, '{"node":{"dir":true}}'],
        ];
        assert.equal(await createToken(`${url}/`, 3, soon()), `${url}/${token}`);
        assert.deepEqual(asked, [
            ...Array.from({ length: 5 }, () => "GET /new?size=3"),
            ...Array.from({ length: 2 }, () => `GET /${token}/_config/size`),
            `GET /${token}`,
        ]);
    });

    const lasting: [string, Answer, string][] = [
        ["busy", [503, "busy\n"], 'it answers 503 "busy"'],
        ["silent", "silence", "no answer"],
        ["hanging up", "hang up", "the connection was closed without an answer"],
    ];
    for (const [what, answer, why] of lasting) {
        test(`that stays ${what} is told at the limit`, async () => {
            answers = [answer];
            await assert.rejects(readToken(`${url}/${token}`, within(300)), (cause: Error) => {
                assert.equal(
                    cause.message.replace(/in \d+ s/, "in time"),
                    `Discovery token ${url}/${token} can't be read in time: ${why}${elsewhere}`,
                );
                return true;
            });
        });
    }
});

test("an endpoint that is down is told by why it can't be reached", async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    await assert.rejects(createToken(url, 3, within(200)), {
        message: /^Discovery endpoint .* gave no token in \d+ s: the connection is refused; take/,
    });
    await assert.rejects(createToken("http://discovery.invalid", 3, within(3_600_000)), {
        message:
            /^Discovery endpoint .* gave no token: no host has that name; take another endpoint/,
    });
});

test("a token of the public service that has expired is one that is unknown", async (context) => {
    const server = createServer((_, response) => {
        response.writeHead(400).end("unable to GET token");
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    context.after(() => server.close());
    const { port } = server.address() as AddressInfo;
    assert.equal(await readToken(`http://127.0.0.1:${port}/abc`, soon()), undefined);
});
