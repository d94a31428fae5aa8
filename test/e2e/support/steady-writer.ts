/** Milliseconds that a member has for an answer. */
const PATIENCE = 1_000;
/** Milliseconds between two writes. */
const PACE = 10;

/** A client that writes v2 keys all the time, and tries each again, through the next member, until it is acknowledged. */
export class SteadyWriter {
    private isOver = false;
    private readonly acknowledged: string[] = [];
    private readonly done: Promise<void>;

    /** @param endpoints client URLs of the members; @param directory name that no other writer has */
    constructor(
        private readonly endpoints: readonly string[],
        private readonly directory: string,
    ) {
        this.done = this.write();
    }

    /** Ends it; answers with how many writes were acknowledged, and which of them a member does not have. */
    async stop(): Promise<{ readonly written: number; readonly lost: readonly string[] }> {
        this.isOver = true;
        await this.done;
        const lost = await Promise.all(this.endpoints.map((endpoint) => this.missingAt(endpoint)));
        return { written: this.acknowledged.length, lost: lost.flat() };
    }

    private async write(): Promise<void> {
        for (let number = 0; !this.isOver; number++) {
            const key = `${this.directory}/${number}`;
            for (let attempt = 0; !this.isOver; attempt++) {
                const at = (number + attempt) % this.endpoints.length;
                if (await this.put(this.endpoints[at] ?? "", key)) {
                    this.acknowledged.push(key);
                    break;
                }
            }
            await pause();
        }
    }

    private async put(endpoint: string, key: string): Promise<boolean> {
        try {
            const body = new URLSearchParams({ value: "written" });
            const signal = AbortSignal.timeout(PATIENCE);
            const { status } = await fetch(`${endpoint}/v2/keys/${key}`, {
                method: "PUT",
                body,
                signal,
            });
            return status === 200 || status === 201;
        } catch {
            await pause();
            return false;
        }
    }

    private async missingAt(endpoint: string): Promise<string[]> {
        // A quorum read: a member that has just come back may be a moment behind.
        const response = await fetch(
            `${endpoint}/v2/keys/${this.directory}?recursive=true&quorum=true`,
        );
        const { node } = (await response.json()) as { node?: { nodes?: { key: string }[] } };
        const there = new Set((node?.nodes ?? []).map(({ key }) => key.replace(/^\//, "")));
        return this.acknowledged
            .filter((key) => !there.has(key))
            .map((key) => `${key} at ${endpoint}`);
    }
}

function pause(): Promise<unknown> {
    return new Promise((resolve) => setTimeout(resolve, PACE));
}
