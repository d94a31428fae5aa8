export type { UserDataContext } from "./context.js";
export type { CloudConfig, CoreOS } from "./document.js";
export type { Etcd } from "./etcd.js";
export type { Etcd2 } from "./etcd2.js";
export type { Flannel } from "./flannel.js";
export type { Fleet } from "./fleet.js";
export { mergeCloudConfig } from "./merge.js";
export { type ParsedCloudConfig, parseCloudConfig } from "./parse.js";
export { header, renderCloudConfig } from "./render.js";
export { checkSize, gzipUserData, USER_DATA_LIMITS, userDataSize } from "./size.js";
export { type Unit, type UnitCommand, type UnitDropIn, unitCommands } from "./units.js";
export {
    type Locksmith,
    type Oem,
    type RebootStrategy,
    rebootStrategies,
    type Update,
} from "./update.js";
export type { User } from "./users.js";
export { validateCloudConfig, validateUserData } from "./validate.js";
export { applyVariables, mentionsVariable, type Variable, variables } from "./variables.js";
export { type FileEncoding, fileEncodings, type WriteFile } from "./write-files.js";
