import { quoteShell } from "../clients/journal.js";
import type { SshSession } from "../clients/ssh.js";

/** Properties by name, as systemd gives them (org.freedesktop.systemd1(5)). */
export type Properties = Readonly<Record<string, string>>;

const PROPERTIES = [
    "LoadState",
    "MainPID",
    "ControlPID",
    "Type",
    "ActiveState",
    "SubState",
    "Result",
    "NRestarts",
    "ExecMainStatus",
    "ExecMainExitTimestampMonotonic",
    "ActiveEnterTimestampMonotonic",
    "InactiveExitTimestamp",
    "StateChangeTimestampMonotonic",
];

/** systemd's own view of a unit on a machine; `undefined` where it gives none. See {@link showUnits}. */
export async function showUnit(
    session: Pick<SshSession, "exec">,
    name: string,
): Promise<Properties | undefined> {
    const result = await session.exec(showScript([name]));
    return result.code === 0 ? readShown(result.stdout, [name]).get(name) : undefined;
}

/**
 * A command line that prints systemd's own view of units, for {@link readShown}. The clock is read first: a busy
 * machine must not make a process look older than it is.
 */
export function showScript(names: readonly string[]): string {
    const units = names.map(quoteShell).join(" ");
    const files = names.map((name) => quoteShell(`./${name}`)).join(" ");
    return [
        "read -r now _ < /proc/uptime",
        `shown=$(systemctl show --timestamp=us+utc --property=${PROPERTIES.join(",")} -- ${units}) || exit 1`,
        'echo "now $now"',
        'for pid in $(echo "$shown" | sed -n \'s/^MainPID=//p\'); do if read -r comm < /proc/$pid/comm; then echo "comm $pid $comm"; fi 2> /dev/null; done',
        'for pid in $(echo "$shown" | sed -n \'s/^ControlPID=//p\'); do if [ "$pid" != 0 ]; then echo "control $pid $(tr "\\0\\n" "  " < /proc/$pid/cmdline)"; fi 2> /dev/null; done',
        `{ cd /run/fleet/units && sha1sum --zero -- ${files} | tr "\\0" "\\n" | sed "s/^/sha1 /"; stat --format="written %.9Y %n" -- ${files}; } 2> /dev/null`,
        'echo "$shown"',
    ].join("\n");
}

/**
 * What the output of {@link showScript} says of each unit: systemd's properties; `now`, in microseconds of the
 * machine's own clock; `comm`, the name of the main process (proc(5)); `control`, the command line of the one
 * that starts or stops it; of the file that fleet wrote for it `sha1`. When that was `written`, and when the unit was
 * `started`, are in microseconds since the epoch: a clock that was set since does not tell them apart wrongly.
 */
export function readShown(output: string, names: readonly string[]): Map<string, Properties> {
    const notes = new Map<string, string>();
    const blocks: Record<string, string>[] = [{}];
    for (const line of output.split("\n")) {
        const property = /^([A-Za-z0-9]+)=(.*)$/.exec(line);
        const block = blocks.at(-1);
        if (property !== null && block !== undefined) {
            block[property[1] ?? ""] = property[2] ?? "";
        } else if (line === "") {
            blocks.push({});
        } else {
            const [what = "", first = "", ...rest] = line.split(/ +/);
            const value = what === "sha1" || what === "written" ? first : rest.join(" ").trim();
            const key = what === "sha1" || what === "written" ? rest.join(" ") : first;
            notes.set(
                rest.length === 0 ? what : `${what} ${key}`,
                rest.length === 0 ? first : value,
            );
        }
    }
    const now = Number(notes.get("now")) * 1_000_000;
    const found = blocks.filter((block) => Object.keys(block).length > 0);
    return new Map(
        names.flatMap((name, index): [string, Properties][] => {
            const block = found[index];
            const written = Number(notes.get(`written ./${name}`));
            const noted = [
                ["comm", notes.get(`comm ${block?.["MainPID"]}`)],
                ["control", notes.get(`control ${block?.["ControlPID"]}`)],
                ["sha1", notes.get(`sha1 ./${name}`)],
                ["written", Number.isNaN(written) ? undefined : String(written * 1_000_000)],
                ["started", microseconds(block?.["InactiveExitTimestamp"])],
            ].flatMap(([key = "", value]) => (value === undefined ? [] : [[key, value]]));
            return block === undefined
                ? []
                : [[name, { ...block, now: String(now), ...Object.fromEntries(noted) }]];
        }),
    );
}

/** Microseconds since the epoch of a time such as `Sat 2026-11-21 15:35:04.123456 UTC`; `undefined` where there is none. */
function microseconds(time: string | undefined): string | undefined {
    const [, date, clock, fraction = ""] =
        /(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d+))? UTC/.exec(time ?? "") ?? [];
    return date === undefined
        ? undefined
        : String(Date.parse(`${date}T${clock}Z`) * 1000 + Number(fraction.padEnd(6, "0")));
}
