const unescaped = /^[0-9A-Za-z:_.]$/;

/**
 * Text as part of a unit's name, as `systemd-escape TEXT` prints it: `/` becomes `-`, and every byte
 * but ASCII letters, digits, `:`, `_` and `.` (not at the start) becomes `\xNN` (systemd.unit(5)).
 */
export function escapeName(text: string): string {
    return Array.from(Buffer.from(text, "utf8"), (byte, index) => {
        const character = String.fromCharCode(byte);
        if (character === "/") {
            return "-";
        }
        const plain = unescaped.test(character) && !(index === 0 && character === ".");
        return plain ? character : `\\x${byte.toString(16).padStart(2, "0")}`;
    }).join("");
}

/**
 * The text that {@link escapeName} was given, as `systemd-escape --unescape` prints it.
 *
 * @throws Error if a backslash does not begin `\xNN`, or if the bytes are not UTF-8.
 */
export function unescapeName(text: string): string {
    const stray = /\\(?!x[0-9A-Fa-f]{2})/.exec(text);
    if (stray !== null) {
        throw new Error(
            `${JSON.stringify(text)} can't be unescaped: the backslash at position ${stray.index} must begin \\xNN with two hexadecimal digits.`,
        );
    }
    const pieces = text
        .split(/(\\x[0-9A-Fa-f]{2})/)
        .map((piece, index) =>
            index % 2 === 1
                ? Buffer.from(piece.slice(2), "hex")
                : Buffer.from(piece.replaceAll("-", "/"), "utf8"),
        );
    try {
        return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
            Buffer.concat(pieces),
        );
    } catch {
        throw new Error(`${JSON.stringify(text)} can't be unescaped: its bytes are not UTF-8.`);
    }
}

/**
 * A path as a unit's name, as `systemd-escape --path PATH` prints it: slashes at the ends and doubled
 * ones disappear, `.` components too, and the root is `-`. For the names of mount units and `%f`.
 *
 * @throws Error for a path with a `..` component, or that is only `.`.
 */
export function escapePath(path: string): string {
    const components = path.split("/").filter((part) => part !== "" && part !== ".");
    const onlyDots = path !== "" && !path.startsWith("/") && components.length === 0;
    if (components.includes("..") || onlyDots) {
        throw new Error(
            `${JSON.stringify(path)} can't be made a unit's name; the path must have a name in it and no ".." component.`,
        );
    }
    return components.length === 0 ? "-" : escapeName(components.join("/"));
}
