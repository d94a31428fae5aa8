import assert from "node:assert/strict";
import { test } from "node:test";
import {
    expandSpecifiers,
    instanceName,
    templateName,
    validateFleetUnitName,
} from "../../lib/fleet/index.js";

const templates: readonly [name: string, template: string][] = [
    ["hello", "hello@.service"],
    ["hello.service", "hello@.service"],
    ["hello.timer", "hello@.timer"],
    ["hello@.service", "hello@.service"],
    ["my.app", "my.app@.service"],
];

for (const [name, template] of templates) {
    test(`the template of ${name} is ${template}`, () => {
        assert.equal(templateName(name), template);
    });
}

test("names instances", () => {
    assert.equal(instanceName("hello@.service", 1), "hello@1.service");
    assert.equal(instanceName("hello@.timer", "a.b"), "hello@a.b.timer");
    assert.throws(() => instanceName("hello.service", 1), /"hello\.service" is no template/);
    assert.throws(() => instanceName("hello@2.service", 1), /is no template/);
    assert.throws(() => instanceName("hello@.service", ""), /needs a name or a number/);
});

const names: readonly [name: string, problem: RegExp | undefined][] = [
    ["hello.service", undefined],
    ["hello@.timer", undefined],
    ["hello@1.socket", undefined],
    ["data.mount", undefined],
    ["a@1.mount", /templates and instances of \.path, \.service/],
    ["a@.slice", /templates and instances/],
    ["@.service", /at least one character/],
    ["a%b.service", /not "%"/],
    ["hello", /must end in one of/],
];

for (const [name, problem] of names) {
    test(`judges the name ${name}`, () => {
        const problems = validateFleetUnitName(name);
        assert.equal(problems.length, problem === undefined ? 0 : 1);
        assert.match(problems[0]?.allowed ?? "", problem ?? /^$/);
    });
}

const expansions: readonly [text: string, name: string, expanded: string][] = [
    ["%n %N %p %i", "hello@1.service", "hello@1.service hello@1 hello 1"],
    ["%n %N %p %i", "hello.service", "hello.service hello hello "],
    ["%p@*.service %i%i", "a@b@c.service", "a@*.service b@cb@c"],
    ["%% %H %%i", "a@1.service", "%% %H %1"],
    ["%n", "no-type", "%n"],
    ["%i", "a@$&.service", "$&"],
];

for (const [text, name, expanded] of expansions) {
    test(`expands ${text} for ${name}`, () => {
        assert.equal(expandSpecifiers(text, name), expanded);
    });
}
