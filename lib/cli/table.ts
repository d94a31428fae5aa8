/** Lays rows out in aligned columns, the header first, two blanks between columns. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
    const all = [header, ...rows];
    const widths = header.map((_, column) =>
        Math.max(...all.map((row) => (row[column] ?? "").length)),
    );
    return all.map((row) =>
        widths
            .map((width, column) => (row[column] ?? "").padEnd(width))
            .join("  ")
            .trimEnd(),
    );
}
