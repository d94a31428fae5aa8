/** An answer to {@link askHttp}. */
export interface HttpAnswer {
    readonly status: number;
    /** Its text, at most the first 64 KiB. */
    readonly body: string;
}

/** What is asked for. */
export interface HttpRequest {
    /** Default `GET`. */
    readonly method?: "GET" | "PUT" | "DELETE";
    /** Sent as an HTML form is. */
    readonly form?: Readonly<Record<string, string>>;
    /** Most milliseconds until the whole answer is there. */
    readonly timeout: number;
}

/** Thrown by {@link askHttp} where no answer came. */
export class NoAnswerError extends Error {
    override name = "NoAnswerError";
    constructor(
        message: string,
        /** Whether asking again may help: not for a name that nobody has, or a bad certificate. */
        readonly mayPass: boolean,
    ) {
        super(message);
    }
}

const MOST_BYTES = 65_536;
/** No later attempt helps against these. */
const LASTING = /^(ENOTFOUND|ERR_TLS_|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_SSL)/;
const REASONS: Readonly<Record<string, string>> = {
    ECONNREFUSED: "the connection is refused",
    ECONNRESET: "the connection was closed without an answer",
    UND_ERR_SOCKET: "the connection was closed without an answer",
    EHOSTUNREACH: "there is no route to it",
    ENETUNREACH: "there is no route to it",
    ENOTFOUND: "no host has that name",
    EAI_AGAIN: "its name can't be looked up",
    UND_ERR_CONNECT_TIMEOUT: "nothing answers there",
};

/**
 * Asks a web server, and reads its answer, within a time limit. Any status is an answer.
 *
 * @throws NoAnswerError with the reason in a few words.
 */
export async function askHttp(url: string, request: HttpRequest): Promise<HttpAnswer> {
    const { method = "GET", form, timeout } = request;
    const signal = AbortSignal.timeout(Math.max(1, timeout));
    try {
        const answer = await fetch(url, {
            method,
            signal,
            ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
        });
        return { status: answer.status, body: await beginning(answer) };
    } catch (cause) {
        if (signal.aborted) {
            throw new NoAnswerError(`no answer within ${Math.ceil(timeout / 1000)} s`, true);
        }
        const { code, message } = origin(cause);
        throw new NoAnswerError(REASONS[code] ?? message, !LASTING.test(code));
    }
}

async function beginning(answer: Response): Promise<string> {
    const decoder = new TextDecoder();
    let text = "";
    let size = 0;
    // Node's own stream is iterable; a loop that is left cancels the rest.
    for await (const chunk of answer.body ?? []) {
        text += decoder.decode(chunk, { stream: true });
        size += chunk.length;
        if (size >= MOST_BYTES) {
            break;
        }
    }
    return text;
}

/** fetch says "fetch failed", and has the reason as its cause. */
function origin(cause: unknown): { code: string; message: string } {
    let at = cause;
    while (at instanceof Error && at.cause instanceof Error) {
        at = at.cause;
    }
    if (at instanceof AggregateError && at.errors[0] instanceof Error) {
        at = at.errors[0];
    }
    const code: unknown = at instanceof Error && "code" in at ? at.code : "";
    return { code: String(code), message: at instanceof Error ? at.message : String(at) };
}
