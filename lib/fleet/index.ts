export { parseUnitName, type UnitName } from "../systemd/index.js";
export type { FleetUnit, XFleetSection } from "./document.js";
export { type FailoverSettings, validateFailover } from "./failover.js";
export { compileGlob, type Glob } from "./glob.js";
export {
    type LiveMachine,
    type LiveUnit,
    unplaceableNow,
    type WantedUnit,
} from "./live-placement.js";
export { renderMetadata, validateMetadata } from "./metadata.js";
export { instanceName, templateName, unitText, validateFleetUnitName } from "./names.js";
export { fromOptions, hashOptions, toOptions, type UnitOption } from "./options.js";
export type { MachineFacts, PlacedUnit } from "./placed-unit.js";
export { checkPlacement } from "./placement.js";
export { type PlacementOptions, possiblePlacements, type UnitPlacement } from "./possible.js";
export { type Requirements, requirementKeys, requirementsOf } from "./requirements.js";
export {
    SECRETS_DIRECTORY,
    SECRETS_LIMIT,
    secretPath,
    secretsDirectory,
    validateSecretNames,
    validateSecretValues,
} from "./secret-files.js";
export { checkSpare } from "./spare.js";
export { expandSpecifiers } from "./specifiers.js";
export { validateFleetUnit } from "./validate.js";
