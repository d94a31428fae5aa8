import { Document, Pair, Scalar, YAMLMap, YAMLSeq } from "yaml";
import { type CloudConfig, cloudConfigFields } from "./document.js";
import { escapeUnprintable, scalarStyle } from "./scalar-style.js";
import { type Field, section } from "./schema.js";

/** The first line of every cloud-config, exactly. */
export const header = "#cloud-config";

/**
 * Renders a document as user-data: first line `#cloud-config`, then one YAML 1.1 document without
 * aliases, its keys in the order of the schema, its lines never folded. Equal documents give equal
 * texts. Nothing is checked: see `validateCloudConfig`.
 */
export function renderCloudConfig(document: CloudConfig): string {
    const yaml = new Document(undefined, { version: "1.1" });
    const root = toNode(document, section(cloudConfigFields));
    if (!(root instanceof YAMLMap) || root.items.length === 0) {
        return `${header}\n`;
    }
    yaml.contents = root;
    const rendered = yaml.toString({ lineWidth: 0, indent: 2, doubleQuotedAsJSON: true });
    return `${header}\n${escapeUnprintable(rendered)}`;
}

type Node = Scalar | YAMLMap | YAMLSeq;

function toNode(value: unknown, field: Field | undefined): Node {
    if (typeof value === "string") {
        return textNode(value);
    }
    if (value instanceof Uint8Array) {
        return bytesNode(value);
    }
    if (Array.isArray(value)) {
        const items = new YAMLSeq();
        const of = field?.kind === "list" ? field.of : undefined;
        items.items = value.map((item) => toNode(item, of));
        return items;
    }
    if (typeof value === "object" && value !== null) {
        return mapNode(value, field);
    }
    return new Scalar(value);
}

function mapNode(value: object, field: Field | undefined): YAMLMap {
    const fields = field?.kind === "section" ? field.fields : {};
    const order = Object.keys(fields);
    const rank = (key: string) => (Object.hasOwn(fields, key) ? order.indexOf(key) : order.length);
    const map = new YAMLMap();
    map.items = Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .sort(([one], [other]) => rank(one) - rank(other))
        .map(([key, item]) => {
            const of = Object.hasOwn(fields, key) ? fields[key] : undefined;
            return new Pair(textNode(key), toNode(item, of));
        });
    return map;
}

function textNode(text: string): Scalar {
    const node = new Scalar(text);
    node.type = scalarStyle(text);
    return node;
}

function bytesNode(bytes: Uint8Array): Scalar {
    const node = new Scalar(Buffer.from(bytes));
    node.tag = "tag:yaml.org,2002:binary";
    node.type = Scalar.QUOTE_DOUBLE;
    return node;
}
