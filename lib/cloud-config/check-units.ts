import { given, type Problem } from "../problem.js";
import type { CloudConfig } from "./document.js";
import { repeated } from "./repeated.js";
import type { Unit } from "./units.js";

const unitName =
    /^[A-Za-z0-9:_.\\-]+(@[A-Za-z0-9:_.\\@-]*)?\.(service|socket|target|timer|path|mount|automount|swap|slice|scope|device|network|netdev|link)$/;
const networkName = /\.(network|netdev|link)$/;
const templateName = /@\.[a-z]+$/;

/** Units whose settings the agent writes to `/run` at each boot, with the section they come from. */
const generated = [
    { section: "etcd", unit: "etcd.service" },
    { section: "etcd2", unit: "etcd2.service" },
    { section: "fleet", unit: "fleet.service" },
] as const;

/** What the agent would skip, overwrite, or do at the wrong time. */
export function checkUnits(document: CloudConfig): Problem[] {
    const units = document.coreos?.units ?? [];
    const early = generated.filter(({ section }) => document.coreos?.[section] !== undefined);
    return [
        ...units.flatMap((unit, index) => {
            const path = `coreos.units[${index}]`;
            return [
                ...nameProblems(unit, path),
                ...actionProblems(unit, path),
                ...dropInProblems(unit, path),
                ...early.flatMap((each) => earlyStart(unit, each, path)),
            ];
        }),
        ...repeated(units, "coreos.units", "name", (unit) => unit.name),
    ];
}

function nameProblems(unit: Unit, path: string): Problem[] {
    return unitName.test(unit.name)
        ? []
        : [
              {
                  path: `${path}.name`,
                  given: given(unit.name),
                  allowed: 'must be a unit name with its type: "hello.service"',
              },
          ];
}

function actionProblems(unit: Unit, path: string): Problem[] {
    const { name, command, enable, mask, content } = unit;
    const problems: Problem[] = [];
    const problem = (key: string, value: unknown, allowed: string) =>
        problems.push({ path: `${path}.${key}`, given: given(value), allowed });
    if (networkName.test(name)) {
        if (command !== undefined) {
            problem(
                "command",
                command,
                "is ignored for a network file; systemd-networkd is restarted",
            );
        }
        if (enable) {
            problem("enable", enable, "is ignored for a network file");
        }
    } else if (templateName.test(name) && command !== undefined) {
        problem(
            "command",
            command,
            `${name} is a template: name an instance of it in a further item`,
        );
    }
    if (mask && content) {
        problem("mask", mask, "removes the content that is written just before: give one of them");
    }
    if (mask && command !== undefined && command !== "stop") {
        problem("command", command, "can't be done with a masked unit");
    }
    return problems;
}

function dropInProblems(unit: Unit, path: string): Problem[] {
    const dropIns = unit.drop_ins ?? [];
    return [
        ...dropIns.flatMap(({ name }, index) =>
            /^[^/\s]+\.conf$/.test(name)
                ? []
                : [
                      {
                          path: `${path}.drop_ins[${index}].name`,
                          given: given(name),
                          allowed: 'must be a file name ending in .conf: "10-limits.conf"',
                      },
                  ],
        ),
        ...repeated(dropIns, `${path}.drop_ins`, "name", (dropIn) => dropIn.name),
    ];
}

/** At a reboot systemd would start the unit before the agent has written its settings to `/run`. */
function earlyStart(
    unit: Unit,
    { section, unit: target }: (typeof generated)[number],
    path: string,
): Problem[] {
    const why = `at a reboot it would start before coreos.${section} is written to /run`;
    const problems: Problem[] = [];
    if (unit.name === target && unit.enable) {
        problems.push({
            path: `${path}.enable`,
            given: "true",
            allowed: `${why}: use "command: start" alone`,
        });
    }
    if (unit.name === target && unit.runtime) {
        for (const [index, { name }] of (unit.drop_ins ?? []).entries()) {
            if (name === "20-cloudinit.conf") {
                problems.push({
                    path: `${path}.drop_ins[${index}].name`,
                    given: given(name),
                    allowed: `the agent overwrites it with coreos.${section}: use another name`,
                });
            }
        }
    }
    const pullsIn = new RegExp(
        `^\\s*(?:Requires|BindsTo|Wants)\\s*=.*(?<![\\w-])${target.replace(".", "\\.")}`,
        "m",
    );
    if (unit.enable && pullsIn.test(unit.content ?? "")) {
        problems.push({
            path: `${path}.enable`,
            given: "true",
            allowed: `the unit pulls in ${target}, and ${why}: use "command: start" instead`,
        });
    }
    return problems;
}
