import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

/** Changes with whatever a member is made from: its text, and what else its platform makes it anew for. */
export class MemberMark {
    private value: pulumi.Output<string> | undefined;

    /** @param text the members' user-data */
    constructor(private readonly text: pulumi.Output<string>) {}

    /** Takes note of the platform's part; all members are made from the same. */
    note(from?: pulumi.Input<unknown>): pulumi.Output<string> {
        this.value ??= pulumi
            .all([this.text, pulumi.output(from ?? [])])
            .apply((made) =>
                createHash("sha256").update(JSON.stringify(made)).digest("hex").slice(0, 16),
            );
        return this.value;
    }

    /** The mark, once the platform has asked about a member. */
    get mark(): pulumi.Output<string> | undefined {
        return this.value;
    }
}
