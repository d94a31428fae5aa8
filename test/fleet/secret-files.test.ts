import assert from "node:assert/strict";
import { test } from "node:test";
import {
    SECRETS_LIMIT,
    secretPath,
    validateSecretNames,
    validateSecretValues,
} from "../../lib/fleet/index.js";

test("a secret lies in its service's directory", () => {
    assert.equal(secretPath("web", "tls.key"), "/var/lib/pulumi-coreos/secrets/web/tls.key");
});

for (const name of ["password", "tls.key", "API_KEY", "user@host", "1", "a".repeat(255)]) {
    test(`"${name.slice(0, 20)}" is a name`, () => {
        assert.deepEqual(validateSecretNames("web", [name]), []);
    });
}

for (const name of ["", ".", "..", ".owner", "a/b", "../a", "a b", "a:b", "%n", "ä", "-a", "a*"]) {
    test(`"${name}" is no name`, () => {
        const [problem, ...more] = validateSecretNames("web", ["password", name]);
        assert.equal(problem?.path, `secrets[${JSON.stringify(name)}]`);
        assert.deepEqual(more, []);
    });
}

test("a name may be 255 characters long", () => {
    assert.equal(validateSecretNames("web", ["a".repeat(256)]).length, 1);
});

for (const service of ["..", "a/b", "", ".web"]) {
    test(`"${service}" names no directory`, () => {
        assert.deepEqual(
            validateSecretNames(service, ["password"]).map(({ path }) => path),
            ["name"],
        );
    });
}

test("all of a service's secrets are 1 MiB together, counted in bytes", () => {
    const half = "ä".repeat(SECRETS_LIMIT / 4);
    assert.deepEqual(validateSecretValues({ a: half, b: half }), []);
    const [problem] = validateSecretValues({ a: half, b: half, c: "x" });
    assert.equal(problem?.given, `${SECRETS_LIMIT + 1} bytes`);
});

test("what is no text is refused, and not shown", () => {
    const problems = validateSecretValues({ a: 4711, b: undefined, c: { d: "hidden" }, e: "" });
    assert.deepEqual(
        problems.map(({ path, given }) => [path, given]),
        [
            ['secrets["a"]', "number"],
            ['secrets["b"]', "nothing"],
            ['secrets["c"]', "object"],
        ],
    );
    assert.doesNotMatch(JSON.stringify(problems), /4711|hidden/);
});
