import { get as httpGet } from "node:http";

/** Milliseconds between two requests, and for which one instance may take to answer. */
const PACE = 20;
const PATIENCE = 2_000;

/** What a client met. */
export interface Experience {
    /** Requests that some instance answered, by the answer. */
    readonly answers: ReadonlyMap<string, number>;
    /** Times that an instance refused, and the next one was tried. */
    readonly refusals: number;
    /** Why no instance answered, for each request that failed. */
    readonly failures: readonly string[];
}

/** A client that asks a service all the time, each time another instance first, and the next one where one refuses. */
export class SteadyClient {
    private isOver = false;
    private readonly done: Promise<Experience>;

    /**
     * @param urls of the instances, or what tells them before each request
     * @param most requests after which it stops by itself
     */
    constructor(urls: readonly string[] | (() => Promise<readonly string[]>), most = 20_000) {
        this.done = this.ask(typeof urls === "function" ? urls : async () => urls, most);
    }

    /** Ends it. */
    stop(): Promise<Experience> {
        this.isOver = true;
        return this.done;
    }

    private async ask(look: () => Promise<readonly string[]>, most: number): Promise<Experience> {
        const answers = new Map<string, number>();
        const failures: string[] = [];
        let refusals = 0;
        for (let index = 0; index < most && !this.isOver; index++) {
            const urls = await look();
            const order = urls.map((_, offset) => urls[(index + offset) % urls.length] ?? "");
            const said: string[] = [];
            for (const url of order) {
                try {
                    const [answer = ""] = (await fetchText(url)).split(" ");
                    answers.set(answer, (answers.get(answer) ?? 0) + 1);
                    break;
                } catch (cause) {
                    said.push(`${url}: ${cause instanceof Error ? cause.message : cause}`);
                }
            }
            refusals += said.length;
            if (said.length === urls.length) {
                failures.push(said.join("; "));
            }
            await new Promise((resolve) => setTimeout(resolve, PACE));
        }
        return { answers, refusals, failures };
    }
}

function fetchText(url: string): Promise<string> {
    return new Promise((resolve, reject) => {
        const request = httpGet(url, { agent: false, timeout: PATIENCE }, (response) => {
            const chunks: Buffer[] = [];
            response.on("data", (chunk: Buffer) => chunks.push(chunk));
            response.on("error", reject);
            response.on("end", () => {
                if (response.statusCode === 200 && response.complete) {
                    resolve(Buffer.concat(chunks).toString());
                } else {
                    reject(new Error(`answered ${response.statusCode}`));
                }
            });
        });
        request.on("timeout", () => request.destroy(new Error("no answer")));
        request.on("error", reject);
    });
}
