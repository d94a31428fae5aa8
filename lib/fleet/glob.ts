/** A glob of unit names, ready to be matched. */
export interface Glob {
    /** Whether the whole of the name matches. */
    test(name: string): boolean;
}

/** Judges one character; the text stands for itself, and the star for any number of characters. */
type Piece = string | RegExp | typeof star;
const star = Symbol("*");
const notSlash = /[^/]/su;

/**
 * A glob as fleet matches it (Go's path.Match): `*` and `?` do not cross `/`, `[a-z]` and `[^a-z]` are
 * classes, a backslash takes the next character as it is.
 *
 * @returns undefined for a malformed glob, which matches nothing.
 */
export function compileGlob(glob: string): Glob | undefined {
    const pieces: Piece[] = [];
    let rest = glob;
    while (rest !== "") {
        const [text, negated, ranges, escaped, literal] =
            /^(?:\[(?:(\^)|(?!\^))((?:(?:\\.|[^\]\\-])(?:-(?:\\.|[^\]\\-]))?)+)\]|\\(.)|([^[\\]))/su.exec(
                rest,
            ) ?? [""];
        if (text === "") {
            return undefined;
        }
        if (ranges !== undefined) {
            pieces.push(characterClass(ranges, negated ?? ""));
        } else if (literal === "*") {
            pieces.push(star);
        } else {
            pieces.push(literal === "?" ? notSlash : (escaped ?? literal ?? ""));
        }
        rest = rest.slice(text.length);
    }
    return { test: (name) => matches(pieces, Array.from(name)) };
}

/** Each star takes as little as it can; only the last one seen is ever asked to take more. */
function matches(pieces: readonly Piece[], name: readonly string[]): boolean {
    let piece = 0;
    let position = 0;
    let lastStar: { readonly piece: number; position: number } | undefined;
    while (piece < pieces.length || position < name.length) {
        const current = pieces[piece];
        const character = name[position];
        if (current === star) {
            lastStar = { piece, position };
            piece += 1;
        } else if (current !== undefined && character !== undefined && fits(current, character)) {
            piece += 1;
            position += 1;
        } else {
            const next = lastStar === undefined ? undefined : name[lastStar.position];
            if (lastStar === undefined || next === undefined || next === "/") {
                return false;
            }
            lastStar.position += 1;
            piece = lastStar.piece + 1;
            position = lastStar.position;
        }
    }
    return true;
}

function fits(piece: string | RegExp, character: string): boolean {
    return typeof piece === "string" ? piece === character : piece.test(character);
}

function characterClass(ranges: string, negated: string): RegExp {
    const members = Array.from(ranges.matchAll(/(\\.|[^\\])(?:-(\\.|[^\\]))?/gsu)).flatMap(
        ([, low = "", high = low]) => {
            const [from, to] = [low, high].map((end) =>
                end.replace(/^\\(?=.)/su, "").codePointAt(0),
            );
            return from === undefined || to === undefined || from > to
                ? []
                : [`\\u{${from.toString(16)}}-\\u{${to.toString(16)}}`];
        },
    );
    const empty = members.length === 0 && negated === "";
    return empty ? /(?!)/ : new RegExp(`[${negated}${members.join("")}]`, "su");
}
