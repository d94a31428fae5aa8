/** The protocol against the discovery service itself, as Debian packages it, with a real etcd behind it. */
import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { createToken, readToken, requireRoom } from "../../lib/clients/index.js";
import { waitFor } from "../../lib/clients/wait.js";
import { run } from "../../lib/platforms/local/command.js";
import { freePort, TestEtcd, TestProcess } from "../support/etcd.js";

const PACKAGE = "etcd-discovery";

/** Fetches and unpacks the package. Nothing of it is installed: no user, no service, no file of the host. */
async function unpack(folder: string): Promise<void> {
    await run("apt-get", ["download", PACKAGE], { directory: folder, limit: 300_000 });
    const file = (await readdir(folder)).find((name) => name.endsWith(".deb")) ?? "";
    await run("dpkg-deb", ["--extract", file, "unpacked"], { directory: folder });
}

/** Why the package can't be had here, if so. */
async function absence(): Promise<string | false> {
    if (process.getuid?.() !== 0) {
        return "needs root";
    }
    const isThere = async () => /Candidate: \d/.test(await run("apt-cache", ["policy", PACKAGE]));
    try {
        if (!(await isThere())) {
            await run("apt-get", ["update"], { limit: 300_000 });
        }
        return (await isThere()) ? false : `apt knows no package ${PACKAGE}`;
    } catch {
        return "there is no apt here";
    }
}

const soon = () => ({ deadline: Date.now() + 10_000, interval: 50 });

describe("Debian's etcd-discovery", async () => {
    const skip = await absence();
    let folder: string;
    let etcd: TestEtcd;
    let url: string;
    const services: TestProcess[] = [];

    /** @param names the URL that its tokens begin with */
    async function serve(port: number, names: string): Promise<void> {
        const unpacked = join(folder, "unpacked");
        // It reads its settings from /etc, before its options: a view of /etc of its own has the package's.
        const script = 'mount --bind "$0/etc" /etc && exec "$0/usr/bin/discovery.etcd.io" "$@"';
        const options = [`--etcd=${etcd.url}`, `--host=${names}`, `--addr=127.0.0.1:${port}`];
        const service = new TestProcess("unshare", [
            ...["--mount", "sh", "-c", script, unpacked],
            ...options,
        ]);
        services.push(service);
        await waitFor("the service", soon(), async () => {
            const answer = await fetch(`http://127.0.0.1:${port}/health`);
            const text = await answer.text();
            return text === "OK" ? { done: undefined } : { waiting: text };
        }).catch((cause: unknown) => {
            throw new Error(`${cause}\n${service.output.slice(-1000)}`);
        });
    }

    before(async () => {
        if (skip !== false) {
            return;
        }
        folder = await mkdtemp(join(tmpdir(), "pulumi-coreos-discovery-"));
        await unpack(folder);
        etcd = await TestEtcd.start();
        const port = await freePort();
        url = `http://127.0.0.1:${port}`;
        await serve(port, url);
    });

    after(async () => {
        for (const service of services) {
            await service.kill();
        }
        await etcd?.stop();
        if (folder !== undefined) {
            await rm(folder, { recursive: true, force: true });
        }
    });

    test("makes a token of the size that was asked for, and tells who registers", {
        skip,
    }, async () => {
        const token = await createToken(url, 3, soon());
        assert.match(token, new RegExp(`^${url}/[0-9a-f]{32}$`));
        assert.deepEqual(await readToken(token, soon()), { size: 3, members: [] });
        const body = new URLSearchParams({ value: "a=http://10.0.0.1:2380" });
        await fetch(`${token}/1234?prevExist=false`, { method: "PUT", body });
        const { members } = await requireRoom(token, 3, soon());
        assert.deepEqual(members, [{ name: "a", peerUrls: ["http://10.0.0.1:2380"] }]);
    });

    test("knows nothing of a token that it forgot", { skip }, async () => {
        const token = await createToken(url, 1, soon());
        const name = token.split("/").at(-1);
        await etcd.keys(`_etcd/registry/${name}?recursive=true`, "DELETE");
        assert.equal(await readToken(token, soon()), undefined);
    });

    test("that was told a wrong URL of its own is found out", { skip }, async () => {
        const port = await freePort();
        await serve(port, "http://127.0.0.1:9");
        const limit = { ...soon(), deadline: Date.now() + 1_000 };
        await assert.rejects(createToken(`http://127.0.0.1:${port}`, 3, limit), {
            message:
                /gave the token http:\/\/127\.0\.0\.1:9\/[0-9a-f]{32}, which can't be read in \d+ s: \w.*; correct the URL/,
        });
    });
});
