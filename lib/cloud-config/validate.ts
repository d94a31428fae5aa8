import { given, type Problem } from "../problem.js";
import { checkFiles } from "./check-files.js";
import { checkSecrets, refused, secretIn } from "./check-secrets.js";
import { checkSections } from "./check-sections.js";
import { checkUnits } from "./check-units.js";
import { checkUsers } from "./check-users.js";
import { checkVariables } from "./check-variables.js";
import { conform } from "./conform.js";
import type { UserDataContext } from "./context.js";
import type { CloudConfig } from "./document.js";
import { parseCloudConfig } from "./parse.js";
import { renderCloudConfig } from "./render.js";
import { checkSize } from "./size.js";
import { textsOf } from "./texts.js";

/**
 * Every problem of a document on such a machine: keys and values that the agent would ignore or
 * refuse, and what it would take but can't mean well: secrets, addresses that the machine does not
 * have, units that start too early, more bytes than the cloud takes.
 */
export function validateCloudConfig(document: CloudConfig, context: UserDataContext): Problem[] {
    const { document: fitting, problems } = conform(document);
    return [
        ...problems,
        ...meaningProblems(fitting, context),
        ...(context.limit === undefined
            ? []
            : checkSize(renderCloudConfig(document), fitting, context)),
    ];
}

/**
 * Every problem of a text as user-data: of its header and its YAML, and all that
 * {@link validateCloudConfig} looks at. A script (`#!`) is looked at for secrets, addresses and size.
 */
export function validateUserData(text: string, context: UserDataContext): Problem[] {
    if (text === "") {
        return [];
    }
    if (text.startsWith("#!")) {
        return [
            ...hiddenSecret(text, []),
            ...checkVariables([{ path: "user-data", text, field: undefined }], context),
            ...checkSize(text, {}, context),
        ];
    }
    if (/^\s*\{/.test(text)) {
        const allowed = "must be a cloud-config: this looks like Ignition's JSON";
        return [{ path: "line 1", given: given(text.split("\n", 1)[0]), allowed }];
    }
    const { document, problems } = parseCloudConfig(text);
    const meaning = meaningProblems(document, context);
    return [
        ...problems,
        ...meaning,
        ...hiddenSecret(text, meaning),
        ...checkSize(text, document, context),
    ];
}

function meaningProblems(document: CloudConfig, context: UserDataContext): Problem[] {
    const texts = textsOf(document);
    return [
        ...checkFiles(document),
        ...checkUsers(document),
        ...checkUnits(document),
        ...checkSections(document),
        ...checkSecrets(document, texts),
        ...checkVariables(texts, context),
    ];
}

/** A secret in a comment, or under a key that is not known. */
function hiddenSecret(text: string, found: readonly Problem[]): Problem[] {
    const secret = secretIn(text);
    const known = found.some((problem) => problem.given === secret);
    return secret === undefined || known ? [] : [refused("user-data", secret)];
}
