import type { Section, Switch, Texts, TimeSpan } from "./section.js";

/** `[Unit]`, see systemd.unit(5). */
export interface UnitSection extends Section {
    /** A short name for people. */
    readonly Description?: string | undefined;
    /** URIs of documentation, separated by spaces. */
    readonly Documentation?: Texts | undefined;
    /** Units that are started with this one, and whose failure does not matter to it. */
    readonly Wants?: Texts | undefined;
    /** Units that are started with this one, and without which it does not start. */
    readonly Requires?: Texts | undefined;
    /** Like Requires=, but the units must be running already. */
    readonly Requisite?: Texts | undefined;
    /** Like Requires=, and this unit stops whenever one of them stops. */
    readonly BindsTo?: Texts | undefined;
    /** This unit is stopped and restarted with these. */
    readonly PartOf?: Texts | undefined;
    /** Units that can't run on the same machine at the same time: starting one stops the other. */
    readonly Conflicts?: Texts | undefined;
    /** This unit starts before these. */
    readonly Before?: Texts | undefined;
    /** This unit starts after these. */
    readonly After?: Texts | undefined;
    /** Units that are started when this one fails. */
    readonly OnFailure?: Texts | undefined;
    /** Paths whose mounts this unit needs, separated by spaces. */
    readonly RequiresMountsFor?: Texts | undefined;
    /** Whether the usual dependencies on basic system targets are added. Default true. */
    readonly DefaultDependencies?: Switch | undefined;
    /** Start only if this path exists (`!` before it: does not exist). */
    readonly ConditionPathExists?: Texts | undefined;
    /** Start only if this file is there with a size above zero. */
    readonly ConditionFileNotEmpty?: Texts | undefined;
    /** Start only if this directory exists and has entries. */
    readonly ConditionDirectoryNotEmpty?: Texts | undefined;
    /** The window in which StartLimitBurst= counts; 0 switches the limit off. */
    readonly StartLimitIntervalSec?: TimeSpan | undefined;
    /** How many starts are allowed within StartLimitIntervalSec=. */
    readonly StartLimitBurst?: number | string | undefined;
}

/** Directives shared by the units that run processes: systemd.exec(5), systemd.kill(5) and others. */
export interface ExecSection extends Section {
    /** The user that the processes run as. */
    readonly User?: string | undefined;
    /** The group that the processes run as. */
    readonly Group?: string | undefined;
    /** An absolute path, or `~`; with a `-` before it the path may be missing. */
    readonly WorkingDirectory?: string | undefined;
    /** Assignments `KEY=value`, separated by spaces and quoted where needed. */
    readonly Environment?: Texts | undefined;
    /** Absolute path of a file of assignments; with a `-` before it the file may be missing. */
    readonly EnvironmentFile?: Texts | undefined;
    /** `null`, `socket`, `file:PATH`, `data`… Default `null`. */
    readonly StandardInput?: string | undefined;
    /** `journal`, `null`, `inherit`, `file:PATH`… */
    readonly StandardOutput?: string | undefined;
    /** As `StandardOutput`. Default `inherit`: where the output goes. */
    readonly StandardError?: string | undefined;
    /** The name under which the journal keeps the output. */
    readonly SyslogIdentifier?: string | undefined;
    /** The largest number of open files. */
    readonly LimitNOFILE?: number | string | undefined;
    /** Directories below /run, made before the start and removed after the stop. */
    readonly RuntimeDirectory?: Texts | undefined;
    /** Directories below /var/lib, made before the start. */
    readonly StateDirectory?: Texts | undefined;
    /** Credentials `NAME:PATH` that the processes find below `$CREDENTIALS_DIRECTORY`. */
    readonly LoadCredential?: Texts | undefined;
    /** Memory above which the unit's processes are killed: bytes, `64M`, or `25%` of the machine's. */
    readonly MemoryMax?: string | number | undefined;
    /** Memory above which the unit's processes are slowed down; as MemoryMax. */
    readonly MemoryHigh?: string | number | undefined;
    /** Memory that is taken from the unit's processes last; as MemoryMax. */
    readonly MemoryLow?: string | number | undefined;
    /** Swap that the unit's processes may use; as MemoryMax. */
    readonly MemorySwapMax?: string | number | undefined;
    /** CPU time in per cent of one core: `50%`. */
    readonly CPUQuota?: string | undefined;
    /** The share of CPU time where it is short: 1 to 10000, or `idle`. Default 100. */
    readonly CPUWeight?: string | number | undefined;
    /** Processors on which the unit's processes may run: `0-2 4`. */
    readonly AllowedCPUs?: string | number | undefined;
    /** The share of disk access where it is short: 1 to 10000. Default 100. */
    readonly IOWeight?: string | number | undefined;
    /** The largest number of processes and threads, or a share of the machine's limit. */
    readonly TasksMax?: string | number | undefined;
    /** Which processes are signalled when the unit stops. */
    readonly KillMode?: "control-group" | "mixed" | "process" | "none" | undefined;
    /** The signal that is sent first. Default SIGTERM. */
    readonly KillSignal?: string | number | undefined;
}

