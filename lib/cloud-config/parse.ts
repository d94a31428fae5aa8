import {
    type Document,
    isAlias,
    isMap,
    isScalar,
    isSeq,
    LineCounter,
    parseDocument,
    Scalar,
    type YAMLMap,
} from "yaml";
import { given, type Problem } from "../problem.js";
import { conform } from "./conform.js";
import { type CloudConfig, cloudConfigFields } from "./document.js";
import { header } from "./render.js";
import { type Field, section } from "./schema.js";
import { underscored } from "./unknown-key.js";

/** A document that was read, and what was wrong with its text. */
export interface ParsedCloudConfig {
    /** What could be read; keys spelled with underscores. */
    readonly document: CloudConfig;
    /** Bad header, bad YAML, and, where the YAML is good, everything that does not fit the schema. */
    readonly problems: Problem[];
}

/**
 * Reads user-data as coreos-cloudinit 1.14.0 does: YAML 1.1, where a scalar without quotes is taken
 * as its own text if the key wants a text (`reboot_strategy: off`, `permissions: 0644`). Where
 * Flatcar's fork is stricter (a key twice, a hyphenated key), that is a problem.
 */
export function parseCloudConfig(text: string): ParsedCloudConfig {
    const lines = new LineCounter();
    const yaml = parseDocument(text, {
        version: "1.1",
        logLevel: "error",
        prettyErrors: false,
        lineCounter: lines,
    });
    const problems: Problem[] = headerProblems(text);
    for (const error of yaml.errors) {
        problems.push(yamlProblem(error, lines.linePos(error.pos[0]).line));
    }
    const root = yaml.contents;
    if (root === null || (isScalar(root) && root.value === null)) {
        return { document: {}, problems };
    }
    const read = conform(plainValue(root, section(cloudConfigFields), yaml));
    return {
        document: read.document,
        problems: yaml.errors.some(isBroken) ? problems : [...problems, ...read.problems],
    };
}

/** Whether what was read behind the error is but a guess. */
function isBroken({ code }: { code: string }): boolean {
    return code !== "DUPLICATE_KEY" && code !== "MULTIPLE_DOCS";
}

function headerProblems(text: string): Problem[] {
    const first = text.split("\n", 1)[0] ?? "";
    if (first.trimEnd() === header) {
        return [];
    }
    const allowed = `must be ${header} and nothing else: the agent rejects any other user-data`;
    return [{ path: "line 1", given: given(first), allowed }];
}

function yamlProblem(error: { code: string; message: string }, line: number): Problem {
    const path = `line ${line}`;
    switch (error.code) {
        case "DUPLICATE_KEY":
            return { path, allowed: "a key that stands here twice: write it once" };
        case "TAB_AS_INDENT":
            return { path, allowed: "indented by a tab: indent by spaces" };
        case "MULTIPLE_DOCS":
            return { path, allowed: "begins a second document, which the agent never reads" };
        default:
            return { path, allowed: `not good YAML: ${error.message.replace(/\s+/g, " ")}` };
    }
}

/** The node's value, its texts taken literally where the schema wants a text. */
function plainValue(node: unknown, field: Field | undefined, yaml: Document): unknown {
    if (isAlias(node)) {
        return plainValue(node.resolve(yaml), field, yaml);
    }
    if (isMap(node)) {
        return Object.fromEntries(entries(node, field, yaml));
    }
    if (isSeq(node)) {
        const of = field?.kind === "list" ? field.of : undefined;
        return node.items.map((item) => plainValue(item, of, yaml) ?? null);
    }
    return isScalar(node) ? scalarValue(node, field) : undefined;
}

/** Pairs of key and value; those that `<<` brings in come first, so that the map's own ones win. */
function entries(map: YAMLMap, field: Field | undefined, yaml: Document): [string, unknown][] {
    const fields = field?.kind === "section" ? field.fields : {};
    const broughtIn: [string, unknown][] = [];
    const own: [string, unknown][] = [];
    for (const { key, value } of map.items) {
        const name = isScalar(key) ? (key.source ?? String(key.value)) : String(key);
        if (name === "<<" && isScalar(key) && key.type === Scalar.PLAIN) {
            broughtIn.push(...merged(value, field, yaml));
        } else {
            const spelled = underscored(name);
            const of = Object.hasOwn(fields, spelled) ? fields[spelled] : undefined;
            own.push([name, plainValue(value, of, yaml)]);
        }
    }
    return [...broughtIn, ...own];
}

function merged(value: unknown, field: Field | undefined, yaml: Document): [string, unknown][] {
    const source: unknown = isAlias(value) ? value.resolve(yaml) : value;
    if (isMap(source)) {
        return entries(source, field, yaml);
    }
    return isSeq(source)
        ? source.items.toReversed().flatMap((item) => merged(item, field, yaml))
        : [];
}

function scalarValue(node: Scalar, field: Field | undefined): unknown {
    const { value } = node;
    if (value === null) {
        return undefined;
    }
    if (value instanceof Uint8Array) {
        return field?.kind === "bytes" ? new Uint8Array(value) : Buffer.from(value).toString();
    }
    const wantsText = field?.kind === "string" || field?.kind === "bytes";
    return wantsText && typeof value !== "string" ? (node.source ?? String(value)) : value;
}
