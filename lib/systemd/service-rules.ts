import { given, type Problem } from "../problem.js";
import { splitCommandLine } from "./command-line.js";
import { effectiveValues, isSwitchedOn } from "./directives.js";
import type { UnitDocument } from "./document.js";
import type { Section } from "./section.js";

/** What makes systemd refuse to load a service as a whole. Source: systemd.service(5). */
export function validateService(unit: UnitDocument): Problem[] {
    const service = unit.Service ?? {};
    const type = effectiveValues(service.Type).at(-1);
    const commands = commandCount(service, "ExecStart");
    if (commands === 0) {
        return succeedsWithoutCommand(unit) ? [] : [missingExecStart(type)];
    }
    const problems: Problem[] = [];
    if (commands > 1 && type !== "oneshot") {
        problems.push({
            path: "Service.ExecStart",
            given: `${commands} commands`,
            allowed: "more than one command is allowed for Type=oneshot only",
        });
    }
    const restart = effectiveValues(service.Restart).at(-1);
    if (type === "oneshot" && (restart === "always" || restart === "on-success")) {
        problems.push({
            path: "Service.Restart",
            given: given(restart),
            allowed: "Type=oneshot takes no, on-failure, on-abnormal, on-abort or on-watchdog",
        });
    }
    if (type === "dbus" && effectiveValues(service.BusName).length === 0) {
        problems.push({ path: "Service.BusName", allowed: "Type=dbus needs the name on the bus" });
    }
    return problems;
}

function missingExecStart(type: string | undefined): Problem {
    const allowed =
        "a service needs ExecStart, or else RemainAfterExit=yes and ExecStop (with Type=oneshot or no Type)";
    return type === undefined || type === "oneshot"
        ? { path: "Service.ExecStart", allowed }
        : { path: "Service.ExecStart", given: `nothing, with Type=${type}`, allowed };
}

/** A service may do nothing at its start if it does something at its end. */
function succeedsWithoutCommand(unit: UnitDocument): boolean {
    const service = unit.Service ?? {};
    const type = effectiveValues(service.Type).at(-1);
    const successAction = effectiveValues(unit.Unit?.["SuccessAction"]).at(-1) ?? "none";
    return (
        (type === undefined || type === "oneshot") &&
        (successAction !== "none" ||
            (isSwitchedOn(service.RemainAfterExit) && commandCount(service, "ExecStop") > 0))
    );
}

function commandCount(service: Section, directive: string): number {
    return effectiveValues(service[directive])
        .map((line) => splitCommandLine(line).commands.length)
        .reduce((sum, count) => sum + count, 0);
}
