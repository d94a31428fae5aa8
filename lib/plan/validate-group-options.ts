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
            ...rolloutProblems(shape, group, settings, `${path}.rollout`),
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

function rolloutProblems(
    shape: ClusterShape,
    group: string,
    { rollout, names, count }: GroupShape,
    path: string,
): Problem[] {
    if (rollout !== undefined && !ROLLOUTS.includes(rollout)) {
        const allowed = `must be one of ${ROLLOUTS.join(", ")}`;
        return [{ path, given: given(rollout), allowed }];
    }
    const size = names?.length ?? count ?? 0;
    if (rollout === "replace" && group === MEMBERS && hasEtcd(shape) && size < 3) {
        const allowed =
            size < 2
                ? "a lone member can't be made anew: its data would be gone, and with it what etcd knows; " +
                  "take three members, or a new cluster for a new text"
                : "two members can't be made anew one by one: etcd needs both for each write; take three";
        return [{ path, given: given(rollout), allowed }];
    }
    return [];
}
