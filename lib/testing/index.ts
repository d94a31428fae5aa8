export { Account, type AccountSettings, type CloudRecord } from "./account.js";
export { platformConformance } from "./conformance/conformance.js";
export type { PlatformLife, PlatformUnderTest } from "./conformance/platform-under-test.js";
export { type CloudName, SimulatedCloud } from "./simulated-cloud.js";
