/**
 * A glob of unit names as fleet matches it (Go's path.Match): `*` and `?` do not cross `/`, `[a-z]` and
 * `[^a-z]` are classes, a backslash takes the next character as it is.
 *
 * @returns undefined for a malformed glob, which matches nothing.
 */
export function compileGlob(pattern: string): RegExp | undefined {
    const pieces: string[] = [];
    let rest = pattern;
    while (rest !== "") {
        const class_ = /^\[(?:(\^)|(?!\^))(?:(?:\\.|[^\]\\-])(?:-(?:\\.|[^\]\\-]))?)+\]/su.exec(
            rest,
        );
        if (class_ !== null) {
            const [text, negated = ""] = class_;
            pieces.push(characterClass(text.slice(1 + negated.length, -1), negated));
            rest = rest.slice(text.length);
            continue;
        }
        const [text, literal = ""] = /^(?:\*+|\?|\\(.)|([^[\\]))/su.exec(rest) ?? [""];
        if (text === "") {
            return undefined;
        }
        pieces.push(wildcards[text.charAt(0)] ?? quote(literal === "" ? text : literal));
        rest = rest.slice(text.length);
    }
    return new RegExp(`^${pieces.join("")}$`, "su");
}

const wildcards: Readonly<Record<string, string>> = { "*": "[^/]*", "?": "[^/]" };

function characterClass(ranges: string, negated: string): string {
    const members = Array.from(ranges.matchAll(/(\\.|[^\\])(?:-(\\.|[^\\]))?/gsu)).flatMap(
        ([, low = "", high = low]) => {
            const from = low.replace(/^\\/, "");
            const to = high.replace(/^\\/, "");
            return codePoint(from) <= codePoint(to) ? [`${quote(from)}-${quote(to)}`] : [];
        },
    );
    return members.length === 0 && negated === "" ? "(?!)" : `[${negated}${members.join("")}]`;
}

function codePoint(character: string): number {
    return character.codePointAt(0) ?? 0;
}

function quote(character: string): string {
    return `\\u{${codePoint(character).toString(16)}}`;
}
