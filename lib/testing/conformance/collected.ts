import type * as pulumi from "@pulumi/pulumi";

/** The resources that a transformation meets. */
export class Collected {
    /** `type::name` of each, in the order in which they were declared. */
    readonly names: string[] = [];
    private readonly resources: pulumi.Resource[] = [];

    /** To be among the options of what is watched; its children inherit it. */
    readonly transformation: pulumi.ResourceTransformation = ({ type, name, resource }) => {
        this.names.push(`${type}::${name}`);
        this.resources.push(resource);
        return undefined;
    };

    /** Until each of them is known to the engine's stand-in. */
    async registered(): Promise<void> {
        const registration = ({ urn }: pulumi.Resource) =>
            new Promise((resolve) => urn.apply(resolve));
        await Promise.all(this.resources.map(registration));
    }
}
