export type {
    DigitalOceanArgs,
    DropletSize,
    FlatcarRelease,
    ImageArgs,
    Region,
    VpcArgs,
} from "./args.js";
export { DigitalOcean } from "./digitalocean.js";
