import { Scalar } from "yaml";

/**
 * Safe without quotes, as long as no `: ` is in it: starts like a word or a path, holds no indicator.
 * `yaml` itself quotes the words that YAML 1.1 takes for a truth value or for nothing.
 */
const plain = /^[A-Za-z/][\w ./@%+,;:=()~-]*$/;

/** Characters that stand for themselves in YAML 1.1: no line break but `\n`, no byte order mark. */
const literal =
    /^[\t\n\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]*$/u;

/** `\$private_ipv4`: where the agent leaves the variable alone and takes the backslash away. */
export const escapedVariable = /\\\$(?:public|private)_ipv[46]/;

/**
 * The YAML style in which a text comes out as it went in, read by YAML 1.1 readers: as it stands
 * where no reader can take it for a number, a truth value or a date; many lines as a literal block,
 * so that a change shows as its lines; single quotes where a backslash or a quote is in it, since
 * the agent looks for `\$private_ipv4` in the rendered text; else double quotes.
 */
export function scalarStyle(text: string): Scalar.Type {
    if (plain.test(text) && !/: |[ :]$/.test(text)) {
        return Scalar.PLAIN;
    }
    if (!literal.test(text)) {
        return Scalar.QUOTE_DOUBLE;
    }
    if (text.includes("\n")) {
        return isBlock(text) ? Scalar.BLOCK_LITERAL : Scalar.QUOTE_DOUBLE;
    }
    return /["\\]/.test(text) ? Scalar.QUOTE_SINGLE : Scalar.QUOTE_DOUBLE;
}

/** A block can't begin with a tab, nor end in a line of blanks alone. */
function isBlock(text: string): boolean {
    return /\S/.test(text) && !/^\n*\t/.test(text) && !/\n[\t ]+$/.test(text);
}

/** Writes as escapes what double quotes still let through and YAML 1.1 does not take. */
export function escapeUnprintable(rendered: string): string {
    return rendered.replaceAll(
        /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g,
        (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
}
