import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Progress } from "../../lib/cli/progress.js";

/** A progress on a clock that stands until it is moved, and what it wrote. */
function recorded(isTTY: boolean) {
    const clock = { now: 0 };
    const written: string[] = [];
    const stream = { isTTY, columns: 60, write: (text: string) => written.push(text) };
    const progress = new Progress(stream, () => clock.now);
    const at = (time: number) => {
        clock.now = time;
        progress.tick();
    };
    return { progress, written, at };
}

describe("without a terminal", () => {
    it("a quick step says nothing", async () => {
        const { progress, written, at } = recorded(false);
        await progress.run("Compiling", async () => at(1_900));
        assert.deepEqual(written, []);
    });

    it("a long one has a line at its start, one every 15 seconds, and one at its end", async () => {
        const { progress, written, at } = recorded(false);
        const result = await progress.run("Image", async (say) => {
            at(1_000);
            at(2_000);
            say("debootstrap");
            at(10_000);
            at(17_000);
            at(18_000);
            at(32_000);
            return 7;
        });
        assert.equal(result, 7);
        assert.deepEqual(written, [
            "Image… (2 s)\n",
            "Image… debootstrap (17 s)\n",
            "Image… debootstrap (32 s)\n",
            "Image: done in 32 s\n",
        ]);
    });

    it("steps side by side each have their own lines, and a failed one says so", async () => {
        const { progress, written, at } = recorded(false);
        const failing = progress.run("CLI", async () => {
            await Promise.resolve();
            throw new Error("no Go");
        });
        const running = progress.run("Image", async () => {
            at(3_000);
        });
        await assert.rejects(failing, /no Go/);
        await running;
        assert.deepEqual(written.slice(0, 2), ["CLI… (3 s)\n", "Image… (3 s)\n"]);
        assert.deepEqual(written.slice(2).sort(), [
            "CLI: failed after 3 s\n",
            "Image: done in 3 s\n",
        ]);
    });
});

describe("on a terminal", () => {
    it("lines are drawn in place, cut at its width, and what is noted stays above them", async () => {
        const { progress, written, at } = recorded(true);
        await progress.run("Image", async (say) => {
            at(2_000);
            say("x".repeat(100));
            at(2_250);
            progress.note("hello");
        });
        const erase = "\u001b[1A\u001b[0J";
        const cut = `${`Image… ${"x".repeat(100)}`.slice(0, 59)}\n`;
        assert.equal(
            written.join(""),
            `Image… (2 s)\n${erase}${cut}${erase}hello\n${cut}${erase}Image: done in 2 s\n`,
        );
    });
});
