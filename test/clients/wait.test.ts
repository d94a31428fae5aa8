import assert from "node:assert/strict";
import { test } from "node:test";
import { GiveUpError, type Sighting, WaitTimeoutError, waitFor } from "../../lib/clients/wait.js";

const soon = () => Date.now() + 5_000;

/** A probe that answers these in turn, and the last one for ever. */
function sequence<T>(...answers: readonly (Sighting<T> | Error)[]): () => Promise<Sighting<T>> {
    let next = 0;
    return async () => {
        const answer = answers[Math.min(next, answers.length - 1)];
        next += 1;
        if (answer === undefined || answer instanceof Error) {
            throw answer;
        }
        return answer;
    };
}

test("a wait ends with what the probe found, and an error of the probe is only a not yet", async () => {
    const told: string[] = [];
    const found = await waitFor(
        "the sun",
        { deadline: soon(), interval: 1, onWaiting: (seen) => told.push(seen) },
        sequence<string>(
            { waiting: "night" },
            { waiting: "night" },
            new Error("clouds"),
            { waiting: "dawn" },
            { done: "day" },
        ),
    );
    assert.equal(found, "day");
    assert.deepEqual(told, ["night", "clouds", "dawn"], "each sight is told once");
});

test("at the deadline the error says what was waited for and what was last seen", async () => {
    const probe = sequence<void>({ waiting: "night" }, { waiting: "rain" });
    const options = { deadline: Date.now() + 30, interval: 5 };
    await assert.rejects(
        () => waitFor("the sun", options, probe),
        (error) => {
            assert.ok(error instanceof WaitTimeoutError);
            assert.match(error.message, /^waited \d+ s for the sun; last seen: rain$/);
            assert.equal(error.lastSeen, "rain");
            return true;
        },
    );
});

test("a deadline that has passed still allows one look", async () => {
    const options = { deadline: Date.now() - 1_000 };
    assert.equal(await waitFor("it", options, sequence({ done: 1 })), 1);
    await assert.rejects(
        () => waitFor("it", options, sequence<void>(new Error("no"))),
        /waited 0 s for it; last seen: no/,
    );
});

test("a probe that gives up ends the wait at once, with its own words", async () => {
    let looks = 0;
    await assert.rejects(
        () =>
            waitFor("it", { deadline: soon(), interval: 1 }, async () => {
                looks += 1;
                throw new GiveUpError("it is broken for good");
            }),
        (error) => error instanceof GiveUpError && error.message === "it is broken for good",
    );
    assert.equal(looks, 1);
});

test("a probe that never answers does not outlast the deadline", async () => {
    const never = () => new Promise<Sighting<void>>(() => undefined);
    await assert.rejects(
        () => waitFor("an answer", { deadline: Date.now() + 50 }, never),
        /waited \d+ s for an answer; last seen: nothing yet/,
    );
});
