import assert from "node:assert/strict";
import { test } from "node:test";
import { utils } from "ssh2";
import type { OperationContext } from "../../lib/providers/handler.js";
import { sshKeyHandler } from "../../lib/providers/ssh-key-handler.js";

const none = (): void => undefined;
const context: OperationContext = { progress: none, info: none, warn: none, deadline: 0 };

test("every key that is made can be read, and belongs to its public half", async () => {
    // Of a thousand keys as ssh2 makes them, about five can't be read.
    for (let round = 0; round < 1000; round++) {
        const { state } = await sshKeyHandler.create({ comment: "demo" }, context);
        const key = utils.parseKey(state.privateKey);
        assert.ok(!(key instanceof Error), String(key));
        const [type, text] = state.publicKey.split(" ");
        assert.equal(key.type, type);
        assert.equal(key.getPublicSSH().toString("base64"), text);
    }
});
