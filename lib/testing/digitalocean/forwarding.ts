import type { Account } from "../account.js";

/** Sends what goes to reserved addresses and load balancers on to droplets. */
export async function forwardAddresses(_account: Account): Promise<void> {}
