import { environment, type UnitDocument } from "../systemd/index.js";
import { type FailoverSettings, failoverEnvironment } from "./failover.js";

/** The unit that runs fleetd. */
export const FLEET_UNIT = "fleet.service";
/** The socket of fleet's API; fleetd gets it only if it was started first. */
export const FLEET_SOCKET_UNIT = "fleet.socket";

/** What fleetd is told of the machine that it runs on. */
export interface FleetdSettings {
    /** `FLEET_METADATA`, as `renderMetadata` writes it; empty for none. */
    readonly metadata: string;
    /** `FLEET_ETCD_SERVERS`: URL of the etcd on the machine itself. */
    readonly etcdServer: string;
    /** How soon machines count as dead; default as fleet has it. */
    readonly failover?: FailoverSettings;
}

/** `fleet.socket`: the API on a Unix socket for root and the group `core`, and nowhere else. */
export function fleetSocketUnit(): UnitDocument {
    return {
        Unit: { Description: "fleet's API socket", PartOf: FLEET_UNIT },
        Socket: {
            ListenStream: "/run/fleet.sock",
            SocketMode: "0660",
            SocketUser: "root",
            SocketGroup: "core",
        },
    };
}

/** `fleet.service`: fleetd 1.0.0 (fleet: Documentation/deployment-and-configuration.md). */
export function fleetUnit(settings: FleetdSettings): UnitDocument {
    return {
        Unit: {
            Description: "fleet daemon",
            Documentation: "https://github.com/coreos/fleet",
            Requires: FLEET_SOCKET_UNIT,
            Wants: "etcd.service",
            After: [FLEET_SOCKET_UNIT, "etcd.service"],
            StartLimitIntervalSec: 0,
        },
        Service: {
            Environment: environment({
                FLEET_PUBLIC_IP: "$private_ipv4",
                FLEET_ETCD_SERVERS: settings.etcdServer,
                ...(settings.metadata === "" ? {} : { FLEET_METADATA: settings.metadata }),
                ...failoverEnvironment(settings.failover ?? {}),
            }),
            // After a crash fleetd would wait for its own old entry to expire. Nobody else has this machine's id.
            ExecStartPre:
                "-/usr/bin/curl --silent --max-time 3 --output /dev/null --request DELETE " +
                `${settings.etcdServer}/v2/keys/_coreos.com/fleet/machines/%m/object`,
            ExecStart: "/opt/bin/fleetd",
            Restart: "always",
            RestartSec: 1,
        },
    };
}
