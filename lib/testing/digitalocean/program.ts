import type { CloudProgram, SimulatedResource } from "../simulated-resource.js";
import type { Properties } from "../wire-values.js";
import { customImage } from "./custom-image.js";
import { droplet } from "./droplet.js";
import { firewall } from "./firewall.js";
import { loadBalancer } from "./load-balancer.js";
import { lookUps } from "./look-ups.js";
import { reservedIp, reservedIpAssignment } from "./reserved-ip.js";
import { space, spaceObject } from "./space.js";
import { sshKey } from "./ssh-key.js";
import { tag } from "./tag.js";
import { volume, volumeAttachment } from "./volume.js";
import { vpc } from "./vpc.js";

const { version }: { version: string } = require("@pulumi/digitalocean/package.json");

/** The simulated DigitalOcean: what stands in for the real provider. */
export const digitalOcean: CloudProgram = {
    name: "digitalocean",
    version,
    resources: {
        "digitalocean:index/customImage:CustomImage": anyOf(customImage),
        "digitalocean:index/droplet:Droplet": anyOf(droplet),
        "digitalocean:index/firewall:Firewall": anyOf(firewall),
        "digitalocean:index/loadBalancer:LoadBalancer": anyOf(loadBalancer),
        "digitalocean:index/reservedIp:ReservedIp": anyOf(reservedIp),
        "digitalocean:index/reservedIpAssignment:ReservedIpAssignment": anyOf(reservedIpAssignment),
        "digitalocean:index/spacesBucket:SpacesBucket": anyOf(space),
        "digitalocean:index/spacesBucketObject:SpacesBucketObject": anyOf(spaceObject),
        "digitalocean:index/sshKey:SshKey": anyOf(sshKey),
        "digitalocean:index/tag:Tag": anyOf(tag),
        "digitalocean:index/volume:Volume": anyOf(volume),
        "digitalocean:index/volumeAttachment:VolumeAttachment": anyOf(volumeAttachment),
        "digitalocean:index/vpc:Vpc": anyOf(vpc),
    },
    lookUps,
};

/** Inputs and state come from the SDK's own types, through the engine: each resource states what it takes. */
function anyOf<Inputs extends Properties, State extends Properties>(
    resource: SimulatedResource<Inputs, State>,
): SimulatedResource<Properties, Properties> {
    return resource as unknown as SimulatedResource<Properties, Properties>;
}
