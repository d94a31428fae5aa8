/** What one round of a benchmark gave. */
export interface Round {
    /** The figure that the goal is about. */
    readonly value: number;
    /** The times that it was made from, in seconds, by what they are of. */
    readonly seconds: Readonly<Record<string, number>>;
}

/** A figure that is measured in several rounds. */
export interface Benchmark {
    /** `--only` names it so. */
    readonly key: string;
    readonly title: string;
    /** A ratio of times, or milliseconds. */
    readonly unit: "ratio" | "ms";
    /** The figure is to be no larger. */
    readonly goal: number;
    /** Most rounds of it, where one takes long. */
    readonly most?: number;
    /** Everything that must stand before the first round, which is none of the measured. */
    prepare(): Promise<void>;
    round(): Promise<Round>;
}

/** A benchmark with its rounds. */
export interface Figure extends Pick<Benchmark, "key" | "title" | "unit" | "goal"> {
    readonly median: Round;
    readonly isMet: boolean;
    readonly rounds: readonly Round[];
}

/** The middle one, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
    const sorted = [...values].sort((one, other) => one - other);
    const [low = Number.NaN, high = low] = sorted.slice(
        Math.ceil(sorted.length / 2) - 1,
        Math.floor(sorted.length / 2) + 1,
    );
    return (low + high) / 2;
}

/** Takes the median of the figure and of each time by itself. */
export function summarize({ key, title, unit, goal }: Benchmark, rounds: readonly Round[]): Figure {
    const names = Object.keys(rounds[0]?.seconds ?? {});
    const seconds = names.map((name) => [
        name,
        median(rounds.map((round) => round.seconds[name] ?? Number.NaN)),
    ]);
    const value = median(rounds.map((round) => round.value));
    return {
        key,
        title,
        unit,
        goal,
        median: { value, seconds: Object.fromEntries(seconds) },
        isMet: value <= goal,
        rounds,
    };
}

/** Two lines for people. */
export function describeFigure({ key, title, unit, goal, median: middle, isMet }: Figure): string {
    const show = (value: number): string =>
        unit === "ms" ? `${value.toFixed(0)} ms` : value.toFixed(2);
    const parts = Object.entries(middle.seconds).map(
        ([name, value]) =>
            `${name} ${value < 1 ? `${(1000 * value).toFixed(0)} ms` : `${value.toFixed(1)} s`}`,
    );
    const verdict = isMet ? "met" : "MISSED";
    return `(${key}) ${title}: ${show(middle.value)} (goal ${show(goal)}: ${verdict})\n    ${parts.join(", ")}`;
}
