import type { FleetUnit } from "pulumi-coreos";
import type { WriteFile } from "pulumi-coreos/cloud-config";

/** Port of the demo service. */
export const helloPort = 8080;

/** Answers one HTTP request on standard input and output; bash is all that it needs. */
export const helloProgram: WriteFile = {
    path: "/opt/bin/hello",
    permissions: "0755",
    content: `#!/bin/bash
# A reply before the whole request was read would reset the connection.
while IFS= read -r line && [ "\${line%$'\\r'}" != "" ]; do :; done
body="$GREETING from $INSTANCE on $HOSTNAME"
printf 'HTTP/1.1 200 OK\\r\\nContent-Type: text/plain\\r\\n'
printf 'Content-Length: %d\\r\\nConnection: close\\r\\n\\r\\n%s\\n' $((\${#body} + 1)) "$body"
`,
};

/** The demo: an HTTP service that says which instance it is and where it runs, one instance a machine. */
export const hello: FleetUnit = {
    Unit: { Description: "hello %i" },
    Service: {
        Environment: ["GREETING=hello", "INSTANCE=%p@%i", "HOSTNAME=%H"],
        ExecStart:
            "/usr/bin/systemd-socket-activate --accept --inetd " +
            "--setenv=GREETING --setenv=INSTANCE --setenv=HOSTNAME " +
            `--listen=${helloPort} /opt/bin/hello`,
        Restart: "always",
    },
    "X-Fleet": { Conflicts: "hello@*.service" },
};
