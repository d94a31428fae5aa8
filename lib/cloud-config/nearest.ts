/**
 * The candidate that most likely was meant, or `undefined` where none is close: at most one edit
 * (a letter added, left out or changed) in three letters.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
    const [best] = candidates
        .map((candidate) => ({ candidate, edits: editDistance(word, candidate) }))
        .filter(({ edits }) => edits <= Math.max(1, Math.floor(word.length / 3)))
        .sort((one, other) => one.edits - other.edits);
    return best?.candidate;
}

function editDistance(from: string, to: string): number {
    let row = Array.from({ length: to.length + 1 }, (_, column) => column);
    for (const [above, letter] of [...from].entries()) {
        const next = [above + 1];
        for (let column = 0; column < to.length; column++) {
            next.push(
                Math.min(
                    (next[column] ?? 0) + 1,
                    (row[column + 1] ?? 0) + 1,
                    (row[column] ?? 0) + (to[column] === letter ? 0 : 1),
                ),
            );
        }
        row = next;
    }
    return row[to.length] ?? 0;
}
