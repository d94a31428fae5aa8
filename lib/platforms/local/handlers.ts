export { type ImageInputs, type ImageState, imageHandler } from "./image-handler.js";
export { type MachineInputs, type MachineState, machineHandler } from "./machine-handler.js";
export { type NetworkInputs, type NetworkState, networkHandler } from "./network-handler.js";
