import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { StatusLine } from "../../lib/providers/status-line.js";

test("a status line shows a text at once, the last of those that come too soon later, and none twice", () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    let clock = 0;
    const now = mock.method(performance, "now", () => clock);
    const pass = (milliseconds: number): void => {
        clock += milliseconds;
        mock.timers.tick(milliseconds);
    };
    try {
        const shown: string[] = [];
        const line = new StatusLine((text) => shown.push(text), 1000);
        line.show("one");
        line.show("two");
        line.show("three");
        assert.deepEqual(shown, ["one"]);
        pass(1000);
        assert.deepEqual(shown, ["one", "three"]);
        pass(5000);
        line.show("three");
        line.show("four");
        assert.deepEqual(shown, ["one", "three", "four"]);
        line.show("five");
        line.show("four");
        pass(1000);
        line.show("six");
        line.show("seven");
        line.end();
        pass(1000);
        assert.deepEqual(shown, ["one", "three", "four", "six"]);
    } finally {
        now.mock.restore();
        mock.timers.reset();
    }
});
