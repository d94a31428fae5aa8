export * from "../connection.js";
export * from "./access.js";
export * from "./discovery.js";
export * from "./etcd.js";
export * from "./fleet.js";
export * from "./journal.js";
export * from "./ssh.js";
export * from "./wait.js";
