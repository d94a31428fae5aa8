import type { Section } from "./section.js";
import type {
    InstallSection,
    MountSection,
    PathSection,
    ServiceSection,
    SocketSection,
    TimerSection,
    UnitSection,
} from "./sections.js";

/**
 * A unit file as data: sections and directives under systemd's own names, in the order in which they
 * are written. Further sections are allowed; systemd ignores those whose name begins with `X-`.
 */
export interface UnitDocument {
    /** What holds for units of every type (systemd.unit(5)). */
    readonly Unit?: UnitSection | undefined;
    /** A process (systemd.service(5)). */
    readonly Service?: ServiceSection | undefined;
    /** A socket whose traffic starts a service (systemd.socket(5)). */
    readonly Socket?: SocketSection | undefined;
    /** A time at which a unit is started (systemd.timer(5)). */
    readonly Timer?: TimerSection | undefined;
    /** A path whose change starts a unit (systemd.path(5)). */
    readonly Path?: PathSection | undefined;
    /** A mounted file system (systemd.mount(5)). */
    readonly Mount?: MountSection | undefined;
    /** What enabling the unit links it to (systemd.unit(5)). */
    readonly Install?: InstallSection | undefined;
    readonly [section: string]: Section | undefined;
}
