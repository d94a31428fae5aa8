export type { Architecture } from "./binaries/index.js";
export type { CloudConfig } from "./cloud-config/index.js";
export { Cluster } from "./cluster.js";
export type {
    AdditionArgs,
    ArchiveArgs,
    ArchivesArgs,
    BinariesArgs,
    ClusterArgs,
    ClusterMachine,
    ConnectionArgs,
    DiscoveryBootstrap,
    GroupArgs,
} from "./cluster-args.js";
export { ClusterReference, type ReferencedCluster } from "./cluster-reference.js";
export type { Connection, SshHost } from "./connection.js";
export type { DeepInput } from "./constructs/inputs.js";
export { DiscoveryToken, type DiscoveryTokenArgs } from "./discovery.js";
export type { FailoverSettings, FleetUnit, XFleetSection } from "./fleet/index.js";
export type {
    ClusterShape,
    GroupShape,
    MachineUnit,
    PlannedMachine,
    Role,
    UpdateShape,
} from "./plan/index.js";
export type {
    CreatedMachine,
    MachineOrder,
    MachinesRequest,
    Platform,
    PlatformPlan,
    PlatformTraits,
} from "./platform.js";
export type { Problem } from "./problem.js";
export { Readiness, type ReadinessArgs } from "./readiness.js";
export { Service, type ServiceSummary } from "./service.js";
export type {
    EnvironmentArgs,
    InstanceArgs,
    ServiceArgs,
    ServiceFileArgs,
    ServiceFolderArgs,
    UnitInput,
} from "./service-args.js";
export type { ServiceCluster, ServiceMachine } from "./service-cluster.js";
export { ServiceSecrets, type ServiceSecretsArgs } from "./service-secrets.js";
export { SshKey, type SshKeyArgs } from "./ssh-key.js";
export type { UnitDocument } from "./systemd/index.js";
export { UserData, type UserDataArgs } from "./user-data.js";
