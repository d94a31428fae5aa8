export * from "./binaries.js";
export * from "./bootstrap.js";
export * from "./documents.js";
export * from "./group-documents.js";
export * from "./shape.js";
export { validateShape } from "./validate-shape.js";
