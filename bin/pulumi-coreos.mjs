#!/usr/bin/env node
// The commands of this package. In a checkout it first installs and builds what is missing, so that
// `npm start` works on a fresh clone; then it hands over to lib/cli in the same process.
import process from "node:process";
import { build, installDependencies, isCheckout, linkSelf, requireNode } from "./checkout.mjs";

try {
    requireNode();
    if (isCheckout()) {
        await installDependencies();
        linkSelf();
        await build();
    }
    const { default: cli } = await import("../dist/lib/cli/main.js");
    process.exitCode = await cli.run(process.argv.slice(2));
} catch (error) {
    process.stderr.write(`${process.env.PULUMI_COREOS_DEBUG ? error.stack : error.message}\n`);
    process.exitCode = 1;
}
