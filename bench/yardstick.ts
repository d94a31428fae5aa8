import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { packageRoot } from "../lib/cli/project.js";
import { renderCloudConfig } from "../lib/cloud-config/index.js";
import { mergeDocuments, planDocuments, planMachines, staticBootstrap } from "../lib/plan/index.js";
import { MEMBERS } from "../lib/plan/shape.js";
import { stateDirectory } from "../lib/platforms/local/directories.js";
import { renderUnit } from "../lib/systemd/index.js";
import { hello, helloProgram } from "../stacks/hello.js";
import { time } from "./stopwatch.js";

const PREFIX = "10.62.0";
const LIMIT = 180_000;

/** Seconds in which a shell script does by hand what the demo does; see yardstick.sh. */
export async function measureYardstick(imageRoot: string): Promise<number> {
    const shape = { name: "yardstick", members: { count: 3, metadata: { role: "member" } } };
    const names = planMachines(shape).map(({ name }) => name);
    const addresses = names.map((name, index) => [name, `${PREFIX}.${11 + index}`]);
    const documents = planDocuments(shape, staticBootstrap(shape, Object.fromEntries(addresses)));
    const userData = mergeDocuments(documents[MEMBERS] ?? {}, [{ files: [helloProgram] }]);
    // Where the demo's disks are, so that both write to the same kind of disk.
    const work = mkdtempSync(join(dirname(stateDirectory()), "pulumi-coreos-yardstick-"));
    try {
        writeFileSync(join(work, "user-data"), renderCloudConfig(userData));
        writeFileSync(join(work, "hello@.service"), renderUnit(hello));
        const script = join(packageRoot, "bench", "yardstick.sh");
        const options = { until: "ready", timeout: LIMIT };
        return await time(script, [imageRoot, work, PREFIX, ...names], options);
    } finally {
        rmSync(work, { recursive: true, force: true });
    }
}
