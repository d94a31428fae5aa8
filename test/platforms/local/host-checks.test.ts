import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

const run = promisify(execFile);
const compiled = join(__dirname, "../../../lib/platforms/local/host-checks.js");
const check = `const { checkHost } = require(process.argv[1]);
    checkHost({ machines: Number(process.argv[2]) })
        .then((found) => process.stdout.write(JSON.stringify(found)))`;

/** What the checks say in a process that `prefix` has put on another kind of host. */
async function checked(
    prefix: readonly string[],
    machines: number,
    script = check,
): Promise<string[]> {
    const [program = process.execPath, ...rest] = prefix;
    const { stdout } = await run(program, [
        ...rest,
        process.execPath,
        "-e",
        script,
        compiled,
        String(machines),
    ]);
    return JSON.parse(stdout);
}

/** A shell that changes the host as this process alone sees it, and then runs what follows. */
function changed(script: string): string[] {
    return ["unshare", "--mount", "sh", "-c", `${script} && exec "$@"`, "sh"];
}

test("this host carries machines", async () => {
    assert.deepEqual(await checked(["env"], 3), []);
});

test("another user than root is told to be root", async () => {
    // Loaded first: another user may have no way into the checkout.
    const asNobody = check.replace("checkHost({", "process.setuid(65534); checkHost({");
    assert.deepEqual(await checked(["env"], 1, asNobody), [
        "The local platform makes network bridges and containers: run it as root.",
    ]);
});

test("missing tools are named by their packages", async () => {
    const found = await checked(changed("mount -t tmpfs none /usr/sbin"), 1);
    assert.match(
        found[0] ?? "",
        /^Debian packages are missing: run "apt-get install --yes [^"]*debootstrap[^"]*nftables[^"]*"\.$/,
    );
});

test("kernel limits that are too low and can't be raised are named with what to do", async () => {
    const found = await checked(changed("mount -o bind,ro /proc/sys /proc/sys"), 500);
    const limits = found.filter((line) => line.includes("fs.inotify.max_user_instances"));
    assert.equal(limits.length, 1, found.join("\n"));
    assert.match(
        limits[0] ?? "",
        /^500 machines need the kernel setting .* set it on the host with sysctl\.$/,
    );
});
