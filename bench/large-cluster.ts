// Renders a large cluster once and prints the milliseconds that it took.
import assert from "node:assert/strict";
import { renderCloudConfig } from "../lib/cloud-config/index.js";
import {
    type ClusterShape,
    groupsOf,
    type MachineUnit,
    mergeDocuments,
    planDocuments,
    planMachines,
    staticBootstrap,
    validateAdditions,
    validateGroupDocument,
    validateShape,
} from "../lib/plan/index.js";
import {
    type DeclaredService,
    planService,
    renderFiles,
    validateService,
} from "../lib/plan/service/index.js";
import { errorsOf } from "../lib/problem.js";

const UNITS = 50;

const shape: ClusterShape = {
    name: "large",
    members: { count: 5, metadata: { role: "member" } },
    workers: {
        web: { count: 55, metadata: { role: "web" }, expose: [80] },
        data: { count: 40, metadata: { role: "data" } },
    },
};
const numbers = Array.from({ length: UNITS }, (_, index) => index + 1);
const units: MachineUnit[] = numbers.map((number) => ({
    name: `task-${number}.service`,
    command: "start",
    content: {
        Unit: { Description: `task ${number}`, After: ["network-online.target"] },
        Service: { ExecStart: `/opt/bin/task --number ${number}`, Restart: "always" },
    },
}));
const services = numbers.map(
    (number): DeclaredService => ({
        name: `app-${number}`,
        instances: 4,
        unit: {
            Unit: { Description: "app %i" },
            Service: { ExecStart: `/opt/bin/app --number ${number}`, Restart: "always" },
            "X-Fleet": { MachineMetadata: ["role=web"], Conflicts: [`app-${number}@*.service`] },
        },
    }),
);
const context = { publicIpv4: false, privateIpv4: true, limit: 65_536, gzip: false };

const begun = performance.now();
const machines = planMachines(shape);
const addresses = machines.map(({ name }, index) => [name, `10.80.0.${11 + index}`]);
const base = planDocuments(shape, staticBootstrap(shape, Object.fromEntries(addresses)));
const additions = [{ units }];
const problems = [...validateShape(shape), ...validateAdditions("", { units }, context)];
const texts = groupsOf(shape).map(([group]) => {
    const document = mergeDocuments(base[group] ?? {}, additions);
    problems.push(...validateGroupDocument(group, document, context));
    return renderCloudConfig(document);
});
const between = performance.now();
for (const service of services) {
    const plan = planService(service);
    problems.push(...validateService(plan, machines));
    const marks = { owner: `project/stack/large/${service.name}` };
    const files = renderFiles(plan, marks);
    texts.push(...Array.from(files.values(), ({ text }) => text));
}
const ended = performance.now();

assert.deepEqual(errorsOf(problems), []);
assert.equal(machines.length, 100);
assert.equal(texts.join("").match(/ExecStart=\/opt\/bin\/task/g)?.length, 3 * UNITS);
process.stdout.write(JSON.stringify({ documents: between - begun, services: ended - between }));
