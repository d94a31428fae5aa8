import {
    expandSpecifiers,
    type FleetUnit,
    instanceName,
    parseUnitName,
} from "../../fleet/index.js";
import { quoteArgument } from "../../systemd/index.js";
import type { CheckShape } from "./declared.js";

/** Path of the unit that checks, in problems. */
export const CHECK = "check";
/** Seconds that one attempt may take. */
export const CHECK_TIMEOUT = 5;
/** Failures in a row after which an instance is killed. */
export const CHECK_FAILURES = 3;

/** Stands for `%i` while a text is quoted. */
const INSTANCE = "\uE000";

/** `hello@.service` is checked by `hello-check@.service`. */
export function checkFile(mainFile: string): string {
    const { prefix, isTemplate } = parseUnitName(mainFile);
    return `${prefix}-check${isTemplate ? "@" : ""}.service`;
}

/**
 * The unit that checks an instance as long as it runs, and kills it after some failures in a row, so that its own
 * restart rule brings it back. It uses bash, sleep, timeout, curl and systemctl, which Flatcar has.
 */
export function checkUnit(mainFile: string, check: CheckShape): FleetUnit {
    const { isTemplate } = parseUnitName(mainFile);
    const main = isTemplate ? instanceName(mainFile, "%i") : mainFile;
    const { every = 0, timeout = CHECK_TIMEOUT, failures = CHECK_FAILURES } = check;
    const inMain = (text: string | number) =>
        isTemplate
            ? expandSpecifiers(String(text), main).replaceAll("%i", INSTANCE)
            : expandSpecifiers(String(text), main);
    const { attempts, subjects } = attemptsOf(check, inMain, timeout);
    const script = [
        "failed=0",
        `while sleep ${every}`,
        `do if ${attempts.join(" && ")}`,
        "then failed=0",
        "else failed=$((failed + 1))",
        `echo "$0 did not answer, $failed of ${failures}"`,
        "fi",
        `if [ $failed -ge ${failures} ]`,
        'then systemctl kill --signal=SIGKILL "$0"',
        "failed=0",
        "fi",
        "done",
    ].join("; ");
    const words = [script, inMain(main), ...subjects].map(quoteArgument);
    const command = ["/bin/bash -c", ...words].join(" ");
    return {
        Unit: { Description: `check of ${main}`, BindsTo: main, After: main },
        Service: { ExecStart: command.replaceAll(INSTANCE, "%i") },
    };
}

/** Shell commands, each of which finds its subject among the arguments. */
function attemptsOf(
    { http, tcp, command }: CheckShape,
    inMain: (text: string | number) => string,
    timeout: number,
): { readonly attempts: string[]; readonly subjects: string[] } {
    const attempts: string[] = [];
    const subjects: string[] = [];
    const add = (attempt: (argument: string) => string, subject: string) => {
        subjects.push(subject);
        attempts.push(attempt(`$${subjects.length}`));
    };
    if (http !== undefined) {
        const url = `http://127.0.0.1:${inMain(http.port)}${inMain(http.path ?? "/")}`;
        add((at) => `curl -sSf -o /dev/null --max-time ${timeout} "${at}"`, url);
    }
    if (tcp !== undefined) {
        const address = `/dev/tcp/127.0.0.1/${inMain(tcp.port)}`;
        add((at) => `timeout ${timeout} bash -c 'exec 3<>"$0"' "${at}"`, address);
    }
    if (command !== undefined) {
        add((at) => `timeout ${timeout} /bin/sh -c "${at}"`, inMain(command));
    }
    return { attempts, subjects };
}
