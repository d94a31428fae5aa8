import { validateFailover, validateMetadata } from "../fleet/index.js";
import { given, type Problem } from "../problem.js";
import {
    type ClusterShape,
    failoverOf,
    type GroupShape,
    groupsOf,
    hasEtcd,
    isCount,
    MEMBERS,
    MOST_MACHINES,
    machineNames,
} from "./shape.js";

import { validateGroupOptions } from "./validate-group-options.js";

/** RFC 1123, section 2.1, one label, as systemd and the clouds take it. */
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const LABEL_RULE = "must be a host name: 1 to 63 of a–z, 0–9 and -, not at either end";
const RESERVED: Problem = {
    path: `workers.${MEMBERS}`,
    given: given(MEMBERS),
    allowed: "is the name of the group of etcd members; choose another",
};
const STRATEGIES = ["etcd-lock", "reboot", "off"];

/** Everything that is wrong with a topology, before anything is made. */
export function validateShape(shape: ClusterShape): Problem[] {
    return [
        ...(LABEL.test(shape.name)
            ? []
            : [{ path: "name", given: given(shape.name), allowed: LABEL_RULE }]),
        ...validateSoftware(shape),
        ...groupsOf(shape).flatMap(([group, settings]) => validateGroup(group, settings)),
        ...(shape.workers?.[MEMBERS] === undefined ? validateNames(shape) : [RESERVED]),
        ...validateGroupOptions(shape),
        ...validateUpdate(shape),
    ];
}

function validateSoftware(shape: ClusterShape): Problem[] {
    const problems: Problem[] = [];
    if (!["boolean", "object", "undefined"].includes(typeof shape.fleet) || shape.fleet === null) {
        problems.push({
            path: "fleet",
            given: given(shape.fleet),
            allowed: "must be true, false, or settings such as `{ agentTtl: 30 }`",
        });
    } else {
        problems.push(...validateFailover(failoverOf(shape), "fleet"));
    }
    if (shape.fleet !== undefined && shape.fleet !== false && shape.etcd === false) {
        problems.push({
            path: "fleet",
            given: given(shape.fleet),
            allowed: "needs etcd; leave `etcd` on or set `fleet: false`",
        });
    }
    const { members } = shape;
    const size = members === undefined ? 0 : sizeOf(members);
    const isWrong = members?.count !== undefined && !isCount(members.count);
    const path =
        members === undefined ? MEMBERS : `${MEMBERS}.${members.names ? "names" : "count"}`;
    if (hasEtcd(shape) && size === 0 && !isWrong) {
        problems.push({
            path,
            given: members === undefined ? "none" : members.names ? "no name" : "0",
            allowed:
                "must be at least 1 while etcd is on; set `etcd: false` for machines without etcd and fleet",
        });
    }
    if (hasEtcd(shape) && size > 0 && size % 2 === 0) {
        problems.push({
            path,
            given: String(size),
            allowed:
                `an odd number is better: ${size} members survive the loss of ${size / 2 - 1}, ` +
                `as ${size - 1} ${size === 2 ? "does" : "do"}, and one more must agree to each write`,
            severity: "warning",
        });
    }
    if (hasEtcd(shape) && size > 9) {
        problems.push({
            path,
            given: String(size),
            allowed: "more than 9 members make every write slower; add workers instead",
            severity: "warning",
        });
    }
    const machines = groupsOf(shape).reduce((sum, [, group]) => sum + sizeOf(group), 0);
    if (!hasEtcd(shape) && machines === 0) {
        problems.push({
            path: "workers",
            given: "no machine",
            allowed:
                shape.etcd === undefined
                    ? "must be at least one machine; with `members` they run etcd and fleet"
                    : "must be at least one machine",
        });
    }
    return problems;
}

function sizeOf(group: GroupShape): number {
    return group.names?.length ?? (isCount(group.count) ? group.count : 0);
}

function validateGroup(group: string, shape: GroupShape): Problem[] {
    const path = group === MEMBERS ? MEMBERS : `workers.${group}`;
    const problems: Problem[] = [];
    if (group !== MEMBERS && !LABEL.test(group)) {
        problems.push({ path, given: given(group), allowed: `the group's name ${LABEL_RULE}` });
    }
    if (shape.count === undefined && shape.names === undefined) {
        problems.push({ path, allowed: "needs a `count` or `names`" });
    }
    if (shape.count !== undefined && shape.names !== undefined) {
        problems.push({ path, allowed: "takes a `count` or `names`, not both" });
    }
    if (shape.count !== undefined && !isCount(shape.count)) {
        problems.push({
            path: `${path}.count`,
            given: given(shape.count),
            allowed: `must be a whole number from 0 to ${MOST_MACHINES}`,
        });
    }
    (shape.expose ?? []).forEach((port, index) => {
        if (!Number.isInteger(port) || port < 1 || port > 65535) {
            problems.push({
                path: `${path}.expose[${index}]`,
                given: given(port),
                allowed: "must be a TCP port, 1 to 65535",
            });
        }
    });
    return [...problems, ...validateMetadata(shape.metadata ?? {}, `${path}.metadata`)];
}

function validateNames(shape: ClusterShape): Problem[] {
    const seen = new Map<string, string>();
    return groupsOf(shape).flatMap(([group, settings]) => {
        const path = group === MEMBERS ? MEMBERS : `workers.${group}`;
        return machineNames(shape.name, group, settings).flatMap((name, index): Problem[] => {
            const at = settings.names === undefined ? path : `${path}.names[${index}]`;
            const before = seen.get(name);
            seen.set(name, at);
            if (before !== undefined) {
                const allowed = `is the name of another machine (${before}); names must differ`;
                return [{ path: at, given: given(name), allowed }];
            }
            return LABEL.test(name) || (settings.names === undefined && !LABEL.test(shape.name))
                ? []
                : [{ path: at, given: given(name), allowed: LABEL_RULE }];
        });
    });
}

function validateUpdate(shape: ClusterShape): Problem[] {
    const strategy = shape.update?.rebootStrategy;
    if (strategy === undefined) {
        return [];
    }
    const path = "update.rebootStrategy";
    if (!STRATEGIES.includes(strategy)) {
        const allowed = `must be one of ${STRATEGIES.join(", ")}`;
        return [{ path, given: given(strategy), allowed }];
    }
    if (strategy === "etcd-lock" && !hasEtcd(shape)) {
        return [{ path, given: given(strategy), allowed: "needs etcd, which is off" }];
    }
    return [];
}
