import assert from "node:assert/strict";
import { test } from "node:test";
import { validateUserData } from "../../lib/cloud-config/index.js";
import { formatProblem } from "../../lib/problem.js";

const machine = { publicIpv4: false, privateIpv4: true };

const reading =
    "user-data can be read by every process on the machine and in the cloud's console; write it to the machine over SSH once it is made";
const headerRule = "must be #cloud-config and nothing else: the agent rejects any other user-data";

/** User-data as people write it, and all that is said about it. */
const mistakes: readonly [title: string, text: string, said: readonly string[]][] = [
    ["a good document", "#cloud-config\nhostname: a\n", []],
    ["trailing blanks and CRLF in the header are fine", "#cloud-config \r\nhostname: a\r\n", []],
    ["nothing at all", "", []],
    ["a script", "#!/bin/sh\necho $private_ipv4\n", []],
    [
        "a header with a space",
        "# cloud-config\nhostname: a\n",
        [`line 1: got "# cloud-config"; ${headerRule}`],
    ],
    ["a header behind a blank line", "\n#cloud-config\n", [`line 1: got ""; ${headerRule}`]],
    ["an indented header", " #cloud-config\n", [`line 1: got " #cloud-config"; ${headerRule}`]],
    [
        "a header with text behind",
        "#cloud-config for web\n",
        [`line 1: got "#cloud-config for web"; ${headerRule}`],
    ],
    ["no header", "hostname: a\n", [`line 1: got "hostname: a"; ${headerRule}`]],
    [
        "Ignition",
        '{"ignition": {"version": "3.0.0"}}',
        [
            'line 1: got "{\\"ignition\\": {\\"version\\": \\"3.0.0\\"}}"; must be a cloud-config: this looks like Ignition\'s JSON',
        ],
    ],
    [
        "a hyphenated key",
        "#cloud-config\ncoreos:\n  update:\n    reboot-strategy: off\n",
        [
            "coreos.update.reboot-strategy: write reboot_strategy, with underscores: Flatcar ignores the key with hyphens and says nothing",
        ],
    ],
    [
        "units at the top level",
        "#cloud-config\nunits:\n  - name: a.service\n",
        ["units: belongs under coreos: coreos.units"],
    ],
    [
        "write_files under coreos",
        "#cloud-config\ncoreos:\n  write_files: []\n",
        ["coreos.write_files: belongs at the top level, not under coreos: write_files"],
    ],
    [
        "a unit's key one level too high",
        "#cloud-config\ncoreos:\n  command: start\n",
        ["coreos.command: belongs to an item of coreos.units"],
    ],
    [
        "a mistyped key",
        "#cloud-config\nhostnme: a\n",
        ["hostnme: unknown key; did you mean hostname?"],
    ],
    [
        "a key unlike any other",
        "#cloud-config\ncoreos:\n  update:\n    channel: beta\n",
        ["coreos.update.channel: unknown key; known are reboot_strategy, group, server"],
    ],
    [
        "keys of the other cloud-init",
        "#cloud-config\nruncmd: [ls]\npackages: [git]\nbootcmd: [ls]\nusers:\n  - name: a\n    sudo: ALL\n",
        [
            "runcmd: not known to coreos-cloudinit; use a unit (coreos.units) or write_files",
            "packages: not known to coreos-cloudinit; use a unit (coreos.units) or write_files",
            "bootcmd: not known to coreos-cloudinit; use a unit (coreos.units) or write_files",
            "users[0].sudo: not known to coreos-cloudinit; change the user by a unit that runs once",
        ],
    ],
    [
        "an unknown reboot strategy",
        "#cloud-config\ncoreos:\n  update:\n    reboot_strategy: never\n",
        ['coreos.update.reboot_strategy: got "never"; must be "etcd-lock", "reboot" or "off"'],
    ],
    [
        "best-effort",
        "#cloud-config\ncoreos:\n  update:\n    reboot_strategy: best-effort\n",
        [
            'coreos.update.reboot_strategy: got "best-effort"; best-effort was removed in coreos-cloudinit 1.14.0: use etcd-lock where etcd runs, else reboot',
        ],
    ],
    [
        "an unknown command",
        "#cloud-config\ncoreos:\n  units:\n    - name: a.service\n      command: run\n",
        [
            'coreos.units[0].command: got "run"; must be "start", "stop", "restart", "reload", "try-restart", "reload-or-restart" or "reload-or-try-restart"',
        ],
    ],
    [
        "bad permissions",
        '#cloud-config\nwrite_files:\n  - path: /a\n    permissions: "u+x"\n  - path: /b\n    permissions: 420\n',
        ['write_files[0].permissions: got "u+x"; must be an octal mode as a text: "0644", "0755"'],
    ],
    [
        "paths that can't be written",
        "#cloud-config\nwrite_files:\n  - path: /usr/bin/a\n  - path: etc/b\n  - path: /etc/../usr/a\n  - path: /etc/a/\n  - path: /usr2\n  - path: /opt//./a\n  - path: /opt/a\n",
        [
            'write_files[1].path: got "etc/b"; must be an absolute path',
            'write_files[0].path: got "/usr/bin/a"; can\'t be under /usr, which is read-only: use /opt, /etc, /var or /home',
            'write_files[2].path: got "/etc/../usr/a"; can\'t be under /usr, which is read-only: use /opt, /etc, /var or /home',
            'write_files[3].path: got "/etc/a/"; must name a file, not a directory',
            'write_files[6].path: got "/opt/a"; stands in write_files[5] already: put both into one',
        ],
    ],
    [
        "content that can't be decoded",
        "#cloud-config\nwrite_files:\n  - {path: /a, encoding: b64, content: '???'}\n  - {path: /b, encoding: gz+b64, content: aGVsbG8=}\n  - {path: /c, encoding: gzip, content: hello}\n  - {path: /d, encoding: xz, content: hello}\n",
        [
            'write_files[3].encoding: got "xz"; must be "base64", "b64", "gz", "gzip", "gz+base64", "gzip+base64", "gz+b64" or "gzip+b64"',
            'write_files[0].content: got "???"; can\'t be decoded as b64; the agent would drop the whole document',
            'write_files[1].content: got "aGVsbG8="; can\'t be decoded as gz+b64; the agent would drop the whole document',
            'write_files[2].content: got "hello"; bare gzip must be given as bytes (!!binary), or use "gzip+base64"',
            'write_files[3].content: got "hello"; can\'t be decoded as xz; the agent would drop the whole document',
        ],
    ],
    [
        "manage_etc_hosts of the other cloud-init",
        "#cloud-config\nmanage_etc_hosts: true\n",
        ['manage_etc_hosts: got "true"; must be "localhost"'],
    ],
    [
        "an address that the machine does not have",
        "#cloud-config\nhostname: a\ncoreos:\n  flannel:\n    public_ip: $public_ipv4\n    interface: $private_ipv4\n",
        [
            "coreos.flannel.public_ip: got $public_ipv4; the machine has no public IPv4 address, and the agent would put nothing there; escape it as \\$public_ipv4 if the text is meant",
        ],
    ],
    ["an escaped variable", "#cloud-config\nusers: [{name: a, gecos: 'x \\$public_ipv4'}]\n", []],
    [
        "a script with an address that the machine does not have",
        "#!/bin/sh\necho $public_ipv6\n",
        [
            "user-data: got $public_ipv6; the machine has no public IPv6 address, and the agent would put nothing there; escape it as \\$public_ipv6 if the text is meant",
        ],
    ],
    [
        "enabled fleet and etcd2",
        "#cloud-config\ncoreos:\n  etcd2: {name: a}\n  units:\n    - {name: etcd2.service, enable: true}\n    - {name: fleet.service, enable: true}\n    - name: app.service\n      enable: true\n      content: |\n        [Unit]\n        Requires=docker.service etcd2.service\n",
        [
            "coreos.etcd2: deprecated key (etcd2 is no longer shipped in Container Linux)",
            'coreos.units[0].enable: got true; at a reboot it would start before coreos.etcd2 is written to /run: use "command: start" alone',
            'coreos.units[2].enable: got true; the unit pulls in etcd2.service, and at a reboot it would start before coreos.etcd2 is written to /run: use "command: start" instead',
        ],
    ],
    [
        "units named twice, or badly",
        "#cloud-config\ncoreos:\n  units:\n    - name: a.service\n    - name: a\n    - name: a.service\n    - {command: start}\n    - {name: b@.service, command: start}\n",
        [
            "coreos.units[3].name: must be given: without it the agent skips the item",
            'coreos.units[1].name: got "a"; must be a unit name with its type: "hello.service"',
            'coreos.units[3].command: got "start"; b@.service is a template: name an instance of it in a further item',
            'coreos.units[2].name: got "a.service"; stands in coreos.units[0] already: put both into one',
        ],
    ],
    [
        "drop-ins with bad names",
        "#cloud-config\ncoreos:\n  units:\n    - name: a.service\n      drop_ins:\n        - {name: 10-a, content: x}\n        - {name: b/10.conf, content: x}\n        - {name: c.conf}\n        - {name: d.conf, content: x}\n        - {name: d.conf, content: y}\n",
        [
            "coreos.units[0].drop_ins[2].content: must be given: without it the agent skips the item",
            'coreos.units[0].drop_ins[0].name: got "10-a"; must be a file name ending in .conf: "10-limits.conf"',
            'coreos.units[0].drop_ins[1].name: got "b/10.conf"; must be a file name ending in .conf: "10-limits.conf"',
            'coreos.units[0].drop_ins[3].name: got "d.conf"; stands in coreos.units[0].drop_ins[2] already: put both into one',
        ],
    ],
    [
        "actions that come to nothing",
        "#cloud-config\ncoreos:\n  units:\n    - {name: a.network, command: start, enable: true}\n    - {name: b.service, mask: true, content: x, command: start}\n",
        [
            'coreos.units[0].command: got "start"; is ignored for a network file; systemd-networkd is restarted',
            "coreos.units[0].enable: got true; is ignored for a network file",
            "coreos.units[1].mask: got true; removes the content that is written just before: give one of them",
            'coreos.units[1].command: got "start"; can\'t be done with a masked unit',
        ],
    ],
    [
        "settings that do not arrive in the environment",
        '#cloud-config\ncoreos:\n  locksmith:\n    group: say "a"\n    endpoint: ""\n    window_start: noon\n    window_length: long\n',
        [
            'coreos.locksmith.window_start: got "noon"; must be a time of day, with a day before it if wanted: "04:00", "Thu 04:00"',
            'coreos.locksmith.group: got "say \\"a\\""; can\'t hold a " nor end in a backslash: the agent writes it between quotes as it is; use a drop-in of your own',
            'coreos.locksmith.endpoint: got ""; is never written: the agent takes it for not set; leave it out',
        ],
    ],
    [
        "etcd2 told twice how to find its members",
        "#cloud-config\ncoreos:\n  etcd2:\n    discovery: discovery.etcd.io/x\n    initial_cluster: a=http://10.0.0.1:2380\n    proxy: readonly\n",
        [
            "coreos.etcd2: deprecated key (etcd2 is no longer shipped in Container Linux)",
            'coreos.etcd2.discovery: got "discovery.etcd.io/x"; must be a URL that begins with http:// or https://',
            "coreos.etcd2: got discovery and initial_cluster; etcd refuses to start with more than one of them: keep one",
        ],
    ],
    [
        "secrets",
        `#cloud-config\nusers:\n  - {name: a, passwd: "$6$salt$${"x".repeat(86)}"}\n  - {name: b, passwd: "*"}\nwrite_files:\n  - path: /a\n    content: |\n      -----BEGIN OPENSSH PRIVATE KEY-----\n  - path: /b\n    encoding: b64\n    content: ${Buffer.from("-----BEGIN PRIVATE KEY-----\n").toString("base64")}\ncoreos:\n  flannel: {etcd_password: hunter2}\n`,
        [
            `users[0].passwd: got a password; ${reading}`,
            `write_files[0].content: got a private key; ${reading}`,
            `coreos.flannel.etcd_password: got a password; ${reading}`,
            `write_files[1].content: got a private key; ${reading}`,
        ],
    ],
    [
        "a secret in a comment",
        "#cloud-config\n# -----BEGIN RSA PRIVATE KEY-----\nhostname: a\n",
        [`user-data: got a private key; ${reading}`],
    ],
    [
        "a secret in a script",
        `#!/bin/sh\necho 'core:$1$salt$${"x".repeat(22)}' | chpasswd -e\n`,
        [`user-data: got a password hash; ${reading}`],
    ],
    [
        "keys and users that are none",
        "#cloud-config\nssh_authorized_keys: [ssh-rsa]\nusers:\n  - {name: Web Admin}\n  - name: a\n    ssh_authorized_keys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI a@b', me]\n  - name: a\n",
        [
            'users[0].name: got "Web Admin"; must be a login name: at most 32 of a-z, 0-9, _ and -, not starting with a digit or -',
            'ssh_authorized_keys[0]: got "ssh-rsa"; must be a public key: "ssh-ed25519 AAAA… comment"',
            'users[1].ssh_authorized_keys[1]: got "me"; must be a public key: "ssh-ed25519 AAAA… comment"',
            'users[2].name: got "a"; stands in users[1] already: put both into one',
        ],
    ],
    [
        "wrong types",
        "#cloud-config\nhostname: [a]\ncoreos:\n  units:\n    - hello\n    - {name: a.service, enable: 4}\n  fleet: {verbosity: high}\n  update: off\n",
        [
            'hostname: got ["a"]; must be a text',
            'coreos.units[0]: got "hello"; must be a mapping with keys of name, mask, enable, runtime, command, content, drop_ins',
            "coreos.units[1].enable: got 4; must be true or false",
            "coreos.fleet: deprecated key (fleet is no longer shipped in Container Linux)",
            'coreos.fleet.verbosity: got "high"; must be a whole number',
            "coreos.update: got false; must be a mapping with keys of reboot_strategy, group, server",
        ],
    ],
    [
        "a key twice",
        "#cloud-config\nhostname: a\nhostname: b\n",
        ["line 3: a key that stands here twice: write it once"],
    ],
    [
        "a tab as indent",
        "#cloud-config\ncoreos:\n\tunits: []\n",
        ["line 3: indented by a tab: indent by spaces"],
    ],
    [
        "a second document",
        "#cloud-config\nhostname: a\n---\nhostname: b\n",
        ["line 3: begins a second document, which the agent never reads"],
    ],
    [
        "a host name that is none",
        "#cloud-config\nhostname: my_host\n",
        [
            'hostname: got "my_host"; must be a host name: at most 64 letters, digits, - and ., no part of it longer than 63',
        ],
    ],
    [
        "a list as the document",
        "#cloud-config\n- a\n",
        [
            'document: got ["a"]; must be a mapping with keys of hostname, manage_etc_hosts, ssh_authorized_keys, users, write_files, coreos',
        ],
    ],
];

for (const [title, text, said] of mistakes) {
    test(title, () => {
        assert.deepEqual(validateUserData(text, machine).map(formatProblem), said);
    });
}
