import { createHash } from "node:crypto";
import { run } from "../platforms/local/command.js";
import type { Account } from "./account.js";

/** The tables that an account may have: `bridge` filters what machines get, `ip` sends addresses on to machines. */
const FAMILIES = ["bridge", "ip"] as const;

/** A family of nftables' tables (nft(8)). */
export type Family = (typeof FAMILIES)[number];

/**
 * Puts an account's table into this host's packet filter, as one step, in the place of the one before.
 *
 * @param chains what stands in the table; `undefined` for no table
 */
export async function applyRuleset(
    account: Account,
    family: Family,
    chains: readonly string[] | undefined,
): Promise<void> {
    const table = `${family} ${tableName(account)}`;
    if (process.getuid?.() !== 0) {
        // Whoever may not filter packets has made no machine either.
        return;
    }
    if (chains !== undefined) {
        const input = `table ${table}\ndelete table ${table}\ntable ${table} {\n${chains.join("\n")}\n}\n`;
        await run("nft", ["-f", "-"], { input });
    } else if ((await tables()).includes(`table ${table}`)) {
        await run("nft", ["delete", "table", family, tableName(account)]);
    }
}

/** Takes an account's tables away. */
export async function removeRulesets(account: Account): Promise<void> {
    for (const family of FAMILIES) {
        await applyRuleset(account, family, undefined);
    }
}

/** A chain of an account's table. */
export function chain(name: string, lines: readonly string[]): string {
    return [`    chain ${name} {`, ...lines.map((line) => `        ${line}`), "    }"].join("\n");
}

function tableName({ directory }: Account): string {
    const mark = createHash("sha256").update(directory).digest("hex").slice(0, 10);
    return `pulumi_coreos_cloud_${mark}`;
}

/** What this host has; nothing where its packet filter can't be asked, as nothing was put there then either. */
async function tables(): Promise<string[]> {
    const text = await run("nft", ["list", "tables"]).catch(() => "");
    return text.split("\n").map((line) => line.trim());
}
