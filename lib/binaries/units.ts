import type { CloudConfig } from "../cloud-config/index.js";
import { quoteArgument, renderUnit, type UnitDocument } from "../systemd/index.js";
import { type Archive, type Archives, PROGRAMS, type Software } from "./archive.js";
import { FETCH_SCRIPT, FETCH_SCRIPT_PATH, PROGRAM_FOLDER, WRONG_ARCHIVE } from "./fetch-script.js";

/** The unit that fetches the programs, and that what runs them requires. */
export const BINARIES_UNIT = "coreos-binaries.service";

const DROP_IN = "10-binaries.conf";

/** The units around {@link BINARIES_UNIT}. */
export interface BinariesSurroundings {
    /** What runs the programs, and is started only once they are there. */
    readonly users: readonly string[];
    /** What pulls the users in; started again when the programs came later than it. */
    readonly target: string;
    /** A unit that is started before the target is, where there is one: the programs are fetched meanwhile. */
    readonly early?: string;
}

/** What makes machines fetch archives and verify them before anything of them runs. */
export function binariesDocument(
    archives: Archives,
    { users, target, early }: BinariesSurroundings,
): CloudConfig {
    const wanted = (["etcd", "fleet"] as const).flatMap((software): [Software, Archive][] => {
        const archive = archives[software];
        return archive === undefined ? [] : [[software, archive]];
    });
    if (wanted.length === 0) {
        return {};
    }
    const dropIn = (name: string, document: UnitDocument) => ({
        name,
        drop_ins: [{ name: DROP_IN, content: renderUnit(document) }],
    });
    return {
        write_files: [
            { path: FETCH_SCRIPT_PATH, permissions: "0755", owner: "root", content: FETCH_SCRIPT },
        ],
        coreos: {
            units: [
                { name: BINARIES_UNIT, content: renderUnit(binariesUnit(wanted, target)) },
                ...users.map((user) =>
                    dropIn(user, { Unit: { Requires: BINARIES_UNIT, After: BINARIES_UNIT } }),
                ),
                ...(early === undefined ? [] : [dropIn(early, { Unit: { Wants: BINARIES_UNIT } })]),
            ],
        },
    };
}

function binariesUnit(
    wanted: readonly (readonly [Software, Archive])[],
    target: string,
): UnitDocument {
    const programs = wanted.flatMap(([software]) => PROGRAMS[software]);
    return {
        Unit: {
            Description: "Programs of the cluster",
            Wants: "network-online.target",
            After: "network-online.target",
            // One that is missing is enough.
            ConditionPathExists: programs.map((program) => `|!${PROGRAM_FOLDER}/${program}`),
            StartLimitIntervalSec: 0,
        },
        Service: {
            Type: "oneshot",
            RemainAfterExit: true,
            ExecStart: wanted.map(([software, { url, sha256 }]) =>
                [
                    FETCH_SCRIPT_PATH,
                    ...[url, sha256.toLowerCase(), ...PROGRAMS[software]].map(quoteArgument),
                ].join(" "),
            ),
            // An attempt that failed has failed what waited for it.
            ExecStartPost: `/usr/bin/env systemctl --no-block try-restart ${target}`,
            TimeoutStartSec: "15min",
            Restart: "on-failure",
            RestartSec: 5,
            RestartPreventExitStatus: WRONG_ARCHIVE,
        },
    };
}
