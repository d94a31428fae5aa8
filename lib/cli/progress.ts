/** Where progress is shown: standard error, as a rule. */
export interface ProgressStream {
    readonly isTTY?: boolean;
    readonly columns?: number;
    write(text: string): unknown;
}

/** Says how far a step is, in a few words; replaces what it said before. */
export type Say = (detail: string) => void;

interface Step {
    readonly label: string;
    readonly started: number;
    detail: string;
    lastLine: number | undefined;
}

const quietFor = 2_000;
const plainLineEvery = 15_000;
const redrawEvery = 250;

/**
 * Shows the steps that take longer than two seconds: on a terminal one line for each that runs, redrawn
 * in place; elsewhere a line at its start, one every 15 seconds and one at its end.
 */
export class Progress {
    readonly #stream: ProgressStream;
    readonly #now: () => number;
    readonly #running = new Set<Step>();
    #drawn = 0;
    #timer: NodeJS.Timeout | undefined;

    /** `now` is the clock, in milliseconds. */
    constructor(stream: ProgressStream = process.stderr, now: () => number = Date.now) {
        this.#stream = stream;
        this.#now = now;
    }

    /** Runs a step. Several may run at the same time. */
    async run<T>(label: string, work: (say: Say) => Promise<T>): Promise<T> {
        const step: Step = { label, started: this.#now(), detail: "", lastLine: undefined };
        this.#running.add(step);
        this.#timer ??= setInterval(() => this.tick(), redrawEvery);
        let outcome = "failed after";
        try {
            const result = await work((detail) => {
                step.detail = detail;
            });
            outcome = "done in";
            return result;
        } finally {
            this.#running.delete(step);
            if (this.#running.size === 0) {
                clearInterval(this.#timer);
                this.#timer = undefined;
            }
            this.#erase();
            if (this.#now() - step.started >= quietFor) {
                this.#stream.write(`${label}: ${outcome} ${this.#seconds(step)} s\n`);
            }
            this.#draw();
        }
    }

    /** Prints a line that stays. */
    note(line: string): void {
        this.#erase();
        this.#stream.write(`${line}\n`);
        this.#draw();
    }

    /** Shows what is due by now. Called by a timer while steps run. */
    tick(): void {
        if (this.#stream.isTTY) {
            this.#erase();
            this.#draw();
            return;
        }
        for (const step of this.#running) {
            const due = step.lastLine === undefined ? quietFor : step.lastLine + plainLineEvery;
            const elapsed = this.#now() - step.started;
            if (elapsed >= due) {
                step.lastLine = elapsed;
                this.#stream.write(`${this.#line(step)}\n`);
            }
        }
    }

    #draw(): void {
        if (!this.#stream.isTTY) {
            return;
        }
        const width = (this.#stream.columns ?? 80) - 1;
        for (const step of this.#running) {
            if (this.#now() - step.started >= quietFor) {
                this.#stream.write(`${this.#line(step).slice(0, width)}\n`);
                this.#drawn += 1;
            }
        }
    }

    #erase(): void {
        if (this.#drawn > 0) {
            this.#stream.write(`\u001b[${this.#drawn}A\u001b[0J`);
            this.#drawn = 0;
        }
    }

    #line(step: Step): string {
        const detail = step.detail === "" ? "" : ` ${step.detail}`;
        return `${step.label}…${detail} (${this.#seconds(step)} s)`;
    }

    #seconds(step: Step): number {
        return Math.round((this.#now() - step.started) / 1000);
    }
}
