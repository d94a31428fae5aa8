export { type Directive, directivesOf, effectiveValues, isSwitchedOn } from "./directives.js";
export type { UnitDocument } from "./document.js";
export { escapeName, escapePath, unescapeName } from "./escape.js";
export { parseUnit } from "./parse.js";
export { environment, escapeSpecifiers, quoteArgument } from "./quote.js";
export { renderUnit } from "./render.js";
export type { DirectiveValue, Scalar, Section, Switch, Texts, TimeSpan } from "./section.js";
export type {
    ExecSection,
    InstallSection,
    MountSection,
    PathSection,
    ServiceSection,
    SocketSection,
    TimerSection,
    UnitSection,
} from "./sections.js";
export { parseUnitName, type UnitName, unitSuffixes, validateUnitName } from "./unit-name.js";
export {
    lineLimit,
    type UnitRules,
    validateDirectives,
    validateForm,
    validateUnit,
} from "./validate.js";
