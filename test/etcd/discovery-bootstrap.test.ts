/** Real etcds with the flags of our units, on addresses of loopback: their first start by a token, and later ones. */
import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import { createToken, readToken, removeToken } from "../../lib/clients/index.js";
import { waitFor } from "../../lib/clients/wait.js";
import { MEMBERSHIP_GUARD_SCRIPT, memberUnit, proxyUnit } from "../../lib/etcd/index.js";
import type { UnitDocument } from "../../lib/systemd/index.js";
import { steps } from "../e2e/support/steps.js";
import { etcdProgram, healthy, TestEtcd, TestProcess } from "../support/etcd.js";

const soon = () => ({ deadline: Date.now() + 10_000, interval: 50 });

describe("etcds that find each other by a token", () => {
    const step = steps();
    const network = `127.${randomInt(2, 255)}.${randomInt(0, 255)}`;
    const folder = mkdtempSync(join(tmpdir(), "pulumi-coreos-etcd-"));
    const running = new Map<string, TestProcess>();
    let program: string;
    let endpoint: TestEtcd;
    let token: string;
    let isEndpointUp = true;

    before(async () => {
        program = await etcdProgram();
        endpoint = await TestEtcd.start();
        token = await createToken(`${endpoint.url}/v2/keys`, 3, soon());
    });
    after(async () => {
        await Promise.all([...running.values()].map((etcd) => etcd.kill()));
        if (isEndpointUp) {
            await endpoint.stop();
        }
        rmSync(folder, { recursive: true, force: true });
    });

    const address = (host: number) => `${network}.${host}`;
    const client = (host: number) => `http://${address(host)}:2379`;

    /** Starts what a unit starts, on a machine of that number, which has no loopback of its own. */
    function start(host: number, unit: UnitDocument): TestProcess {
        const here = (text: unknown): string =>
            String(text ?? "")
                .replaceAll("http://127.0.0.1:2379,", "")
                .replaceAll("$private_ipv4", address(host))
                .replaceAll("%H", `machine-${host}`)
                .replaceAll("/var/lib/etcd", join(folder, String(host)));
        const [state, runtime] = [join(folder, String(host)), join(folder, `run-${host}`)];
        mkdirSync(runtime, { recursive: true });
        const guard = join(runtime, "guard");
        writeFileSync(guard, MEMBERSHIP_GUARD_SCRIPT);
        const [, ...ofGuard] = here(unit.Service?.ExecStartPre).split(" ");
        const flags = here(unit.Service?.ExecStart)
            .split(/ \\\n +/)
            .slice(1);
        const lines = [
            `export STATE_DIRECTORY=${state} RUNTIME_DIRECTORY=${runtime}`,
            ...(ofGuard.length === 0
                ? []
                : [
                      `bash ${guard} ${ofGuard.join(" ")} || exit 1`,
                      `set -a; . ${runtime}/begin.env; set +a`,
                  ]),
            `exec ${program} ${flags.join(" ")} --unsafe-no-fsync`,
        ];
        const etcd = new TestProcess("bash", ["-c", lines.join("\n")]);
        running.set(address(host), etcd);
        return etcd;
    }

    function settings() {
        const bootstrap = { kind: "discovery", url: token } as const;
        return { scheme: "http", token: "demo", bootstrap } as const;
    }

    async function startAll(): Promise<void> {
        const members = [1, 2, 3].map(
            (host) => [host, start(host, memberUnit(settings()))] as const,
        );
        const proxy = [4, start(4, proxyUnit(settings()))] as const;
        for (const [host, etcd] of [...members, proxy]) {
            await healthy(client(host), etcd);
        }
    }

    const key = (host: number) => `${client(host)}/v2/keys/kept`;

    step("begin one cluster, and a proxy finds it", async () => {
        await startAll();
        const state = await readToken(token, soon());
        assert.deepEqual(state?.members.map(({ name, peerUrls }) => [name, ...peerUrls]).sort(), [
            ["machine-1", `http://${address(1)}:2380`],
            ["machine-2", `http://${address(2)}:2380`],
            ["machine-3", `http://${address(3)}:2380`],
        ]);
        const body = new URLSearchParams({ value: "yes" });
        const written = await fetch(key(4), { method: "PUT", body });
        assert.equal(written.status, 201);
    });

    step("turn one away that comes too late, which would else become a proxy", async () => {
        const late = start(5, memberUnit(settings()));
        await waitFor("its end", soon(), async () =>
            late.status === null ? { waiting: late.output.slice(-500) } : { done: undefined },
        );
        assert.notEqual(late.status, 0);
        assert.match(late.output, /discovery: cluster is full/);
    });

    step("come back without the token and its endpoint, with what they knew", async () => {
        await removeToken(token, soon());
        await endpoint.stop();
        isEndpointUp = false;
        await Promise.all([...running.values()].map((etcd) => etcd.kill()));
        running.clear();
        await startAll();
        for (const host of [1, 2, 3, 4]) {
            assert.match(await (await fetch(key(host))).text(), /"value":"yes"/);
        }
        const first = running.get(address(1));
        assert.match(first?.output ?? "", /"discovery-url":""/);
    });
});
