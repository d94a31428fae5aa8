/** Platforms with one mistake each; run by conformance.test.ts, where each must fail. */
import * as pulumi from "@pulumi/pulumi";
import type {
    ClusterShape,
    CreatedMachine,
    MachinesRequest,
    PlannedMachine,
    PlatformPlan,
} from "../../../lib/index.js";
import { platformConformance } from "../../../lib/testing/index.js";
import { Inventory } from "./inventory.js";

const addresses = Array.from({ length: 7 }, (_, index) => `192.0.2.${index + 1}`);

class Misnamed extends Inventory {
    override readonly traits = {
        name: "My Rack",
        userData: { limit: 65_536, gzip: false },
        publicIpv4: false,
        user: "core",
    };
}

class Moody extends Inventory {
    private asked = 0;

    override plan(shape: ClusterShape, machines: readonly PlannedMachine[]): PlatformPlan {
        this.asked += 1;
        const { addresses: own = {}, problems } = super.plan(shape, machines);
        const moved = Object.entries(own).map(([name, at]) => [name, `${at}${this.asked}`]);
        return { problems, addresses: Object.fromEntries(moved) };
    }
}

class Crowded extends Inventory {
    override plan(shape: ClusterShape, machines: readonly PlannedMachine[]): PlatformPlan {
        const { addresses: own = {}, problems } = super.plan(shape, machines);
        return { problems, addresses: { ...own, "conform-2": own["conform-1"] ?? "" } };
    }
}

class Additive extends Inventory {
    override plan(shape: ClusterShape, machines: readonly PlannedMachine[]): PlatformPlan {
        const content = "$public_ipv4";
        const documents = { members: { write_files: [{ path: "/address", content }] } };
        return { ...super.plan(shape, machines), documents };
    }
}

class Throwing extends Inventory {
    override plan(shape: ClusterShape, machines: readonly PlannedMachine[]): PlatformPlan {
        const plan = super.plan(shape, machines);
        if (plan.problems.length > 0) {
            throw new Error("no room");
        }
        return plan;
    }
}

class Forgetful extends Inventory {
    override create(request: MachinesRequest): Record<string, CreatedMachine> {
        const { machines } = request;
        return super.create({ ...request, machines: machines.slice(0, -1) });
    }
}

class Confused extends Inventory {
    override create(request: MachinesRequest): Record<string, CreatedMachine> {
        const { members, web, ...others } = request.userData;
        const none = pulumi.output("");
        const userData = { ...others, members: web ?? none, web: members ?? none };
        return super.create({ ...request, userData });
    }
}

class Astray extends Inventory {
    override create(request: MachinesRequest): Record<string, CreatedMachine> {
        new pulumi.ComponentResource("inventory:index:Rack", "rack");
        return super.create(request);
    }
}

class Keyless extends Inventory {
    override create(request: MachinesRequest): Record<string, CreatedMachine> {
        return super.create({ ...request, sshAuthorizedKeys: [] });
    }
}

class Hasty extends Inventory {
    override create(request: MachinesRequest): Record<string, CreatedMachine> {
        const order = { before: () => [], made: () => undefined };
        return super.create({ ...request, order });
    }
}

const making =
    "it makes each machine that was planned, hands over its text, and declares all under the cluster";
const platforms = {
    ...{ Misnamed, Moody, Crowded, Additive, Throwing, Forgetful, Confused, Astray },
    ...{ Keyless, Hasty },
};

/** The checks that fail, by the platform. */
export const expected: Readonly<Record<keyof typeof platforms, readonly string[]>> = {
    Misnamed: ["its traits are what the checks of user-data go by"],
    Moody: ["its plan is pure: the same every time, and nothing is declared"],
    Crowded: ["addresses are promised for each machine, no two the same, or for none"],
    Additive: ["what it adds to user-data is for groups that there are, and stands the checks"],
    Throwing: ["what it can't do is a problem with a path that the user wrote, and no exception"],
    Forgetful: [making],
    Confused: [making],
    Astray: [making],
    Keyless: [making],
    Hasty: [making],
};

if (process.argv[2] === "run") {
    for (const [name, Broken] of Object.entries(platforms)) {
        platformConformance({
            name,
            make: () => new Broken({ addresses }),
            makeUnfit: () => new Broken({ addresses: addresses.slice(1) }),
        });
    }
}