/** `[Service]`, see systemd.service(5). */
export interface ServiceSection extends ExecSection {
    /** When the service counts as started. Default `simple`. `notify-reload` needs systemd 253. */
    readonly Type?:
        | "simple"
        | "exec"
        | "forking"
        | "oneshot"
        | "dbus"
        | "notify"
        | "notify-reload"
        | "idle"
        | undefined;
    /** The command line that is the service. More than one only with `Type=oneshot`. */
    readonly ExecStart?: Texts | undefined;
    /** Commands that run before ExecStart=. */
    readonly ExecStartPre?: Texts | undefined;
    /** Commands that run after the service has started. */
    readonly ExecStartPost?: Texts | undefined;
    /** Commands that decide whether the service starts at all. */
    readonly ExecCondition?: Texts | undefined;
    /** Commands that make the service read its configuration again. */
    readonly ExecReload?: Texts | undefined;
    /** Commands that stop the service. */
    readonly ExecStop?: Texts | undefined;
    /** Commands that run after the service has stopped or failed. */
    readonly ExecStopPost?: Texts | undefined;
    /** When systemd starts the service again by itself. Default `no`. */
    readonly Restart?:
        | "no"
        | "always"
        | "on-success"
        | "on-failure"
        | "on-abnormal"
        | "on-abort"
        | "on-watchdog"
        | undefined;
    /** The pause before a restart. Default 100 ms. */
    readonly RestartSec?: TimeSpan | undefined;
    /** How long a start may take; 0 or `infinity` for no limit. */
    readonly TimeoutStartSec?: TimeSpan | undefined;
    /** How long a stop may take before the processes are killed. */
    readonly TimeoutStopSec?: TimeSpan | undefined;
    /** Whether the service stays active after its processes have ended. */
    readonly RemainAfterExit?: Switch | undefined;
    /** Absolute path of the file with the main process's id, for `Type=forking`. */
    readonly PIDFile?: string | undefined;
    /** The name on the bus, for `Type=dbus`. */
    readonly BusName?: string | undefined;
    /** Which processes may send notifications. */
    readonly NotifyAccess?: "none" | "main" | "exec" | "all" | undefined;
    /** How often the service must report, or it counts as hanging. */
    readonly WatchdogSec?: TimeSpan | undefined;
    /** Exit codes and signals that count as success beside 0. */
    readonly SuccessExitStatus?: Texts | number | undefined;
}

/** `[Socket]`, see systemd.socket(5). */
export interface SocketSection extends ExecSection {
    /** Port, address and port, or absolute path of a stream socket. */
    readonly ListenStream?: Texts | number | readonly number[] | undefined;
    /** Port, address and port, or absolute path of a datagram socket. */
    readonly ListenDatagram?: Texts | number | readonly number[] | undefined;
    /** Absolute path of a FIFO. */
    readonly ListenFIFO?: Texts | undefined;
    /** Whether each connection gets an instance of its own. */
    readonly Accept?: Switch | undefined;
    /** The service that takes the traffic. Default: the one of the same name. */
    readonly Service?: string | undefined;
    /** Owner of the socket's file. Default root. */
    readonly SocketUser?: string | undefined;
    /** Group of the socket's file. Default root. */
    readonly SocketGroup?: string | undefined;
    /** Access mode of the socket's file, in octal. */
    readonly SocketMode?: string | undefined;
}

/** `[Timer]`, see systemd.timer(5). */
export interface TimerSection extends Section {
    /** Calendar times: `daily`, `Mon *-*-* 04:00:00` (systemd.time(7)). */
    readonly OnCalendar?: Texts | undefined;
    /** So long after boot. */
    readonly OnBootSec?: TimeSpan | undefined;
    /** So long after the timer itself was started. */
    readonly OnActiveSec?: TimeSpan | undefined;
    /** So long after the unit was last started. */
    readonly OnUnitActiveSec?: TimeSpan | undefined;
    /** So long after the unit last stopped. */
    readonly OnUnitInactiveSec?: TimeSpan | undefined;
    /** How late the timer may fire. Default one minute. */
    readonly AccuracySec?: TimeSpan | undefined;
    /** A random delay up to this, chosen for each run. */
    readonly RandomizedDelaySec?: TimeSpan | undefined;
    /** Whether a run that was missed while the machine was off is caught up with. */
    readonly Persistent?: Switch | undefined;
    /** What is started. Default: the service of the same name. */
    readonly Unit?: string | undefined;
}

/** `[Path]`, see systemd.path(5). */
export interface PathSection extends Section {
    /** Start the unit when this path exists. */
    readonly PathExists?: Texts | undefined;
    /** Start the unit when something matches this glob. */
    readonly PathExistsGlob?: Texts | undefined;
    /** Start the unit when this file was changed and closed. */
    readonly PathChanged?: Texts | undefined;
    /** Start the unit at every write to this file. */
    readonly PathModified?: Texts | undefined;
    /** Start the unit when this directory has entries. */
    readonly DirectoryNotEmpty?: Texts | undefined;
    /** Whether a watched directory is made first. */
    readonly MakeDirectory?: Switch | undefined;
    /** What is started. Default: the service of the same name. */
    readonly Unit?: string | undefined;
}

/** `[Mount]`, see systemd.mount(5). The unit's name is the escaped path of `Where`. */
export interface MountSection extends ExecSection {
    /** The device, file or other source that is mounted. */
    readonly What?: string | undefined;
    /** Absolute path of the mount point. */
    readonly Where?: string | undefined;
    /** The type of the file system. */
    readonly Type?: string | undefined;
    /** Mount options, separated by commas. */
    readonly Options?: string | undefined;
    /** How long the mount may take. */
    readonly TimeoutSec?: TimeSpan | undefined;
}

/** `[Install]`, see systemd.unit(5). Read by `systemctl enable`, and by fleet. */
export interface InstallSection extends Section {
    /** Targets that pull this unit in. */
    readonly WantedBy?: Texts | undefined;
    /** Targets that need this unit. */
    readonly RequiredBy?: Texts | undefined;
    /** Further names of the unit. */
    readonly Alias?: Texts | undefined;
    /** Units that are enabled and disabled with this one. */
    readonly Also?: Texts | undefined;
    /** The instance that is enabled when a template is enabled without one. */
    readonly DefaultInstance?: string | undefined;
}
