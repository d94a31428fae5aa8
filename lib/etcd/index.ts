export * from "./discovery-endpoint.js";
export * from "./endpoints.js";
export * from "./member-list.js";
export * from "./membership-guard.js";
export * from "./units.js";
