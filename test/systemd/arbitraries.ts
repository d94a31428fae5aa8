import fc from "fast-check";
import type { DirectiveValue, UnitDocument } from "../../lib/systemd/index.js";

const name = fc.stringMatching(/^[A-Z][A-Za-z0-9]{0,8}$/);
const sectionName = fc.oneof(
    fc.constantFrom("Unit", "Service", "Install", "X-Fleet", "X-Pulumi", "__proto__"),
    name,
);

/** Text of one line that does not end in a backslash. Comment signs, brackets and `=` are welcome in it. */
const line = fc
    .oneof(
        fc.string({ unit: fc.constantFrom(..."aé€ #;[]=\\\"'%$@\t") }),
        fc.string({ unit: "grapheme" }),
    )
    .map((text) => text.replace(/[\r\n]/g, " ").trim())
    .filter((text) => !text.endsWith("\\"));

const scalar = fc.oneof(line, fc.integer(), fc.boolean());

const value: fc.Arbitrary<DirectiveValue | undefined> = fc.oneof(
    scalar,
    fc.array(scalar, { maxLength: 3 }),
    fc.constant(undefined),
);

/** Units that `renderUnit` can write, sections named `__proto__` among them. */
export const unit: fc.Arbitrary<UnitDocument> = fc
    .uniqueArray(
        fc.tuple(
            sectionName,
            fc
                .uniqueArray(fc.tuple(name, value), { selector: ([key]) => key, maxLength: 4 })
                .map((directives) => Object.fromEntries(directives)),
        ),
        { selector: ([key]) => key, maxLength: 4 },
    )
    .map((sections) => Object.fromEntries(sections));
