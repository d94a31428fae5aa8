import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Account, type AccountSettings, type CloudRecord } from "./account.js";
import { sweepMachines } from "./machines.js";
import { putObject } from "./objects.js";

/** The clouds that are simulated. */
export type CloudName = "aws" | "digitalocean";

/**
 * One account of a simulated cloud, for tests of programs that use a real cloud's SDK: Pulumi's own engine talks to a
 * provider in TypeScript, which makes droplets and instances real machines on this very host, and keeps the rest on
 * record. It refuses what the real API refuses.
 *
 * Needs Linux and root as soon as a machine is made, as the local platform does. Machines have a private address in
 * their VPC and a public one; both are on this host's own bridges. Firewalls and security groups hold for TCP
 * connections; reserved addresses and load balancers are reached from this host. AWS is the region that `AWS_REGION`
 * names, or eu-central-1, with three zones; a load balancer's address is in its record.
 *
 * What it does not show: how long things take, quotas and prices, the metadata service at 169.254.169.254, and so
 * IMDSv2 and roles (machines get user-data and keys on a config drive), images (each machine boots the one of the local
 * platform, without etcd and fleet where the account's settings say so), who may read an object but for anyone, blank volumes (those of AWS come with the file system that a member would make, labelled `etcd`), volumes
 * attached to a droplet that runs, rules for UDP, ICMP, IPv6 and what goes out, routes, and health checks of
 * load balancers.
 */
export class SimulatedCloud {
    /** What the cloud holds. */
    readonly account: Account;
    /** Folder of the provider's executable. */
    readonly pluginPath: string;

    private constructor(
        /** Which cloud it is. */
        readonly name: CloudName,
        directory: string,
    ) {
        this.account = new Account(directory);
        this.pluginPath = join(directory, "plugin");
    }

    /**
     * Opens an account, which is kept in a folder; a new one where the folder is not there.
     *
     * @example
     * const cloud = await SimulatedCloud.open("digitalocean", "/tmp/account");
     * writeFileSync("Pulumi.yaml", stringify({ name: "test", runtime: "nodejs", plugins: cloud.plugins }));
     */
    static async open(
        name: CloudName,
        directory: string,
        settings: AccountSettings = {},
    ): Promise<SimulatedCloud> {
        const cloud = new SimulatedCloud(name, resolve(directory));
        await cloud.account.configure(settings);
        await mkdir(cloud.pluginPath, { recursive: true });
        const program = join(cloud.pluginPath, `pulumi-resource-${name}`);
        const server = join(__dirname, "serve.js");
        const quoted = [process.execPath, server, name, cloud.account.directory].map(
            (part) => `'${part.replaceAll("'", `'\\''`)}'`,
        );
        await writeFile(program, `#!/bin/sh\nexec ${quoted.join(" ")} "$@"\n`);
        await chmod(program, 0o755);
        return cloud;
    }

    /** The section `plugins` of a Pulumi.yaml, or of the Automation API's project settings. */
    get plugins(): {
        readonly providers: readonly { readonly name: string; readonly path: string }[];
    } {
        return { providers: [{ name: this.name, path: this.pluginPath }] };
    }

    /** Every resource of a kind; its kinds are the folders of the account: `droplets`, `vpcs`, `firewalls`… */
    list(kind: string): Promise<CloudRecord[]> {
        return this.account.list(kind);
    }

    /** Puts a file into a bucket, whether the program makes that or not; for tests of what machines fetch. */
    async putObject(
        file: string,
        object: { readonly bucket: string; readonly key: string; readonly isPublic: boolean },
    ): Promise<void> {
        await putObject(this.account, file, object);
    }

    /**
     * From now on a resource type or a look-up fails, as where the cloud has no capacity, or where credentials or rights
     * are missing; without a reason it no longer does.
     *
     * @param token the provider's: `digitalocean:index/droplet:Droplet`, `aws:ec2/getAmi:getAmi`
     * @param reason what the cloud says
     */
    refuse(token: string, reason?: string): Promise<void> {
        return this.account.refuse(token, reason);
    }

    /** Takes down all machines and networks of the account, after any crash, and removes its folder. */
    async sweep(): Promise<void> {
        await sweepMachines(this.account);
        await rm(this.account.directory, { recursive: true, force: true });
    }
}
