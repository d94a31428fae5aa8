import { given, type Problem } from "../problem.js";
import {
    type ClusterShape,
    type GroupShape,
    groupHasEtcd,
    groupsOf,
    hasEtcd,
    MEMBERS,
    ROLLOUTS,
} from "./shape.js";

/** What is wrong with what groups run, and with what a change does to their machines. */
export function validateGroupOptions(shape: ClusterShape): Problem[] {
    return groupsOf(shape).flatMap(([group, settings]) => {
        const path = group === MEMBERS ? MEMBERS : `workers.${group}`;
        return [
            ...softwareProblems(shape, group, settings, path),
            ...rolloutProblems(group, settings, `${path}.rollout`),
        ];
    });
}

function softwareProblems(
    shape: ClusterShape,
    group: string,
    settings: GroupShape,
    path: string,
): Problem[] {
    const problems: Problem[] = [];
    if (group === MEMBERS && hasEtcd(shape) && settings.etcd === false) {
        problems.push({
            path: `${path}.etcd`,
            given: "false",
            allowed: "members are what runs etcd; machines without it belong to `workers`",
        });
    }
    if (settings.etcd === true && !hasEtcd(shape)) {
        const allowed = "needs members that run etcd, which is off";
        problems.push({ path: `${path}.etcd`, given: "true", allowed });
    }
    if (settings.fleet === true && (!groupHasEtcd(shape, settings) || shape.fleet === false)) {
        const off = shape.fleet === false ? "is off for the whole cluster" : "needs etcd";
        const allowed = `fleet ${off}; leave it out, or leave the other on`;
        problems.push({ path: `${path}.fleet`, given: "true", allowed });
    }
    return problems;
}

function rolloutProblems(group: string, { rollout }: GroupShape, path: string): Problem[] {
    if (rollout !== undefined && !ROLLOUTS.includes(rollout)) {
        const allowed = `must be one of ${ROLLOUTS.join(", ")}`;
        return [{ path, given: given(rollout), allowed }];
    }
    if (rollout === "replace" && group === MEMBERS) {
        const allowed =
            "members are never replaced by a change: each would leave etcd with its data; " +
            'use "reboot" or "in-place", or put the units into a group of `workers`';
        return [{ path, given: given(rollout), allowed }];
    }
    return [];
}
