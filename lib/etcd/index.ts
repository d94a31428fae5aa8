export * from "./endpoints.js";
export * from "./units.js";
