export * from "./discovery-endpoint.js";
export * from "./endpoints.js";
export * from "./member-list.js";
export * from "./units.js";
