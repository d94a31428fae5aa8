import type * as pulumi from "@pulumi/pulumi";
import type { Platform } from "../../platform.js";

/** A platform, and what its checks need to know of it. */
export interface PlatformUnderTest {
    /** Its name, for the report. */
    readonly name: string;
    /** A new one in this process, which hands these options to its resources. It must have room for seven machines. */
    make(name: string, opts: pulumi.ComponentResourceOptions): Platform;
    /** One that can't carry seven machines in three groups, and says so. */
    makeUnfit(name: string, opts: pulumi.ComponentResourceOptions): Platform;
    /** What the cloud's look-ups answer, by token: `aws:ec2/getAmi:getAmi`. The first checks ask no cloud. */
    readonly lookUps?: Readonly<Record<string, Record<string, unknown>>>;
    /** The text that the inputs of a machine's resource hand over; default the one among them that is a cloud-config. */
    textOf?(inputs: Readonly<Record<string, unknown>>): string;
    /** Default: its life is not checked. */
    readonly life?: PlatformLife;
}

/** How a platform brings up machines on Pulumi's real engine, and what is seen of them. They may cost money. */
export interface PlatformLife {
    /** Why it is not checked here; default it is. */
    readonly skip?: string | false;
    /** What a program imports: a package's name, or the path of a file. Looked up from the working directory. */
    readonly module: string;
    /** Name of the platform's class there. It is made as `new Class(name, args)`. */
    readonly className: string;
    /** Its arguments, as JSON has them. */
    readonly args: Readonly<Record<string, unknown>>;
    /** What else the cluster is made from, such as `binaries`. */
    readonly cluster?: Readonly<Record<string, unknown>>;
    /** What else is in the project's Pulumi.yaml, such as `plugins` of a simulated cloud. */
    settings?(folder: string): Promise<Readonly<Record<string, unknown>>>;
    /**
     * What the cloud has of the project in that folder, one text each: asked before anything is made, then while the
     * machines run, and once they are destroyed.
     */
    left(folder: string): Promise<readonly string[]>;
    /** Takes away what a run that failed has left; `pulumi destroy` was tried by then. */
    sweep?(folder: string): Promise<void>;
}
