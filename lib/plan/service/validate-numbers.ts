import { given, type Problem } from "../../problem.js";

/** Seconds that must be more than a bound. */
export function secondsAbove(bound: number, value: unknown, path: string): Problem[] {
    const isFine = typeof value === "number" && Number.isFinite(value) && value > bound;
    const allowed = `must be a number of seconds above ${bound}`;
    return value === undefined || isFine ? [] : [{ path, given: given(value), allowed }];
}

/** Seconds that may be none. */
export function seconds(value: unknown, path: string): Problem[] {
    const isFine = typeof value === "number" && Number.isFinite(value) && value >= 0;
    const allowed = "must be a number of seconds, 0 or more";
    return value === undefined || isFine ? [] : [{ path, given: given(value), allowed }];
}

/** A whole number with a lower bound. */
export function atLeast(bound: number, value: unknown, path: string): Problem[] {
    const isFine = Number.isSafeInteger(value) && Number(value) >= bound;
    const allowed = `must be a whole number of ${bound} or more`;
    return value === undefined || isFine ? [] : [{ path, given: given(value), allowed }];
}

/** One of a few words. */
export function oneOf(words: readonly string[], value: unknown, path: string): Problem[] {
    const isFine = words.some((word) => word === value);
    const allowed = `must be one of ${words.join(", ")}`;
    return value === undefined || isFine ? [] : [{ path, given: given(value), allowed }];
}
