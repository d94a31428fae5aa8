import { contentHash, toolchainPath } from "./directories.js";
import { type GoModule, goModuleHash } from "./go-build.js";

/** Everything that decides what a machine image holds, apart from `toolchain/image/rootfs`. */
export interface ImageRecipe {
    /** Raised when the steps of the build change what comes out. */
    readonly revision: number;
    readonly suite: string;
    readonly mirror: string;
    readonly packages: readonly string[];
    readonly groups: readonly { readonly name: string; readonly id?: number }[];
    readonly users: readonly ImageUser[];
    /** Units that start by themselves, by the unit that wants or requires them. */
    readonly enabled: Readonly<Record<string, readonly string[]>>;
    /** Units that a container does not need. */
    readonly masked: readonly string[];
    readonly directories: readonly string[];
    /** Symbolic links: path to target. An npm package can't carry them. */
    readonly links: Readonly<Record<string, string>>;
    /** Modes other than 0644 and 0755. */
    readonly modes: Readonly<Record<string, number>>;
    /** Files and directories that Debian brings and a machine must not have or does not need. */
    readonly removed: readonly string[];
    /** Where the programs of each Go module are put. */
    readonly programs: Readonly<Partial<Record<GoModule, Readonly<Record<string, string>>>>>;
}

/** A user of the image. */
export interface ImageUser {
    readonly name: string;
    readonly id: number;
    readonly group: string;
    readonly groups: readonly string[];
    readonly home: string;
    readonly shell: string;
}

/** Where Debian packages come from, unless `$PULUMI_COREOS_DEBIAN_MIRROR` names another place. */
const DEFAULT_MIRROR = "http://deb.debian.org/debian";

/** The image of the local machines: Debian, plus what Flatcar has and cloud-config may touch. */
export function imageRecipe(): ImageRecipe {
    return {
        revision: 1,
        suite: "bookworm",
        mirror: process.env["PULUMI_COREOS_DEBIAN_MIRROR"] || DEFAULT_MIRROR,
        packages: [
            "systemd",
            "systemd-sysv",
            "dbus",
            "iproute2",
            "iputils-ping",
            "openssh-server",
            "curl",
            "ca-certificates",
            "procps",
            "netbase",
            "sudo",
            "less",
        ],
        groups: [
            { name: "core", id: 500 },
            { name: "etcd", id: 232 },
            { name: "fleet", id: 248 },
            { name: "docker", id: 233 },
            { name: "wheel" },
            { name: "rkt" },
        ],
        users: [
            {
                name: "core",
                id: 500,
                group: "core",
                groups: ["fleet", "docker", "wheel", "sudo", "systemd-journal"],
                home: "/home/core",
                shell: "/bin/bash",
            },
            {
                name: "etcd",
                id: 232,
                group: "etcd",
                groups: [],
                home: "/var/lib/etcd",
                shell: "/usr/sbin/nologin",
            },
            {
                name: "fleet",
                id: 248,
                group: "fleet",
                groups: ["systemd-journal"],
                home: "/var/lib/fleet",
                shell: "/usr/sbin/nologin",
            },
        ],
        enabled: {
            "multi-user.target.wants": ["oem-cloudinit.service", "systemd-networkd.service"],
            "network-online.target.wants": ["systemd-networkd-wait-online.service"],
            "ssh.service.requires": ["sshd-keygen.service"],
        },
        masked: [
            "apt-daily-upgrade.timer",
            "apt-daily.timer",
            "console-getty.service",
            "dev-hugepages.mount",
            "dpkg-db-backup.timer",
            "e2scrub_all.timer",
            "e2scrub_reap.service",
            "fstrim.timer",
            "getty.target",
            "remote-fs.target",
            "sys-kernel-debug.mount",
            "sys-kernel-tracing.mount",
            "systemd-firstboot.service",
            "systemd-hwdb-update.service",
            "systemd-pstore.service",
            "systemd-random-seed.service",
            "systemd-sysusers.service",
            "systemd-udev-trigger.service",
            "systemd-udevd.service",
            "systemd-update-utmp-runlevel.service",
            "systemd-update-utmp.service",
        ],
        directories: ["etc/flatcar", "media/configdrive", "opt/bin", "var/log/journal"],
        links: {
            "etc/coreos": "flatcar",
            "etc/systemd/system/default.target": "/lib/systemd/system/multi-user.target",
            "usr/share/coreos": "flatcar",
        },
        modes: { "etc/sudoers.d/core": 0o440 },
        removed: [
            "etc/hostname",
            "etc/machine-id",
            "etc/resolv.conf",
            "etc/ssh/ssh_host_ecdsa_key",
            "etc/ssh/ssh_host_ecdsa_key.pub",
            "etc/ssh/ssh_host_ed25519_key",
            "etc/ssh/ssh_host_ed25519_key.pub",
            "etc/ssh/ssh_host_rsa_key",
            "etc/ssh/ssh_host_rsa_key.pub",
            // logind then starts when somebody asks for it, not at every boot.
            "usr/lib/systemd/system/multi-user.target.wants/systemd-logind.service",
            "usr/share/doc",
            "usr/share/locale",
            "usr/share/man",
            "var/cache/apt",
            "var/lib/apt/lists",
            "var/lib/dbus/machine-id",
        ],
        programs: {
            etcd: { etcd: "opt/bin/etcd", etcdctl: "opt/bin/etcdctl" },
            fleet: { fleetd: "opt/bin/fleetd", fleetctl: "opt/bin/fleetctl" },
            "coreos-cloudinit": { "coreos-cloudinit": "usr/bin/coreos-cloudinit" },
        },
    };
}

/** The image's name: a hash of its recipe, of the files added to it and of its programs. */
export function imageId(recipe: ImageRecipe = imageRecipe()): string {
    const modules = imageModules(recipe).map((module) => [module, goModuleHash(module)]);
    return contentHash(toolchainPath("image", "rootfs"), [process.arch, recipe, modules]);
}

/** The Go modules that an image takes programs from. */
export function imageModules(recipe: ImageRecipe): GoModule[] {
    const known: readonly GoModule[] = ["etcd", "fleet", "coreos-cloudinit"];
    return known.filter((module) => recipe.programs[module] !== undefined);
}
