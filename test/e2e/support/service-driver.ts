import type { Connection } from "../../../lib/connection.js";
import { PartialFailureError } from "../../../lib/providers/handler.js";
import { serviceHandler } from "../../../lib/providers/service-handler.js";
import type { ServiceInputs, ServiceState } from "../../../lib/providers/service-inputs.js";
import { renderUnit, type UnitDocument } from "../../../lib/systemd/index.js";

/** Unit files by name, as sections and directives. */
export type Files = Readonly<Record<string, UnitDocument>>;

/** What a service is declared with here; the rest has defaults. */
export type Declared = Partial<Omit<ServiceInputs, "files" | "connection">> & {
    readonly files: Files;
};

/** Runs the operations of one service's provider, without the engine. */
export class ServiceDriver {
    /** What the operations said. */
    readonly said = { progress: [] as string[], info: [] as string[], warnings: [] as string[] };
    private state: ServiceState | undefined;

    constructor(
        private readonly owner: string,
        private readonly connection: Connection,
    ) {}

    /** What is remembered, as Pulumi's state has it. */
    get remembered(): ServiceState {
        if (this.state === undefined) {
            throw new Error(`${this.owner} was not made`);
        }
        return this.state;
    }

    /** What the provider is handed. */
    inputs({ files, ...rest }: Declared): ServiceInputs {
        const marked = Object.entries(files).map(([name, sections]) => [
            name,
            renderUnit({ ...sections, "X-Pulumi": { Owner: this.owner } }),
        ]);
        return {
            units: [],
            triggered: [],
            state: "launched",
            rollout: { parallel: 1, onFailure: "stop", settle: 1 },
            adopt: false,
            owner: this.owner,
            connection: this.connection,
            files: Object.fromEntries(marked),
            ...rest,
        };
    }

    /** Creates or updates it, as `up` would. Answers whether there was anything to do. */
    async up(declared: Declared, seconds = 60): Promise<boolean> {
        const inputs = this.inputs(declared);
        const before = this.state;
        if (before !== undefined && !serviceHandler.diff(this.owner, before, inputs).changes) {
            return false;
        }
        try {
            this.state =
                before === undefined
                    ? (await serviceHandler.create(inputs, this.context(seconds))).state
                    : await serviceHandler.update(
                          this.owner,
                          before,
                          inputs,
                          this.context(seconds),
                      );
        } catch (cause) {
            if (cause instanceof PartialFailureError) {
                this.state = (cause as PartialFailureError<ServiceState>).existing.state;
            }
            throw cause;
        }
        return true;
    }

    /** Like {@link up}, of which only the fleet is changed and nothing is remembered: as if killed at the end. */
    async forgottenUp(declared: Declared, seconds = 60): Promise<void> {
        const before = this.state;
        await this.up(declared, seconds).finally(() => {
            this.state = before;
        });
    }

    /** `refresh`. Answers with the warnings. */
    async refresh(): Promise<string[]> {
        const from = this.said.warnings.length;
        const found = await serviceHandler.read(this.owner, this.remembered, this.context(60));
        this.state = found?.state;
        return this.said.warnings.slice(from);
    }

    /** Removes it. */
    async remove(seconds = 60): Promise<void> {
        await serviceHandler.delete(this.owner, this.remembered, this.context(seconds));
        this.state = undefined;
    }

    private context(seconds: number) {
        return {
            progress: (message: string) => void this.said.progress.push(message),
            info: (message: string) => void this.said.info.push(message),
            warn: (message: string) => void this.said.warnings.push(message),
            deadline: Date.now() + seconds * 1000,
        };
    }
}

/** The message that an operation fails with. */
export async function failureOf(work: Promise<unknown>): Promise<string> {
    try {
        await work;
    } catch (cause) {
        return cause instanceof Error ? cause.message : String(cause);
    }
    throw new Error("it was to fail, and did not");
}
