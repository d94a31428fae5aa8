import assert from "node:assert/strict";
import {
    chmodSync,
    mkdtempSync,
    readdirSync,
    readFileSync,
    rmSync,
    statSync,
    writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import {
    areAsWritten,
    readSecrets,
    removeSecrets,
    writeSecrets,
} from "../../lib/clients/secret-directory.js";
import { SshSession } from "../../lib/clients/ssh.js";
import { GiveUpError } from "../../lib/clients/wait.js";
import { type FakeMachine, startFakeMachine } from "../cli/fake-machine.js";

const skip = process.getuid?.() === 0 ? false : "needs root, whom the files belong to";

describe("a directory of secrets", { skip }, () => {
    const owner = "project/stack/cluster/web";
    let folder: string;
    let directory: string;
    let machine: FakeMachine;
    let session: SshSession;

    before(async () => {
        folder = mkdtempSync(join(tmpdir(), "pulumi-coreos-secrets-"));
        // What was run goes to a file, as sudo writes it to the journal.
        const sudo = `#!/bin/sh\nshift\nprintf '%s\\n' "$*" >> ${folder}/commands\nexec "$@"\n`;
        writeFileSync(join(folder, "sudo"), sudo, { mode: 0o755 });
        machine = await startFakeMachine(folder, {});
        const host = { name: "one", address: "127.0.0.1", port: machine.port };
        session = await SshSession.open({ user: "core", agent: "", hosts: [host] }, host);
    });
    after(() => {
        session.close();
        machine.close();
        rmSync(folder, { recursive: true, force: true });
    });
    beforeEach(() => {
        directory = join(folder, "state", "secrets", "web");
    });
    afterEach(() => rmSync(join(folder, "state"), { recursive: true, force: true }));

    const files = { password: "correct horse 'battery' $staple\n", empty: "", "tls.key": "ä\0€" };
    const content = (name: string): string => readFileSync(join(directory, name), "utf8");

    test("holds each file as it was given, for its owner alone", async () => {
        await writeSecrets(session, directory, files, owner);
        for (const [name, text] of Object.entries(files)) {
            assert.equal(content(name), text);
            assert.equal(statSync(join(directory, name)).mode & 0o7777, 0o600);
        }
        assert.equal(statSync(directory).mode & 0o7777, 0o700);
        assert.equal(statSync(join(directory, "..")).mode & 0o7777, 0o700);
        assert.equal(statSync(join(directory, "..", "..")).mode & 0o7777, 0o755);
        assert.equal(areAsWritten(await readSecrets(session, directory), files, owner), true);
    });

    test("is written without any content on a command line", async () => {
        await writeSecrets(session, directory, files, owner);
        const commands = readFileSync(join(folder, "commands"), "utf8");
        assert.match(commands, /password/);
        assert.doesNotMatch(commands, /horse|staple|€/);
    });

    test("loses what is no longer declared, and takes what changed", async () => {
        await writeSecrets(session, directory, files, owner);
        writeFileSync(join(directory, "byhand"), "");
        await writeSecrets(session, directory, { password: "new" }, owner);
        assert.deepEqual(readdirSync(directory).sort(), [".owner", "password"]);
        assert.equal(content("password"), "new");
    });

    test("takes a megabyte", async () => {
        const large = { large: "0123456789abcdef".repeat(65_536) };
        await writeSecrets(session, directory, large, owner);
        assert.equal(content("large"), large.large);
    });

    test("is another's: refused, named, and left as it is", async () => {
        await writeSecrets(session, directory, files, "project/other/cluster/web");
        await assert.rejects(
            () => writeSecrets(session, directory, { password: "new" }, owner),
            (error) =>
                error instanceof GiveUpError &&
                /holds the secrets of project\/other\/cluster\/web, which this stack/.test(
                    error.message,
                ),
        );
        assert.equal(content("password"), files.password);
        await removeSecrets(session, directory, owner);
        assert.equal(content("password"), files.password);
        assert.equal(areAsWritten(await readSecrets(session, directory), files, owner), false);
    });

    test("goes over to a new name of the same owner", async () => {
        await writeSecrets(session, directory, files, "project/old/cluster/web");
        await writeSecrets(session, directory, files, owner, "project/old/cluster/web");
        assert.equal(content(".owner"), `${owner}\n`);
    });

    const drifts: readonly (readonly [string, () => void])[] = [
        ["a file has another content", () => writeFileSync(join(directory, "password"), "x")],
        ["a file is gone", () => rmSync(join(directory, "password"))],
        ["a file is too many", () => writeFileSync(join(directory, "more"), "", { mode: 0o600 })],
        ["a file can be read by others", () => chmodSync(join(directory, "password"), 0o644)],
        ["the directory can be entered by others", () => chmodSync(directory, 0o755)],
    ];
    for (const [what, spoil] of drifts) {
        test(`is not as written where ${what}`, async () => {
            await writeSecrets(session, directory, files, owner);
            spoil();
            assert.equal(areAsWritten(await readSecrets(session, directory), files, owner), false);
        });
    }

    test("is removed, and not there is fine", async () => {
        await writeSecrets(session, directory, files, owner);
        await removeSecrets(session, directory, owner);
        assert.equal(await readSecrets(session, directory), undefined);
        await removeSecrets(session, directory, owner);
    });

    test("a file that could not be written whole is not there at all, and the reason is told", async () => {
        writeFileSync(join(folder, "sync"), "#!/bin/sh\necho sync: no space left >&2; exit 1\n", {
            mode: 0o755,
        });
        try {
            await assert.rejects(
                () => writeSecrets(session, directory, { password: "hidden" }, owner),
                { message: `${directory}/password: sync: no space left` },
            );
        } finally {
            rmSync(join(folder, "sync"));
        }
        assert.deepEqual(readdirSync(directory), [".owner"]);
    });
});
