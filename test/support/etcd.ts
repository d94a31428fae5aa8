import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { waitFor } from "../../lib/clients/wait.js";
import { goBuild } from "../../lib/platforms/local/go-build.js";

/** A port of loopback that nobody listens on. */
export async function freePort(host = "127.0.0.1"): Promise<number> {
    const server = createServer().listen(0, host);
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, "close");
    return port;
}

/** A process of the tests: what it printed, and its end. */
export class TestProcess {
    /** Everything that it printed so far. */
    output = "";
    private readonly child: ChildProcess;
    private readonly closed: Promise<unknown>;

    constructor(program: string, args: readonly string[]) {
        this.child = spawn(program, [...args], { stdio: ["ignore", "pipe", "pipe"] });
        this.closed = once(this.child, "close");
        this.child.stdout?.on("data", (text) => {
            this.output += text;
        });
        this.child.stderr?.on("data", (text) => {
            this.output += text;
        });
    }

    /** Exit status once it has ended by itself. */
    get status(): number | null {
        return this.child.exitCode;
    }

    /** Kills it, as a machine's end would. */
    async kill(): Promise<void> {
        this.child.kill("SIGKILL");
        await this.closed;
    }
}

/** The program etcd, as the local platform has it. */
export async function etcdProgram(): Promise<string> {
    return join(await goBuild("etcd", () => {}), "etcd");
}

/** Waits until an etcd, or its proxy, is healthy. */
export async function healthy(clientUrl: string, what: TestProcess): Promise<void> {
    await waitFor("etcd", { deadline: Date.now() + 30_000, interval: 50 }, async () => {
        const answer = await fetch(`${clientUrl}/health`, { signal: AbortSignal.timeout(2_000) });
        const text = await answer.text();
        return text.includes("true") ? { done: undefined } : { waiting: text };
    }).catch((cause: unknown) => {
        throw new Error(`${cause}\n${what.output.slice(-2000)}`);
    });
}

/** A real etcd of one member on loopback, for the tests to be its clients. */
export class TestEtcd {
    private constructor(
        /** Its client URL. */
        readonly url: string,
        private readonly folder: string,
        private readonly process: TestProcess,
    ) {}

    /** @param flags beside names, addresses and data; default `--enable-v2` */
    static async start(flags: readonly string[] = ["--enable-v2"]): Promise<TestEtcd> {
        const folder = await mkdtemp(join(tmpdir(), "pulumi-coreos-etcd-"));
        const [url, peer] = [await freePort(), await freePort()].map(
            (port) => `http://127.0.0.1:${port}`,
        );
        const process = new TestProcess(await etcdProgram(), [
            `--data-dir=${folder}`,
            "--unsafe-no-fsync",
            ...[`--listen-client-urls=${url}`, `--advertise-client-urls=${url}`],
            ...[`--listen-peer-urls=${peer}`, `--initial-advertise-peer-urls=${peer}`],
            `--initial-cluster=default=${peer}`,
            ...flags,
        ]);
        await healthy(url ?? "", process);
        return new TestEtcd(url ?? "", folder, process);
    }

    /** Sends a request to its v2 keys. */
    async keys(path: string, method = "GET", value?: string): Promise<string> {
        const body = value === undefined ? {} : { body: new URLSearchParams({ value }) };
        return (await fetch(`${this.url}/v2/keys/${path}`, { method, ...body })).text();
    }

    /** Ends it and removes its data. */
    async stop(): Promise<void> {
        await this.process.kill();
        await rm(this.folder, { recursive: true, force: true });
    }
}
