import { given } from "../problem.js";
import type { HttpAnswer } from "./http.js";
import { GiveUpError } from "./wait.js";

/** A member that has registered itself with a token. */
export interface DiscoveredMember {
    /** etcd's name of it. */
    readonly name: string;
    readonly peerUrls: readonly string[];
}

/** etcd: error/error.go of its v2 API. */
export const KEY_NOT_FOUND = 100;
export const ALREADY_EXISTS = 105;

/** The size that a token was made for, from its `_config/size`. */
export function sizeOf(answer: HttpAnswer): number {
    const size = Number(node(answer)?.value);
    if (!Number.isInteger(size) || size < 1) {
        throw strange(answer, "for a token's size");
    }
    return size;
}

/** Who has registered, the first one first, from a token's directory. */
export function membersOf(answer: HttpAnswer): DiscoveredMember[] {
    const directory = node(answer);
    const nodes: unknown = directory?.nodes ?? [];
    if (directory === undefined || !Array.isArray(nodes)) {
        throw strange(answer, "for a token's members");
    }
    return nodes
        .map((item): Node => Object(item))
        .filter(({ key }) => !String(key).endsWith("/_config"))
        .sort((a, b) => (a.createdIndex ?? 0) - (b.createdIndex ?? 0))
        .map(({ value }) => memberOf(String(value), answer));
}

/** `name=url[,name=url…]`, as a member registers itself. */
function memberOf(value: string, answer: HttpAnswer): DiscoveredMember {
    const pairs = value.split(",").map((pair) => /^([^=]+)=(https?:.+)$/.exec(pair));
    const name = pairs[0]?.[1];
    if (name === undefined || pairs.includes(null)) {
        throw strange(answer, "for a token's members");
    }
    return { name, peerUrls: pairs.map((pair) => pair?.[2] ?? "") };
}

interface Node {
    key?: string;
    value?: string;
    nodes?: Node[];
    createdIndex?: number;
}

function node(answer: HttpAnswer): Node | undefined {
    const found = answer.status === 200 ? parsed(answer)["node"] : undefined;
    return typeof found === "object" && found !== null ? found : undefined;
}

/** Whether there is no such token. etcd says it by a code; the public service by a sentence. */
export function isUnknown(answer: HttpAnswer): boolean {
    return (
        errorCode(answer) === KEY_NOT_FOUND ||
        (answer.status === 400 && /unable to get token/i.test(answer.body))
    );
}

/** The code of etcd's v2 API in a refusal. */
export function errorCode(answer: HttpAnswer): unknown {
    return answer.status >= 400 ? parsed(answer)["errorCode"] : undefined;
}

function parsed({ body }: HttpAnswer): Record<string, unknown> {
    try {
        return Object(JSON.parse(body));
    } catch {
        return {};
    }
}

/** An answer that makes no sense, and will make none later. */
export function strange(answer: HttpAnswer, to = ""): GiveUpError {
    return new GiveUpError(`${told(answer)} ${to}`.trim());
}

/** An answer in one clause. */
export function told({ status, body }: HttpAnswer): string {
    const text = body.trim().replaceAll(/\s+/g, " ");
    return `it answers ${status}${text === "" ? "" : ` ${given(text)}`}`;
}
