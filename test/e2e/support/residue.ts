import { readdirSync, readFileSync } from "node:fs";
import {
    listMachines,
    listNetworks,
    readMachineManifest,
    readNetworkManifest,
} from "../../../lib/platforms/local/manifest.js";
import { differences, hostSnapshot } from "../../platforms/local/host-snapshot.js";

/** Finds what a stack leaves on this host, though other stacks may come and go meanwhile. */
export class Residue {
    private readonly before = snapshot();
    private readonly marks = new Set<string>();
    private alone = ![...this.before].some((line) => line.includes("systemd-nspawn "));

    /** Remembers what these networks and their machines are known by, while they are there. */
    async mark(networks: readonly string[]): Promise<void> {
        for (const id of await listNetworks()) {
            if (!networks.includes(id)) {
                this.alone = false;
                continue;
            }
            const manifest = await readNetworkManifest(id);
            this.add(id, manifest?.bridge, manifest?.subnet.replace(/\d+\/\d+$/, ""));
            for (const name of await listMachines(id)) {
                const uuid = (await readMachineManifest(id, name))?.uuid;
                this.add(uuid, uuid?.replaceAll("-", "").slice(0, 12));
            }
        }
    }

    /** What came or went since this was made; with other networks beside, only what has a mark. */
    async left(): Promise<string[]> {
        if (this.marks.size === 0) {
            throw new Error("nothing was marked");
        }
        const alone = this.alone && (await listNetworks()).length === 0;
        const isOurs = (line: string) => [...this.marks].some((mark) => line.includes(mark));
        return differences(this.before, snapshot()).filter((line) => alone || isOurs(line));
    }

    private add(...marks: (string | undefined)[]): void {
        for (const mark of marks) {
            if (mark !== undefined) {
                this.marks.add(mark);
            }
        }
    }
}

/** The host's things, and the daemons inside of machines, whose processes say nothing of a container. */
function snapshot(): Set<string> {
    const daemons = readdirSync("/proc")
        .filter((name) => /^\d+$/.test(name))
        .flatMap((pid) => {
            const [command = "", ...args] = read(pid, "cmdline").split("\0");
            if (!/\/(etcd|fleetd)$/.test(command)) {
                return [];
            }
            const address = /FLEET_PUBLIC_IP=[^\0]*/.exec(read(pid, "environ"))?.[0] ?? "";
            return [`process ${pid} ${[command, ...args].join(" ")} ${address}`];
        });
    return new Set([...hostSnapshot(), ...daemons]);
}

function read(pid: string, name: string): string {
    try {
        return readFileSync(`/proc/${pid}/${name}`, "latin1");
    } catch {
        return "";
    }
}
