import { parseUnitName } from "../../fleet/index.js";
import { type Part, peerName, peersIn } from "./parts.js";

/** By suffix: the section and the directive that name the unit which is started. */
const starters: Readonly<Record<string, readonly [section: string, directive: string]>> = {
    ".timer": ["Timer", "Unit"],
    ".path": ["Path", "Unit"],
    ".socket": ["Socket", "Service"],
};

/** The peer that a timer, path or socket starts: the one it names, or the service of the same name. */
export function triggeredBy(part: Part): string | undefined {
    const { suffix } = parseUnitName(part.file);
    const starter = starters[suffix];
    if (starter === undefined) {
        return undefined;
    }
    const [section, directive] = starter;
    const own = peerName(part.file);
    return peersIn(part, section, [directive]).at(-1) ?? `${own.slice(0, -suffix.length)}.service`;
}
