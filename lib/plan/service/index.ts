export type {
    CheckShape,
    DeclaredService,
    InstanceShape,
    Instances,
    Marks,
    RolloutShape,
    ServiceTexts,
} from "./declared.js";
export { aboutUnknown, unknownServiceKeys } from "./known-keys.js";
export { machinesOfMain } from "./machines-of-main.js";
export { type PlannedUnit, planService, type ServicePlan } from "./plan.js";
export { renderFiles } from "./render.js";
export { checkSettings, rolloutSettings } from "./settings.js";
export { readUnit } from "./sources.js";
export { groupUnits, serviceName, withDropIns } from "./unit-files.js";
export { validateDeclaration, validatePlacement, validateService } from "./validate.js";
