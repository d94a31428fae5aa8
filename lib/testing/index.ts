export { Account, type AccountSettings, type CloudRecord } from "./account.js";
export { type CloudName, SimulatedCloud } from "./simulated-cloud.js";
