import * as coreos from "pulumi-coreos";
import { hello } from "./hello";

/** Metadata of the machines that run the services: each stack's program gives it to a group. */
export const web = { role: "web" };

/** The services of every stack. Where the machines run is not their business. */
export function declareServices(cluster: coreos.Cluster, instances: number): coreos.Service[] {
    const unit = { ...hello, "X-Fleet": { ...hello["X-Fleet"], MachineMetadata: "role=web" } };
    return [new coreos.Service("hello", { cluster, instances, unit })];
}
