import * as pulumi from "@pulumi/pulumi";

/** The user-data of a group. */
export interface UserDataArgs {
    /** The whole text, from `#cloud-config` on. */
    readonly text: pulumi.Input<string>;
}

/**
 * The cloud-config of one group of machines, as text. It makes nothing: it is there so that a preview
 * shows the lines that change, whatever form the cloud stores them in.
 */
export class UserData extends pulumi.ComponentResource {
    /** The text. */
    readonly text: pulumi.Output<string>;

    constructor(name: string, args: UserDataArgs, opts?: pulumi.ComponentResourceOptions) {
        super("pulumi-coreos:index:UserData", name, { text: args.text }, opts);
        this.text = pulumi.output(args.text);
        this.registerOutputs({});
    }
}
