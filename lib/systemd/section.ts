/** One value of a directive. Booleans are written `true` and `false`, numbers in decimal. */
export type Scalar = string | number | boolean;

/**
 * What a directive is set to. A list is written as one line for each element; an empty string is the
 * empty assignment that resets what was set before.
 */
export type DirectiveValue = Scalar | readonly Scalar[];

/** The directives of one section of a unit file, by their own names. An undefined one is left out. */
export interface Section {
    readonly [directive: string]: DirectiveValue | undefined;
}

/** A directive that takes one text, or several as repeated lines. */
export type Texts = string | readonly string[];

/** A boolean in one of the spellings that systemd knows (systemd.syntax(7)). */
export type Switch = boolean | "yes" | "no" | "true" | "false" | "on" | "off" | "1" | "0";

/** A time span: a number of seconds, or text such as `5min 20s` (systemd.time(7)). */
export type TimeSpan = number | string;
