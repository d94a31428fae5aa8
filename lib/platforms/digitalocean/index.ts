export type {
    DigitalOceanArgs,
    DropletSize,
    FlatcarRelease,
    ImageArgs,
    Region,
    VpcArgs,
} from "./args.js";
export { DigitalOcean } from "./digitalocean.js";
export { FleetBuild, type FleetBuildArgs } from "./fleet-build.js";
