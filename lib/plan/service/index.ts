export type {
    CheckShape,
    DeclaredService,
    InstanceShape,
    Instances,
    Marks,
    RolloutShape,
    ServiceTexts,
} from "./declared.js";
export { unknownServiceKeys } from "./known-keys.js";
export { type PlannedUnit, planService, type ServicePlan } from "./plan.js";
export { renderFiles } from "./render.js";
export { checkSettings, rolloutSettings } from "./settings.js";
export { validateDeclaration, validateService } from "./validate.js";
