import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { exclusively } from "../platforms/local/exclusive.js";
import { readRecord, writeAtomically } from "../platforms/local/manifest.js";
import type { Properties } from "./wire-values.js";

/** A resource that a simulated cloud holds: its id, and everything that the cloud would tell of it. */
export type CloudRecord = Properties & { readonly id: string };

/** What an account is like, beside what it holds. */
export interface AccountSettings {
    /** Whether machines boot without etcd and fleet, as Flatcar does; default they have both. */
    readonly bareImages?: boolean;
    /**
     * Private address at which machines reach those objects of the account's buckets that anyone may read, at
     * `http://ADDRESS/BUCKET/KEY`, or `/KEY` as through a CDN; in the range of one VPC, and nobody else's there.
     * Default none.
     */
    readonly objectStore?: string;
}

/** First number that is given away: droplets and images have numbers for ids. */
const FIRST_NUMBER = 100_001;

/**
 * What one account of a simulated cloud holds, in a folder: one JSON file for each resource, in a folder for each
 * kind of them. Tests may look into it, and change it behind Pulumi's back.
 */
export class Account {
    constructor(
        /** The folder; made when something is put into it. */
        readonly directory: string,
    ) {}

    /** Every resource of a kind, the oldest first. */
    async list<T extends CloudRecord = CloudRecord>(kind: string): Promise<T[]> {
        const names = await readdir(join(this.directory, kind)).catch(() => []);
        const ids = names.filter((name) => name.endsWith(".json")).map((name) => name.slice(0, -5));
        const found = await Promise.all(ids.map((id) => this.get<T>(kind, decodeURIComponent(id))));
        return found
            .filter((record) => record !== undefined)
            .sort((left, right) => Number(left["madeAt"]) - Number(right["madeAt"]));
    }

    /** One resource; `undefined` where there is none. */
    get<T extends CloudRecord = CloudRecord>(kind: string, id: string): Promise<T | undefined> {
        return readRecord<T>(this.file(kind, id));
    }

    /** Keeps a resource. */
    async put(kind: string, record: CloudRecord): Promise<void> {
        const made = { madeAt: Date.now() * 1000 + (process.hrtime()[1] % 1000), ...record };
        await writeAtomically(
            this.file(kind, record.id),
            `${JSON.stringify(made, null, 4)}\n`,
            0o600,
        );
    }

    /** Forgets a resource. */
    async remove(kind: string, id: string): Promise<void> {
        await rm(this.file(kind, id), { force: true });
    }

    /** What the account is like. */
    async settings(): Promise<AccountSettings> {
        return (await readRecord<AccountSettings>(this.settingsFile)) ?? {};
    }

    /** Makes the account like that from now on. */
    async configure(settings: AccountSettings): Promise<void> {
        await writeAtomically(this.settingsFile, `${JSON.stringify(settings, null, 4)}\n`);
    }

    /** Has a resource type or a look-up, by the provider's token, fail with these words; without words no longer. */
    async refuse(token: string, reason?: string): Promise<void> {
        if (reason === undefined) {
            await this.remove("refusals", token);
        } else {
            await this.put("refusals", { id: token, reason });
        }
    }

    /** Fails where {@link refuse} says so. */
    async requireAllowed(token: string): Promise<void> {
        const refusal = await this.get("refusals", token);
        if (refusal !== undefined) {
            throw new Error(String(refusal["reason"]));
        }
    }

    /** A number that no resource of this account had before. */
    async nextNumber(): Promise<number> {
        const file = join(this.directory, "next-number.json");
        const next = (await readRecord<number>(file)) ?? FIRST_NUMBER;
        await writeAtomically(file, `${next + 1}\n`);
        return next;
    }

    /** Runs work while nobody else works on this account. */
    alone<T>(work: () => Promise<T>): Promise<T> {
        return exclusively(`account ${this.directory}`, work);
    }

    private get settingsFile(): string {
        return join(this.directory, "settings.json");
    }

    private file(kind: string, id: string): string {
        return join(this.directory, kind, `${encodeURIComponent(id)}.json`);
    }
}
