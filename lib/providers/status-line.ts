import { readFileSync, readlinkSync } from "node:fs";

/** Milliseconds between two texts where somebody watches, and where each text stays as a line of a log. */
const INTERVAL = { terminal: 1_000, log: 15_000 };

/**
 * Thins out what is said of an operation that goes on: no text twice in a row, and none too soon after the one
 * before. Of those that come too soon the last is shown later.
 */
export class StatusLine {
    private shown: string | undefined;
    private at = Number.NEGATIVE_INFINITY;
    private next: string | undefined;
    private timer: NodeJS.Timeout | undefined;

    /** @param interval milliseconds between two texts */
    constructor(
        private readonly send: (text: string) => void,
        private readonly interval: number = isWatched() ? INTERVAL.terminal : INTERVAL.log,
    ) {}

    /** Shows a text, now or in a moment. */
    show(text: string): void {
        this.next = text;
        if (this.timer === undefined) {
            const wait = this.at + this.interval - performance.now();
            if (wait <= 0) {
                this.flush();
            } else {
                // What is still to be said when the operation has ended need not be said.
                this.timer = setTimeout(() => this.flush(), wait).unref();
            }
        }
    }

    /** Says no more. */
    end(): void {
        clearTimeout(this.timer);
        this.timer = undefined;
        this.next = undefined;
    }

    private flush(): void {
        clearTimeout(this.timer);
        this.timer = undefined;
        if (this.next !== undefined && this.next !== this.shown) {
            this.shown = this.next;
            this.at = performance.now();
            this.send(this.next);
        }
    }
}

let watched: boolean | undefined;

/**
 * Whether Pulumi draws its display on a terminal. It tells its providers nothing of that; on Linux the standard output
 * of the process named `pulumi` above this one shows it (proc(5)). Elsewhere the variable `CI` decides.
 */
function isWatched(): boolean {
    watched ??= terminalAbove() ?? process.env["CI"] === undefined;
    return watched;
}

function terminalAbove(): boolean | undefined {
    try {
        for (let pid = process.ppid; pid > 1; ) {
            const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
            if (stat.includes("(pulumi)")) {
                return /^\/dev\/(pts\/|tty)/.test(readlinkSync(`/proc/${pid}/fd/1`));
            }
            pid = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
        }
    } catch {
        // No Linux, or another user's process.
    }
    return undefined;
}
