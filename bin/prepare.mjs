// npm's `prepare`: after `npm ci` in a checkout, before `npm pack`, and for a dependency on the
// repository's URL. Does nothing where there is nothing to compile or nothing to compile with.
import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { build, isCheckout, linkSelf, packageRoot } from "./checkout.mjs";

try {
    if (isCheckout() && existsSync(join(packageRoot, "node_modules", ".bin", "tsc"))) {
        linkSelf();
        await build();
    }
} catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
}
