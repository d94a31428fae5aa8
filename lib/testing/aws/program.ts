import type { CloudProgram, SimulatedResource } from "../simulated-resource.js";
import type { Properties } from "../wire-values.js";
import { bucket, bucketObject, bucketPolicy, publicAccessBlock } from "./bucket.js";
import { instanceProfile, role, rolePolicyAttachment } from "./iam.js";
import { instance } from "./instance.js";
import { keyPair } from "./key-pair.js";
import { listener, loadBalancer, targetGroup, targetGroupAttachment } from "./load-balancer.js";
import { lookUps } from "./look-ups.js";
import { internetGateway, routeTable, routeTableAssociation } from "./routing.js";
import { securityGroup } from "./security-group.js";
import { subnet } from "./subnet.js";
import { volume, volumeAttachment } from "./volume.js";
import { vpc } from "./vpc.js";

const { version }: { version: string } = require("@pulumi/aws/package.json");

/** The simulated AWS: what stands in for the real provider. */
export const aws: CloudProgram = {
    name: "aws",
    version,
    resources: {
        "aws:ebs/volume:Volume": anyOf(volume),
        "aws:ec2/instance:Instance": anyOf(instance),
        "aws:ec2/internetGateway:InternetGateway": anyOf(internetGateway),
        "aws:ec2/keyPair:KeyPair": anyOf(keyPair),
        "aws:ec2/routeTable:RouteTable": anyOf(routeTable),
        "aws:ec2/routeTableAssociation:RouteTableAssociation": anyOf(routeTableAssociation),
        "aws:ec2/securityGroup:SecurityGroup": anyOf(securityGroup),
        "aws:ec2/subnet:Subnet": anyOf(subnet),
        "aws:ec2/volumeAttachment:VolumeAttachment": anyOf(volumeAttachment),
        "aws:ec2/vpc:Vpc": anyOf(vpc),
        "aws:iam/instanceProfile:InstanceProfile": anyOf(instanceProfile),
        "aws:iam/role:Role": anyOf(role),
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment": anyOf(rolePolicyAttachment),
        "aws:lb/listener:Listener": anyOf(listener),
        "aws:lb/loadBalancer:LoadBalancer": anyOf(loadBalancer),
        "aws:lb/targetGroup:TargetGroup": anyOf(targetGroup),
        "aws:lb/targetGroupAttachment:TargetGroupAttachment": anyOf(targetGroupAttachment),
        "aws:s3/bucket:Bucket": anyOf(bucket),
        "aws:s3/bucketObjectv2:BucketObjectv2": anyOf(bucketObject),
        "aws:s3/bucketPolicy:BucketPolicy": anyOf(bucketPolicy),
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": anyOf(publicAccessBlock),
    },
    lookUps,
};

/** Inputs and state come from the SDK's own types, through the engine: each resource states what it takes. */
function anyOf<Inputs extends Properties, State extends Properties>(
    resource: SimulatedResource<Inputs, State>,
): SimulatedResource<Properties, Properties> {
    return resource as unknown as SimulatedResource<Properties, Properties>;
}
