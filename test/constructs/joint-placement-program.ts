/** The programs of joint-placement.test.ts: services that wait for the check of all. */
import * as pulumi from "@pulumi/pulumi";
import { registerUnits } from "../../lib/constructs/placement-registry.js";
import type { FleetUnit, XFleetSection } from "../../lib/fleet/index.js";

const cluster = { shape: { name: "demo" } };
const machines = [1, 2, 3].map((number) => ({
    name: `demo-${number}`,
    metadata: number === 3 ? { role: "web" } : { role: "db" },
}));

const nothing: pulumi.dynamic.ResourceProvider = {
    create: async () => ({ id: "nothing" }),
};

/** Stands for a service: a resource whose input waits for the check. */
class Declared extends pulumi.dynamic.Resource {
    constructor(name: string, section: pulumi.Input<XFleetSection>, count = 1) {
        const text = pulumi.output(section).apply(async (known) => {
            const unit: FleetUnit = { "X-Fleet": known };
            const names =
                count === 1
                    ? [`${name}.service`]
                    : Array.from({ length: count }, (_, index) => `${name}@${index + 1}.service`);
            const units = names.map((each) => ({ name: each, unit }));
            await registerUnits(cluster, name, units, machines);
            return name;
        });
        super(nothing, name, { text });
        text.apply((made) => process.stdout.write(`MADE ${made}\n`));
    }
}

const later = <T>(value: T): Promise<T> =>
    new Promise((resolve) => setTimeout(() => resolve(value), 300));

const apart = { Conflicts: "all@*.service" };

const programs: Readonly<Record<string, () => void>> = {
    fine: () => {
        new Declared("a", { MachineOf: "b.service" });
        new Declared("b", {});
    },
    enemies: () => {
        new Declared("a", { MachineOf: "b.service" });
        new Declared("b", { Conflicts: "a.service" });
    },
    enemiesInOtherOrder: () => {
        new Declared("b", { Conflicts: "a.service" });
        new Declared("a", { MachineOf: "b.service" });
    },
    lateEnemy: () => {
        new Declared("a", { MachineMetadata: "role=web" });
        new Declared("b", later({ Conflicts: "a.service", MachineMetadata: "role=web" }));
    },
    spare: () => {
        new Declared("all", apart, 3);
        new Declared("web", { MachineMetadata: "role=web" });
        new Declared("late", later({ MachineMetadata: "role=web" }));
    },
};

programs[process.env["JOINT_CASE"] ?? ""]?.();
