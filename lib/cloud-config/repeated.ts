import { given, type Problem } from "../problem.js";

/** A problem for every item that has the name of one before it. */
export function repeated<Item>(
    items: readonly Item[],
    path: string,
    key: string,
    name: (item: Item) => string,
): Problem[] {
    const first = new Map<string, number>();
    return items.flatMap((item, index) => {
        const called = name(item);
        const before = first.get(called);
        if (before === undefined) {
            first.set(called, index);
            return [];
        }
        return [
            {
                path: `${path}[${index}].${key}`,
                given: given(called),
                allowed: `stands in ${path}[${before}] already: put both into one`,
            },
        ];
    });
}
