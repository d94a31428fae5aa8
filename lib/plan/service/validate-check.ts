import { expandSpecifiers } from "../../fleet/index.js";
import { given, type Problem } from "../../problem.js";
import type { CheckShape } from "./declared.js";
import type { ServicePlan } from "./plan.js";
import { atLeast, secondsAbove } from "./validate-numbers.js";

/** What is wrong with a check. Ports are looked at for each instance. */
export function validateCheck(check: CheckShape, plan: ServicePlan): Problem[] {
    const { http, tcp, command, timeout, every, failures } = check;
    const isNothing = http === undefined && tcp === undefined && command === undefined;
    return [
        ...(isNothing
            ? [{ path: "check", allowed: "must say what is checked: http, tcp or command" }]
            : []),
        ...(http === undefined ? [] : validatePort(http.port, "check.http.port", plan)),
        ...(http?.path === undefined ? [] : validatePath(http.path)),
        ...(tcp === undefined ? [] : validatePort(tcp.port, "check.tcp.port", plan)),
        ...(command === undefined ? [] : validateCommand(command)),
        ...secondsAbove(0, timeout, "check.timeout"),
        ...secondsAbove(0, every, "check.every"),
        ...atLeast(1, failures, "check.failures"),
    ];
}

function validatePort(port: number | string, path: string, plan: ServicePlan): Problem[] {
    const names = plan.units.flatMap(({ name, part }) => (part === plan.main ? [name] : []));
    const wrong = names.find((name) => !isPort(expandSpecifiers(String(port), name)));
    if (wrong === undefined) {
        return [];
    }
    const isSame = expandSpecifiers(String(port), wrong) === String(port);
    const where = isSame ? "" : `; for ${wrong} it is ${expandSpecifiers(String(port), wrong)}`;
    const allowed = `must be a TCP port, 1 to 65535, or a text such as "80%i"${where}`;
    return [{ path, given: given(port), allowed }];
}

function isPort(text: string): boolean {
    return /^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65_535;
}

function validatePath(path: string): Problem[] {
    const isPath = typeof path === "string" && /^\/[!-~]*$/.test(path);
    const allowed = "must be the path of a URL: a slash, then characters without blanks";
    return isPath ? [] : [{ path: "check.http.path", given: given(path), allowed }];
}

function validateCommand(command: string): Problem[] {
    const isCommand = typeof command === "string" && command.trim() !== "";
    const allowed = "must be a command for /bin/sh";
    return isCommand ? [] : [{ path: "check.command", given: given(command), allowed }];
}
