import type { Account } from "../account.js";
import { bootMachine, destroyMachine, freeAddress, restartMachine } from "../machines.js";
import { ApiError, type SimulatedResource } from "../simulated-resource.js";
import { arn, awsId } from "./aws-id.js";
import { region, requireType } from "./catalog.js";
import { enforceNetwork } from "./forwarding.js";
import { requireImage } from "./images.js";
import type { InstanceInputs, InstanceRecord } from "./instance-record.js";
import type { KeyPairRecord } from "./key-pair.js";
import { requireAddress, type SubnetRecord } from "./subnet.js";
import { requireUserData, userDataText } from "./user-data.js";
import { detachVolumes } from "./volume.js";
import type { VpcRecord } from "./vpc.js";

const REQUEST = "ec2 RunInstances";
/** Milliseconds that an instance has to shut down; it has minutes at AWS. */
const SHUTDOWN_LIMIT = 5_000;

/** `aws.ec2.Instance`: a machine on this host. */
export const instance: SimulatedResource<InstanceInputs, InstanceRecord> = {
    kind: "instances",
    // terraform-provider-aws, website/docs/r/instance: what forces a new instance.
    replacedBy: ["ami", "subnetId", "privateIp", "associatePublicIpAddress", "keyName"],
    // The same page: user-data stops and starts the instance, but for where it is told to replace it.
    alsoReplacedBy: ({ userDataReplaceOnChange }) =>
        userDataReplaceOnChange === true ? ["userData", "userDataBase64"] : [],
    defaults: { sourceDestCheck: true },
    async create(inputs, account) {
        const userData = userDataText(requireUserData(REQUEST, inputs));
        const architecture = requireType(REQUEST, inputs.instanceType);
        await requireImage(REQUEST, inputs.ami, architecture, account);
        const keys = await requireInstance(REQUEST, inputs, account);
        const { record, network } = await account.alone(() => reserve(inputs, account));
        try {
            await bootMachine(account, {
                ...metadataOf(record, network),
                privateIp: record.privateIp,
                ...(record.publicIp === "" ? {} : { publicIp: record.publicIp }),
                userData,
                sshAuthorizedKeys: keys,
            });
        } catch (cause) {
            await remove(record, account, 0);
            throw cause;
        }
        return { id: record.id, outputs: record };
    },
    async update(id, before, inputs, account) {
        const request = "ec2 ModifyInstanceAttribute";
        const found = await account.get<InstanceRecord>("instances", id);
        const network = await account.get<VpcRecord>("vpcs", found?.vpcId ?? "");
        if (found === undefined || network === undefined) {
            const reason = `InvalidInstanceID.NotFound: The instance ID '${id}' does not exist`;
            throw new ApiError(request, 400, reason);
        }
        const bytes = requireUserData(request, inputs);
        const sshAuthorizedKeys = await requireInstance(request, inputs, account);
        // AWSEC2/latest/UserGuide/user-data, and ec2-instance-resize: both only while the instance is stopped.
        const stops = ["userData", "userDataBase64", "instanceType"] as const;
        if (stops.some((key) => before[key] !== inputs[key])) {
            const machine = { ...metadataOf(found, network), sshAuthorizedKeys };
            const userData = userDataText(bytes);
            await restartMachine(account, { ...machine, userData }, SHUTDOWN_LIMIT);
        }
        return {};
    },
    async delete(id, state, account) {
        const found = await account.get<InstanceRecord>("instances", id);
        await remove(found ?? { ...state, id }, account, SHUTDOWN_LIMIT);
    },
    changed: enforceNetwork,
};

