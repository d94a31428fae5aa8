import type { Account } from "../account.js";

/** Brings this host's packet filter to what the account's firewalls say. */
export async function enforceFirewalls(_account: Account): Promise<void> {}
