import type { FleetUnit } from "../../fleet/index.js";
import { renderUnit } from "../../systemd/index.js";
import { type Draft, replaced, unitOf, withLines } from "./assignments.js";
import { besideMain, withBound } from "./beside.js";
import type { Marks } from "./declared.js";
import { environmentLines } from "./environment.js";
import type { PlannedFile, ServicePlan } from "./plan.js";
import { withRestart } from "./restart.js";
import { withSecrets } from "./secrets.js";
import { STOP_DELAY, withStopDelay } from "./stop-delay.js";

/** A unit file of a service, finished. */
export interface UnitFile {
    readonly file: PlannedFile;
    readonly draft: Draft;
    readonly unit: FleetUnit;
    readonly text: string;
}

/** Every unit file of a service, by its name. */
export function renderFiles(plan: ServicePlan, marks: Marks): Map<string, UnitFile> {
    return new Map(
        plan.files.map((file) => {
            const draft = marked(draftFile(plan, file), file, plan, marks);
            const unit = unitOf(draft);
            return [file.name, { file, draft, unit, text: renderUnit(unit) }];
        }),
    );
}

/** What the user wrote for one file, with what the library adds. */
function draftFile(plan: ServicePlan, { part, instance }: PlannedFile): Draft {
    const { name, environment, secrets = [], stopDelay = STOP_DELAY } = plan.service;
    const { instances } = plan.sources;
    const own = instance === undefined ? {} : (instances.get(instance) ?? {});
    const isMain = part === plan.main;
    const path = `instances.${instance}`;
    const override = isMain ? own.unit : own.units?.[part.key ?? ""];
    const at = isMain ? `${path}.unit` : `${path}.units.${part.key}`;
    const written = override === undefined ? part.source : replaced(part.source, override, at);
    const placed = isMain
        ? [
              ...withBound(written, part, plan.parts),
              ...environmentLines({ ...environment, ...own.environment }).map(([key, value]) => ({
                  section: "Service",
                  name: "Environment",
                  value,
                  path: `${own.environment?.[key] === undefined ? "" : `${path}.`}environment.${key}`,
              })),
          ]
        : besideMain(written, part, plan.main);
    const restarting = withRestart(isMain ? withSecrets(placed, name, secrets) : placed, {
        path: part.path,
        isTriggered: plan.triggered.has(part),
        hasSecrets: isMain && secrets.length > 0,
    });
    return withStopDelay(restarting, stopDelay, part.path);
}

/** The draft with whose it is, whatever the user's text says of that. */
function marked(
    draft: Draft,
    { part }: PlannedFile,
    { main }: ServicePlan,
    { owner, secrets }: Marks,
): Draft {
    const section = "X-Pulumi";
    const others = draft.filter((one) => one.section !== section);
    const owned = withLines(others, section, "Owner", [owner], section);
    return secrets === undefined || part !== main
        ? owned
        : withLines(owned, section, "Secrets", [secrets], section);
}
