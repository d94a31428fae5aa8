import { quoteShell, type SshSession } from "../clients/index.js";
import type { MachineSessions } from "./machine-sessions.js";
import { isUnwell, type UnitStatus } from "./unit-list.js";
import { askMachines } from "./unit-questions.js";

/** Units looked at on one machine; each costs a look into its journal. */
const MOST = 20;

/** The same units; each that is to run and does not says why, as far as its machine knows. */
export async function withErrors(
    units: readonly UnitStatus[],
    sessions: MachineSessions,
): Promise<UnitStatus[]> {
    const errorOf = await askMachines(
        units.filter(isUnwell),
        sessions,
        lastErrors,
        (names) => new Map(names.map((name) => [name, "its machine does not answer"])),
    );
    return units.map((unit) => {
        const error = !isUnwell(unit)
            ? undefined
            : unit.machine === undefined
              ? "fleet has placed it on no machine"
              : errorOf(unit);
        return error === undefined ? unit : { ...unit, error };
    });
}

/** Result, restarts and last words of each unit (systemctl(1), show; journalctl(1)). */
async function lastErrors(
    session: SshSession,
    names: readonly string[],
): Promise<Map<string, string>> {
    const words = names.slice(0, MOST).map(quoteShell).join(" ");
    const properties = "Result,ExecMainStatus,NRestarts,LoadError";
    // What systemd itself says of a unit stands there under systemd's own; its programs' lines under the unit's.
    const script = `for unit in ${words}; do
        echo "unit=$unit"
        systemctl show --property=${properties} -- "$unit"
        echo "line=$(journalctl --no-pager --quiet --output=cat --lines=1 "_SYSTEMD_UNIT=$unit" | head -n 1)"
    done`;
    const { stdout } = await session.exec(script);
    const errors = new Map<string, string>();
    for (const block of stdout.split(/^unit=/m).slice(1)) {
        const [name = "", ...lines] = block.split("\n");
        const shown = Object.fromEntries(
            lines.map((line) => [
                line.slice(0, line.indexOf("=")),
                line.slice(line.indexOf("=") + 1),
            ]),
        );
        const error = describe(shown);
        if (error !== "") {
            errors.set(name, error);
        }
    }
    return errors;
}

function describe(shown: Readonly<Record<string, string>>): string {
    const restarts = Number(shown["NRestarts"] ?? 0);
    const what = [
        reasonOf(shown["Result"] ?? "", shown["ExecMainStatus"] ?? ""),
        restarts > 0 ? `${restarts} ${restarts === 1 ? "restart" : "restarts"}` : "",
        // D-Bus's name of the error and its text; for a unit that could be loaded both are empty.
        /"(.+)"/.exec(shown["LoadError"] ?? "")?.[1] ?? "",
    ].filter((part) => part !== "");
    const line = (shown["line"] ?? "").trim();
    return [what.join(", "), line].filter((part) => part !== "").join(": ");
}

function reasonOf(result: string, status: string): string {
    switch (result) {
        case "success":
            return "";
        case "exit-code":
            return `exit status ${status}`;
        case "signal":
        case "core-dump":
            return `ended by signal ${status}`;
        default:
            return result;
    }
}
