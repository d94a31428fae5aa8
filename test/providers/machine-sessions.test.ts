/** Sessions that break, by stand-ins: what counts is how many are opened, and that none is left open. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ClusterAccess } from "../../lib/clients/index.js";
import type { Connection } from "../../lib/connection.js";
import { MachineSessions } from "../../lib/providers/machine-sessions.js";

test("a session that broke is opened anew once, however many ask for it, and closed", async () => {
    const opened: { isOpen: boolean; close(): void }[] = [];
    const access = {
        to: async () => {
            const session = {
                isOpen: true,
                close() {
                    session.isOpen = false;
                },
            };
            opened.push(session);
            return session;
        },
    } as unknown as ClusterAccess;
    const connection = { hosts: [{ name: "demo-1", machineId: "m1" }] } as unknown as Connection;
    const sessions = new MachineSessions(access, connection);
    const [first] = await Promise.all([sessions.to("m1"), sessions.to("m1")]);
    first?.close();
    const again = await Promise.all(Array.from({ length: 33 }, () => sessions.to("m1")));
    assert.equal(opened.length, 2);
    assert.equal(new Set(again).size, 1);
    await sessions.close();
    assert.deepEqual(
        opened.filter(({ isOpen }) => isOpen),
        [],
    );
});
