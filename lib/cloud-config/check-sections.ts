import { given, type Problem } from "../problem.js";
import type { CloudConfig } from "./document.js";

/** Sections that become `Environment="NAME=value"` lines, which the agent does not escape. */
const environmentSections = ["etcd", "etcd2", "fleet", "locksmith"] as const;

/** Settings of etcd, fleet and locksmith that would not arrive, or that contradict each other. */
export function checkSections(document: CloudConfig): Problem[] {
    const coreos = document.coreos ?? {};
    return [
        ...environmentSections.flatMap((section) =>
            Object.entries(coreos[section] ?? {}).flatMap(([key, value]) =>
                environmentProblems(value, `coreos.${section}.${key}`),
            ),
        ),
        ...(["etcd", "etcd2"] as const).flatMap((section) =>
            urlProblems(coreos[section]?.discovery, `coreos.${section}.discovery`),
        ),
        ...bootstrapProblems(coreos.etcd2 ?? {}),
    ];
}

function environmentProblems(value: unknown, path: string): Problem[] {
    if (value === false || value === 0 || value === "") {
        const allowed = "is never written: the agent takes it for not set; leave it out";
        return [{ path, given: given(value), allowed, severity: "warning" }];
    }
    if (typeof value === "string" && /"|\\$/.test(value)) {
        const allowed = `can't hold a " nor end in a backslash: the agent writes it between quotes as it is; use a drop-in of your own`;
        return [{ path, given: given(value), allowed }];
    }
    return [];
}

function urlProblems(value: string | undefined, path: string): Problem[] {
    return value === undefined || value === "" || /^https?:\/\/[^\s/]+/.test(value)
        ? []
        : [
              {
                  path,
                  given: given(value),
                  allowed: "must be a URL that begins with http:// or https://",
              },
          ];
}

function bootstrapProblems(
    etcd2: NonNullable<NonNullable<CloudConfig["coreos"]>["etcd2"]>,
): Problem[] {
    const ways = (["discovery", "initial_cluster", "discovery_srv"] as const).filter(
        (way) => etcd2[way],
    );
    return ways.length < 2
        ? []
        : [
              {
                  path: "coreos.etcd2",
                  given: ways.join(" and "),
                  allowed: "etcd refuses to start with more than one of them: keep one",
              },
          ];
}
