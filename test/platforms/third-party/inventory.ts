import * as pulumi from "@pulumi/pulumi";
import type {
    ClusterShape,
    CreatedMachine,
    MachinesRequest,
    PlannedMachine,
    Platform,
    PlatformPlan,
    PlatformTraits,
} from "pulumi-coreos";

/** What an {@link Inventory} is made from. */
export interface InventoryArgs {
    /** Addresses of the machines that stand there; those of a cluster take them in turn. */
    readonly addresses: readonly string[];
}

/** Machines that stand in a rack, and get their user-data from whatever boots them. */
export class Inventory implements Platform {
    readonly traits: PlatformTraits = {
        name: "inventory",
        userData: { limit: 1_048_576, gzip: false },
        publicIpv4: false,
        user: "core",
    };

    constructor(private readonly args: InventoryArgs) {}

    plan(_shape: ClusterShape, machines: readonly PlannedMachine[]): PlatformPlan {
        const { addresses } = this.args;
        if (addresses.length < machines.length) {
            const allowed = `must have an address for each of the ${machines.length} machines`;
            const given = JSON.stringify(addresses);
            return { problems: [{ path: "platform.addresses", given, allowed }] };
        }
        const own = machines.map(({ name }, index) => [name, addresses[index] ?? ""]);
        return { problems: [], addresses: Object.fromEntries(own) };
    }

    create(request: MachinesRequest): Record<string, CreatedMachine> {
        const { shape, machines, userData, sshAuthorizedKeys, order, parent } = request;
        const { addresses = {} } = this.plan(shape, machines);
        const made = machines.map((machine): [string, CreatedMachine] => {
            const { name, group } = machine;
            const address = addresses[name] ?? "";
            const inputs = { address, userData: userData[group], sshAuthorizedKeys };
            const opts = { parent, dependsOn: order.before(machine) };
            const { urn } = new RackMachine(name, inputs, opts);
            const privateIp = pulumi.output(address);
            const created = { id: urn.apply(() => address), privateIp };
            order.made(machine, created);
            return [name, created];
        });
        return Object.fromEntries(made);
    }
}

/** Stands for the resource of a cloud: `new Server(name, { userData, keys, … }, opts)`. */
class RackMachine extends pulumi.ComponentResource {
    constructor(name: string, inputs: pulumi.Inputs, opts: pulumi.ComponentResourceOptions) {
        super("inventory:index:RackMachine", name, inputs, opts);
        this.registerOutputs({});
    }
}
