export * from "./archive.js";
export * from "./fetch-script.js";
export * from "./releases.js";
export * from "./units.js";
