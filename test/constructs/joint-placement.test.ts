/** The check of all services of a cluster together, in previews of the real engine. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type Outcome, PreviewProject } from "./preview-project.js";

let project: PreviewProject;

before(async () => {
    project = await PreviewProject.make(join(__dirname, "joint-placement-program.js"));
});
after(async () => {
    await project.remove();
});

const preview = (name: string): Promise<Outcome> => project.run(["preview"], { JOINT_CASE: name });

/** What is under "Diagnostics", without indentation. */
function diagnostics(text: string): string[] {
    const [, told = ""] = text.split("Diagnostics:");
    return told
        .split("\n")
        .map((line) => line.trim())
        .filter((line) => line !== "");
}

test("services that fit pass, whatever their order", async () => {
    const { code, text } = await preview("fine");
    assert.equal(code, 0, text);
    assert.match(text, /MADE a/);
    assert.match(text, /MADE b/);
    assert.doesNotMatch(text, /warning:|error:/);
});

for (const name of ["enemies", "enemiesInOtherOrder"]) {
    test(`services that exclude each other are refused before anything is made: ${name}`, async () => {
        const { code, text } = await preview(name);
        assert.notEqual(code, 0, text);
        assert.doesNotMatch(text, /MADE|^\s+at |unhandled/m);
        assert.equal(text.match(/conflicts with a\.service/g)?.length, 1, text);
        const lines = diagnostics(text);
        assert.ok(lines.includes('error: Services of cluster "demo" can\'t be made:'), text);
        assert.ok(
            lines.includes(
                '- Service "a": unit.X-Fleet.MachineOf: got b.service; conflicts with a.service, so the two can\'t be on one machine',
            ),
            text,
        );
    });
}

test("a text that is known later is checked with the others then, and refused alone", async () => {
    const { code, text } = await preview("lateEnemy");
    assert.notEqual(code, 0, text);
    assert.match(text, /MADE a/);
    assert.doesNotMatch(text, /MADE b/);
    assert.match(
        text,
        /- Service "b": unit\.X-Fleet\.Conflicts: got .*; 2 units conflict with each other, but only 1 machine can take them \(demo-3\)|- Service "a": unit\.X-Fleet\.Conflicts: got a\.service, b\.service; 2 units conflict with each other, but only 1 machine can take them \(demo-3\)/,
    );
});

test("what has no spare machine is one warning for each service, shown once", async () => {
    const { code, text } = await preview("spare");
    assert.equal(code, 0, text);
    const warnings = diagnostics(text).filter((line) => line.startsWith("warning:"));
    assert.deepEqual(warnings, [
        'warning: Service "all": unit.X-Fleet.Conflicts: if one machine fails, one of the 3 instances of all has nowhere to go: 3 machines can take them (demo-1, demo-2, demo-3)',
        'warning: Service "web": unit.X-Fleet.MachineMetadata: if one machine fails, web.service has nowhere to go: 1 machine can take it (demo-3)',
        'warning: Service "late": unit.X-Fleet.MachineMetadata: if one machine fails, late.service has nowhere to go: 1 machine can take it (demo-3)',
    ]);
});
