import type { CloudConfig } from "../../lib/cloud-config/document.js";
import { cloudConfigFields } from "../../lib/cloud-config/document.js";
import { type Field, section } from "../../lib/cloud-config/schema.js";

/** Values for keys whose values the agent checks. */
const valid: Readonly<Record<string, unknown>> = {
    hostname: "a1.example.com",
    manage_etc_hosts: "localhost",
    path: "/etc/a",
    permissions: "0640",
    encoding: "base64",
    content: "",
    discovery: "https://discovery.etcd.io/00000000000000000000000000000000",
    window_start: "Thu 04:00",
    window_length: "1h30m",
};

function valueFor(key: string, field: Field): unknown {
    if (Object.hasOwn(valid, key)) {
        return valid[key];
    }
    switch (field.kind) {
        case "string":
            return field.oneOf?.[0] ?? `${key}-value`;
        case "bytes":
            return "text";
        case "boolean":
            return true;
        case "integer":
            return 7;
        case "number":
            return 1.5;
        case "list":
            return [valueFor(key, field.of)];
        case "section":
            return Object.fromEntries(
                Object.entries(field.fields).map(([name, item]) => [name, valueFor(name, item)]),
            );
    }
}

/** A document in which every key of the schema stands, with a value that the agent takes. */
export const withEveryKey: CloudConfig = (() => {
    const value = valueFor("", section(cloudConfigFields));
    return typeof value === "object" && value !== null ? value : {};
})();
