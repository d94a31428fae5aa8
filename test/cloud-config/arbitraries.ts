import fc from "fast-check";
import { type CloudConfig, cloudConfigFields } from "../../lib/cloud-config/document.js";
import { type Field, section } from "../../lib/cloud-config/schema.js";

/** What YAML readers are known to trip over. */
export const awkwardTexts = [
    "",
    " ",
    "~",
    "0o7",
    "0644",
    "1_000",
    "1:30",
    "1e3",
    ".inf",
    "nan",
    "off",
    "No",
    "y",
    "null",
    "<<",
    "=",
    "2001-12-14",
    "# no comment",
    "key: value",
    "ends with colon:",
    "trailing ",
    " leading",
    "\tleading tab",
    "tab\tinside",
    "cr\rinside",
    "dos\r\nlines\r\n",
    "- item",
    "---",
    "--- \n%YAML 1.1\n...\n",
    "'single' \"double\" \\back",
    "C:\\new\\$HOME",
    "*alias &anchor !tag",
    "{flow: [a, b]}",
    "@at `tick` %percent",
    "héllo – 日本 🚀",
    "\u0000\u0007\u001b",
    "next\u0085line, sep\u2028arated\u2029, bom\ufeff, \ufffe\uffff",
    "\u007f\u009f\u00a0",
    "one\ntwo\n",
    "one\ntwo",
    "\nfirst line empty\n",
    "\n\n  indented first\nthen not\n",
    "  indented first\nthen not\n",
    "\tindented by tab\nthen not\n",
    "\n\tindented by tab\n",
    "blanks on a line\n   \nbetween\n",
    "tab on a line\n\t\nbetween\n",
    "trailing blank \nhere\n",
    "keeps\n\n\n",
    "ends in blanks\n  ",
    "ends in blanks  ",
    "ends in blanks twice\n \n\n",
    "\n",
    "\n\n",
    " \n",
    "# comment like\n--- \nkey: value\n",
    "a".repeat(200),
    `${"word ".repeat(60)}end`,
    "$private_ipv4",
    "http://$private_ipv4:2379",
    "\\$private_ipv4",
    'say "\\$private_ipv4"\tnow',
] as const;

/** Texts without lone surrogates, which no file can hold. */
const anyText = fc
    .oneof(
        { weight: 3, arbitrary: fc.constantFrom(...awkwardTexts) },
        {
            weight: 3,
            arbitrary: fc.string({
                unit: fc.constantFrom(..."ab:#-'\"\\ \t\n\r$,[{|>%\u0085\u2028"),
            }),
        },
        { weight: 1, arbitrary: fc.string({ unit: "grapheme" }) },
        { weight: 1, arbitrary: fc.string({ unit: "binary" }) },
    )
    .filter((text) => !/\p{Surrogate}/u.test(text));

function arbitraryOf(field: Field): fc.Arbitrary<unknown> {
    switch (field.kind) {
        case "string":
            if (field.oneOf) {
                return fc.constantFrom(...field.oneOf);
            }
            return field.required ? anyText.map((text) => `/a${text}`) : anyText;
        case "bytes":
            return fc.oneof({ weight: 4, arbitrary: anyText }, fc.uint8Array({ minLength: 1 }));
        case "boolean":
            return fc.boolean();
        case "integer":
            return fc.integer();
        case "number":
            return fc
                .double({ noNaN: true, noDefaultInfinity: true })
                .map((value) => (Object.is(value, -0) ? 0 : value));
        case "list":
            return fc.array(arbitraryOf(field.of), { maxLength: 3 });
        case "section": {
            const fields = Object.entries(field.fields);
            const required = fields.filter(([, item]) => item.required).map(([key]) => key);
            return fc.record(
                Object.fromEntries(fields.map(([key, item]) => [key, arbitraryOf(item)])),
                { requiredKeys: required, noNullPrototype: true },
            );
        }
    }
}

/** Documents of the right shape; their values need not mean anything. */
export const documents: fc.Arbitrary<CloudConfig> = arbitraryOf(section(cloudConfigFields)).map(
    (value): CloudConfig => (typeof value === "object" && value !== null ? value : {}),
);
