export { Account, type CloudRecord } from "./account.js";
export { type CloudName, SimulatedCloud } from "./simulated-cloud.js";
