import type { Account } from "../account.js";
import { ApiError, type LookUp } from "../simulated-resource.js";
import { arn } from "./aws-id.js";
import { region, types, zones } from "./catalog.js";
import { type ImageRecord, images } from "./images.js";
import type { SubnetRecord } from "./subnet.js";
import type { VpcRecord } from "./vpc.js";

type Filters = readonly { readonly name: string; readonly values: readonly string[] }[];

/** `aws.ec2.getAmi`: one AMI. */
const getAmi: LookUp = async ({ filters, owners, mostRecent }, account) => {
    const found = (await images(account)).filter(
        (image) =>
            (!Array.isArray(owners) || owners.includes(image.ownerId)) &&
            matches(filters, {
                name: image.name,
                architecture: image.architecture,
                "image-id": image.id,
            }),
    );
    const newest = found.sort((a, b) => b.creationDate.localeCompare(a.creationDate));
    // terraform-provider-aws, website/docs/d/ami: an error for none, and for several unless `most_recent`.
    const [image] = newest;
    if (image === undefined) {
        const reason = "Your query returned no results. Please change your search criteria.";
        throw new ApiError("ec2 DescribeImages", 400, reason);
    }
    if (newest.length > 1 && mostRecent !== true) {
        const reason =
            "Your query returned more than one result. Please try a more specific search.";
        throw new ApiError("ec2 DescribeImages", 400, reason);
    }
    return described(image);
};

function described(image: ImageRecord) {
    const { id, name, architecture, ownerId, creationDate } = image;
    return {
        id,
        imageId: id,
        name,
        architecture,
        ownerId,
        creationDate,
        public: true,
        state: "available",
        rootDeviceName: "/dev/xvda",
        region,
    };
}

/** `aws.getAvailabilityZones`. */
const getAvailabilityZones: LookUp = async () => ({
    id: region,
    names: [...zones],
    zoneIds: zones.map((_zone, index) => `${region}-az${index + 1}`),
    groupNames: [region],
    region,
    state: "available",
});

/** `aws.ec2.getInstanceTypeOfferings`, by zone: every type is in every zone, and one that there is not, in none. */
const getInstanceTypeOfferings: LookUp = async ({ filters, locationType }) => {
    const places = locationType === "availability-zone" ? zones : [region];
    const found = [...types]
        .filter((type) => matches(filters, { "instance-type": type }))
        .flatMap((type) => places.map((location) => ({ type, location })));
    return {
        id: region,
        region,
        instanceTypes: found.map(({ type }) => type),
        locations: found.map(({ location }) => location),
        locationTypes: found.map(() => locationType ?? "region"),
    };
};

/** `aws.ec2.getSubnet`. */
const getSubnet: LookUp = async ({ id, filters }, account) => {
    const found = await subnetsOf(account, filters);
    const subnet = found.find((one) => id === undefined || one.id === id);
    if (subnet === undefined || (id === undefined && found.length > 1)) {
        throw new ApiError("ec2 DescribeSubnets", 400, "no matching EC2 Subnet found");
    }
    return { ...subnet, region, state: "available" };
};

/** `aws.ec2.getSubnets`. */
const getSubnets: LookUp = async ({ filters }, account) => ({
    id: region,
    ids: (await subnetsOf(account, filters)).map((subnet) => subnet.id),
    region,
});

/** `aws.ec2.getVpc`. */
const getVpc: LookUp = async ({ id }, account) => {
    const found = await account.get<VpcRecord>("vpcs", String(id));
    if (found === undefined) {
        throw new ApiError("ec2 DescribeVpcs", 400, "no matching EC2 VPC found");
    }
    return { ...found, arn: arn("ec2", `vpc/${found.id}`), region, state: "available" };
};

async function subnetsOf(account: Account, filters: unknown): Promise<SubnetRecord[]> {
    const all = await account.list<SubnetRecord>("subnets");
    return all.filter((subnet) =>
        matches(filters, {
            "vpc-id": subnet.vpcId,
            "availability-zone": subnet.availabilityZone,
            "cidr-block": subnet.cidrBlock,
        }),
    );
}

/** Whether every filter fits; `*` stands for anything. An unknown filter fits nothing. */
function matches(filters: unknown, fields: Readonly<Record<string, string>>): boolean {
    return ((filters ?? []) as Filters).every(({ name, values }) =>
        values.some((value) => {
            const pattern = value.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
            const field = fields[name];
            return field !== undefined && new RegExp(`^${pattern}$`).test(field);
        }),
    );
}

/** The look-ups by the provider's tokens. */
export const lookUps: Readonly<Record<string, LookUp>> = {
    "aws:ec2/getAmi:getAmi": getAmi,
    "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings": getInstanceTypeOfferings,
    "aws:ec2/getSubnet:getSubnet": getSubnet,
    "aws:ec2/getSubnets:getSubnets": getSubnets,
    "aws:ec2/getVpc:getVpc": getVpc,
    "aws:index/getAvailabilityZones:getAvailabilityZones": getAvailabilityZones,
};
