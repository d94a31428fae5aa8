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
    readonly Unit?: UnitSection | undefined;
    readonly Service?: ServiceSection | undefined;
    readonly Socket?: SocketSection | undefined;
    readonly Timer?: TimerSection | undefined;
    readonly Path?: PathSection | undefined;
    readonly Mount?: MountSection | undefined;
    readonly Install?: InstallSection | undefined;
    readonly [section: string]: Section | undefined;
}