/** Refuses what the API refuses; answers with the public keys that the instance gets. */
async function requireInstance(
    request: string,
    inputs: InstanceInputs,
    account: Account,
): Promise<string[]> {
    requireType(request, inputs.instanceType);
    const { httpPutResponseHopLimit: hops = 1 } = inputs.metadataOptions ?? {};
    // docs.aws.amazon.com, AWSEC2/latest/APIReference/API_InstanceMetadataOptionsRequest: 1 to 64.
    if (!Number.isInteger(hops) || hops < 1 || hops > 64) {
        const reason = `InvalidParameterValue: The value ${hops} for HttpPutResponseHopLimit is not 1 to 64`;
        throw new ApiError(request, 400, reason);
    }
    // AWSEC2/latest/APIReference/errors-overview: `InvalidGroup.NotFound`, `InvalidKeyPair.NotFound`.
    const subnet = await account.get<SubnetRecord>("subnets", inputs.subnetId);
    for (const id of inputs.vpcSecurityGroupIds ?? []) {
        const group = await account.get("security-groups", id);
        if (group === undefined || group["vpcId"] !== subnet?.vpcId) {
            const reason = `InvalidGroup.NotFound: The security group '${id}' does not exist in ${subnet?.vpcId}`;
            throw new ApiError(request, 400, reason);
        }
    }
    const profile = inputs.iamInstanceProfile;
    if (profile && (await account.get("instance-profiles", profile)) === undefined) {
        const reason = `InvalidParameterValue: Value (${profile}) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name`;
        throw new ApiError(request, 400, reason);
    }
    if (inputs.keyName === undefined) {
        return [];
    }
    const key = await account.get<KeyPairRecord>("key-pairs", inputs.keyName);
    if (key === undefined) {
        const reason = `InvalidKeyPair.NotFound: The key pair '${inputs.keyName}' does not exist`;
        throw new ApiError(request, 400, reason);
    }
    return [key.publicKey];
}

/** Puts the instance on record, with its addresses, before there is a machine. */
async function reserve(
    inputs: InstanceInputs,
    account: Account,
): Promise<{ record: InstanceRecord; network: VpcRecord }> {
    const subnet = await account.get<SubnetRecord>("subnets", inputs.subnetId);
    const network = await account.get<VpcRecord>("vpcs", subnet?.vpcId ?? "");
    if (subnet === undefined || network === undefined) {
        const reason = `InvalidSubnetID.NotFound: The subnet ID '${inputs.subnetId}' does not exist`;
        throw new ApiError(REQUEST, 400, reason);
    }
    const privateIp = await requireAddress(REQUEST, subnet, inputs.privateIp, account);
    const others = await account.list<InstanceRecord>("instances");
    const balancers = await account.list("load-balancers");
    const taken = [
        ...others.map((other) => other.publicIp),
        ...balancers.map(({ address }) => String(address)),
    ];
    const isPublic = inputs.associatePublicIpAddress ?? subnet.mapPublicIpOnLaunch ?? false;
    const id = awsId("i");
    const record = {
        ...inputs,
        id,
        vpcId: network.id,
        availabilityZone: subnet.availabilityZone,
        privateIp,
        publicIp: isPublic ? freeAddress(network.publicRange, taken) : "",
        privateDns: `${hostName(privateIp)}.${region}.compute.internal`,
        publicDns: "",
        instanceState: "running",
        arn: arn("ec2", `instance/${id}`),
    };
    await account.put("instances", record);
    return { record, network };
}

/** Every instance is called by its address, whatever its tags say. */
function metadataOf(record: InstanceRecord, { id, cidrBlock, publicRange }: VpcRecord) {
    return {
        id: record.id,
        hostname: hostName(record.privateIp),
        network: { id, range: cidrBlock, publicRange },
        disks: [],
    };
}

/** docs.aws.amazon.com, AWSEC2/latest/UserGuide/ec2-instance-naming: the private address is in the name. */
function hostName(privateIp: string): string {
    return `ip-${privateIp.replaceAll(".", "-")}`;
}

async function remove(record: InstanceRecord, account: Account, limit: number): Promise<void> {
    await destroyMachine(account, record.vpcId, record.id, limit);
    await account.alone(() => detachVolumes(record.id, account));
    await account.remove("instances", record.id);
}
