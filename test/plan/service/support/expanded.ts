import {
    type DeclaredService,
    type Marks,
    planService,
    renderFiles,
} from "../../../../lib/plan/service/index.js";

/** What a service becomes: texts by file, and names of units. */
export interface Expanded {
    readonly files: Readonly<Record<string, string>>;
    readonly units: readonly string[];
    readonly triggered: readonly string[];
}

const unit = { Service: { ExecStart: "/bin/true" } };

/** Expands a service of owner `us`; by default `hello`, of one unit that is no template. */
export function expanded(
    declared: { readonly [Key in keyof DeclaredService]?: DeclaredService[Key] | undefined },
    marks: Marks = { owner: "us" },
): Expanded {
    const given = Object.entries(declared).filter(([, value]) => value !== undefined);
    const service: DeclaredService = { name: "hello", unit, ...Object.fromEntries(given) };
    const plan = planService(service);
    const files = renderFiles(plan, marks);
    return {
        files: Object.fromEntries(Array.from(files, ([name, { text }]) => [name, text])),
        units: plan.units.map(({ name }) => name),
        triggered: plan.units
            .filter(({ part }) => plan.triggered.has(part))
            .map(({ name }) => name),
    };
}

/** Text of one file of a service; by default the first, which is the main unit's. */
export function textOf(declared: Parameters<typeof expanded>[0], file?: string): string {
    const { files } = expanded(declared);
    return (file === undefined ? Object.values(files)[0] : files[file]) ?? "";
}
