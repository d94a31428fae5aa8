const killModes = ["control-group", "mixed", "process", "none"];

/** The words that directives take, by section, as of systemd 260. */
const words: Readonly<Record<string, readonly string[]>> = {
    "Service.Type": [
        "simple",
        "exec",
        "forking",
        "oneshot",
        "dbus",
        "notify",
        "notify-reload",
        "idle",
    ],
    "Service.Restart": [
        "no",
        "always",
        "on-success",
        "on-failure",
        "on-abnormal",
        "on-abort",
        "on-watchdog",
    ],
    "Service.RestartMode": ["normal", "direct", "debug"],
    "Service.NotifyAccess": ["none", "main", "exec", "all"],
    "Service.ExitType": ["main", "cgroup"],
    "Service.KillMode": killModes,
    "Socket.KillMode": killModes,
    "Mount.KillMode": killModes,
};

/** The words that systemd takes for a directive; undefined where it takes more than a few words. */
export function allowedWords(section: string, directive: string): readonly string[] | undefined {
    return words[`${section}.${directive}`];
}
