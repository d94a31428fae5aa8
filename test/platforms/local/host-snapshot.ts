import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { stateDirectory } from "../../../lib/platforms/local/directories.js";

/** What a sweep must leave as it was, one line a thing. */
export function hostSnapshot(): Set<string> {
    const run = (program: string, ...args: string[]): string[] =>
        execFileSync(program, args, { encoding: "utf8" }).split("\n").filter(Boolean);
    const read = (file: string): string => {
        try {
            return readFileSync(file, "latin1");
        } catch {
            return "";
        }
    };
    const tree = (directory: string, recursive = true): string[] =>
        existsSync(directory)
            ? readdirSync(directory, { recursive, encoding: "utf8" }).map((name) =>
                  join(directory, name),
              )
            : [];
    const processes = readdirSync("/proc")
        .filter((name) => /^\d+$/.test(name))
        .flatMap((pid) => {
            const command = read(`/proc/${pid}/cmdline`).replaceAll("\0", " ");
            const container = /container_uuid=[^\0]*/.exec(read(`/proc/${pid}/environ`));
            const ours = container !== null || /systemd-nspawn|--uuid=/.test(command);
            return ours ? [`process ${pid} ${command} ${container?.[0] ?? ""}`] : [];
        });
    const settings = [
        "fs/inotify/max_user_instances",
        "kernel/keys/maxkeys",
        "net/ipv4/ip_forward",
        ...readdirSync("/proc/sys/net/ipv4/conf").map((name) => `net/ipv4/conf/${name}/forwarding`),
    ];
    return new Set([
        ...processes,
        ...read("/proc/self/mountinfo")
            .split("\n")
            .map((line) => `mount ${line.split(" ").slice(3, 5).join(" ")}`),
        ...run("ip", "-brief", "address").map(
            (line) => `link ${line.replace(/@\S+/, "").split(/\s+/).join(" ")}`,
        ),
        ...run("nft", "list", "tables"),
        ...run("losetup", "--noheadings", "--output", "NAME,BACK-FILE").map(
            (line) => `disk ${line}`,
        ),
        ...settings.map((path) => `setting ${path} ${read(join("/proc/sys", path)).trim()}`),
        ...["", "unified", "systemd", "cpu", "cpuacct", "cpu,cpuacct", "memory", "pids"]
            .map((root) => join("/sys/fs/cgroup", root))
            .flatMap((root) => [...tree(root, false), ...tree(join(root, "pulumi-coreos"), false)])
            .filter((path) => /pulumi|payload|supervisor|machine/.test(path))
            .map((path) => `cgroup ${path}`),
        ...tree("/run/systemd/nspawn").map((path) => `file ${path}`),
        ...tree(stateDirectory(), false).map((path) => `file ${path}`),
    ]);
}

/** What came or went between two snapshots, `+` and `-` first. */
export function differences(before: ReadonlySet<string>, after: ReadonlySet<string>): string[] {
    return [
        ...[...after].filter((line) => !before.has(line)).map((line) => `+ ${line}`),
        ...[...before].filter((line) => !after.has(line)).map((line) => `- ${line}`),
    ];
}
