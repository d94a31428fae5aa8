export { Local, type LocalArgs } from "./local.js";
export {
    LocalImage,
    LocalMachine,
    type LocalMachineArgs,
    LocalNetwork,
    type LocalNetworkArgs,
} from "./resources.js";
