import { isIP } from "node:net";
import { nearest } from "../cloud-config/nearest.js";
import { type ClusterShape, groupsOf, MEMBERS } from "../plan/shape.js";
import { given, type Problem } from "../problem.js";

/** A problem of a platform's option, in a list. */
export function optionProblem(path: string, value: unknown, allowed: string): Problem[] {
    return [{ path: `platform.${path}`, given: given(value), allowed }];
}

/** Options that a platform does not have: what plain JavaScript, or a spread object, gets past the compiler. */
export function unknownOptionProblems(
    value: unknown,
    known: readonly string[],
    path = "",
): Problem[] {
    const options = typeof value === "object" && value !== null ? Object.entries(value) : [];
    return options
        .filter(([key, item]) => item !== undefined && !known.includes(key))
        .flatMap(([key]) => {
            const allowed = `unknown option; ${meant(key, known) ?? `known are ${known.join(", ")}`}`;
            return optionProblem(path === "" ? key : `${path}.${key}`, key, allowed);
        });
}

/** `did you mean web?`, where one of the names is close. */
export function meant(name: string, names: readonly string[]): string | undefined {
    const found = nearest(name, names);
    return found === undefined ? undefined : `did you mean ${found}?`;
}

/** Where SSH is let in from. */
export function sshFromProblems(sshFrom: readonly string[] = []): Problem[] {
    const allowed = "must be an IP address or a network such as 203.0.113.0/24";
    return sshFrom.flatMap((from, index) =>
        isNetwork(from) ? [] : optionProblem(`sshFrom[${index}]`, from, allowed),
    );
}

/** An option with a value for each group: every key must name one, or be `default`. */
export function groupKeyProblems(
    option: string,
    values: Readonly<Record<string, unknown>> = {},
    shape: ClusterShape,
): Problem[] {
    const groups = groupsOf(shape).map(([name]) => name);
    const there = `there are ${groups.join(", ")}`;
    return Object.keys(values).flatMap((name) =>
        name === "default" || groups.includes(name)
            ? []
            : optionProblem(
                  `${option}.${name}`,
                  name,
                  `is no group of "${shape.name}"; ${meant(name, ["default", ...groups]) ?? there}`,
              ),
    );
}

/**
 * An option that names worker groups.
 *
 * @param exposed whether each of them must expose a port
 */
export function workerGroupProblems(
    option: string,
    names: readonly string[] = [],
    shape: ClusterShape,
    exposed: boolean,
): Problem[] {
    const groups = new Map(groupsOf(shape).filter(([name]) => name !== MEMBERS));
    const workers = [...groups.keys()];
    return names.flatMap((name, index) => {
        const path = `${option}[${index}]`;
        const group = groups.get(name);
        if (group === undefined) {
            const there = `there are ${workers.join(", ") || "none"}`;
            const allowed = `is no worker group of "${shape.name}"; ${meant(name, workers) ?? there}`;
            return optionProblem(path, name, allowed);
        }
        return exposed && (group.expose ?? []).length === 0
            ? optionProblem(path, name, `exposes no port; set \`workers.${name}.expose\``)
            : [];
    });
}

function isNetwork(text: string): boolean {
    const [address = "", prefix, ...rest] = text.split("/");
    const bits = isIP(address) === 6 ? 128 : 32;
    const isPrefix = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits);
    return isIP(address) !== 0 && isPrefix && rest.length === 0;
}

/** Where a machine keeps the user-data that it was made with, units that are changed in place would be gone at a boot. */
export function rolloutProblems(shape: ClusterShape, platform: string): Problem[] {
    return groupsOf(shape).flatMap(([group, { rollout }]) => {
        const path = `${group === MEMBERS ? MEMBERS : `workers.${group}`}.rollout`;
        const allowed = `is not possible on ${platform}, where a machine that runs keeps its user-data`;
        return rollout === "in-place" ? [{ path, given: given(rollout), allowed }] : [];
    });
}

/** A release of Flatcar that stays the same: what is newest changes. */
export function releaseProblems(version: unknown): Problem[] {
    return typeof version === "string" && /^\d+\.\d+\.\d+$/.test(version)
        ? []
        : optionProblem(
              "image.flatcar.version",
              version,
              "must be one release, such as 4593.2.5: what is newest changes, and machines with it",
          );
}
