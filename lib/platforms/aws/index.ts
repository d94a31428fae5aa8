export type {
    AwsArgs,
    FlatcarRelease,
    GivenSubnet,
    GivenVpcArgs,
    ImageArgs,
    InstanceType,
    MadeVpcArgs,
} from "./args.js";
export { Aws } from "./aws.js";
export { FleetBuild, type FleetBuildArgs } from "./fleet-build.js";
