import * as pulumi from "@pulumi/pulumi";
import { ARCHITECTURES } from "../binaries/index.js";
import type { ArchiveArgs, ArchivesArgs, ClusterArgs } from "../cluster-args.js";
import type { ArchiveShape, ArchivesShape, BinariesChoice } from "../plan/index.js";
import type { Problem } from "../problem.js";
import { isPlain, knownOr, plainValue, resolved, secretPaths } from "./inputs.js";
import { rejectArguments } from "./reject.js";

/** What was asked for, as the plan takes it while the program runs. */
export interface AskedBinaries {
    readonly choice: BinariesChoice | undefined;
    /** Texts in it that stand for what is not known yet. */
    readonly unknown: ReadonlySet<string>;
}

/** What was asked for, with a name for each text that is not known while the program runs. */
export function binariesToPlan(asked: ClusterArgs["binaries"]): AskedBinaries {
    const unknown = new Set<string>();
    const known = (value: pulumi.Input<string>, name: string): string => {
        const plain = plainValue<string>(value);
        if (plain === undefined && !isPlain(value)) {
            unknown.add(name);
            return name;
        }
        return plain ?? "";
    };
    return { choice: withTexts(asked, known), unknown };
}

/**
 * What was asked for once its texts are known; `undefined` where all were from the beginning. In a preview that does
 * not know one yet, a name stands for it, so that the rest of the text is seen.
 */
export function knownBinaries(
    cluster: string,
    asked: ClusterArgs["binaries"],
): pulumi.Output<BinariesChoice | undefined> | undefined {
    if (binariesToPlan(asked).unknown.size === 0) {
        return undefined;
    }
    const outputs: pulumi.Output<string>[] = [];
    const later = withTexts(asked, (value, name) => {
        outputs.push(knownOr(pulumi.output(value), name));
        return String(outputs.length - 1);
    });
    const looked = secretBinaries(asked).then((problems) => {
        rejectArguments(`Cluster "${cluster}"`, problems);
        return true;
    });
    return pulumi
        .output(looked)
        .apply(() => resolved<string[]>(outputs))
        .apply((texts) => withTexts(later, (index) => texts[Number(index)] ?? ""));
}

/** Where a secret stands among what was asked for: user-data is readable by every process on the machine. */
export async function secretBinaries(asked: ClusterArgs["binaries"]): Promise<Problem[]> {
    const found: Promise<Problem[]>[] = [];
    const allowed =
        "no secret may be in user-data, where it would stand; machines fetch without credentials, " +
        "and the sum keeps what they fetch from being changed";
    const look = async (path: string, value: pulumi.Input<string>): Promise<Problem[]> => {
        const isSecret = (await secretPaths(value)).length > 0;
        return isSecret ? [{ path, given: "a Pulumi secret", allowed }] : [];
    };
    withTexts(asked, (value, name, path) => {
        found.push(look(path, value));
        return name;
    });
    return (await Promise.all(found)).flat();
}

/** A text in the place of one that may not be known: by a name for it, and the path at which it was written. */
type Text = (value: pulumi.Input<string>, name: string, path: string) => string;

/** The same with other texts in it; of what is given for each processor, nothing but that is looked at. */
function withTexts(asked: ClusterArgs["binaries"], text: Text): BinariesChoice | undefined {
    if (typeof asked !== "object" || asked === null) {
        return asked;
    }
    const archive = ({ url, sha256 }: ArchiveArgs, what: string, path: string): ArchiveShape => ({
        ...(url === undefined ? {} : { url: text(url, `<url-of-${what}>`, `${path}.url`) }),
        sha256: text(sha256, `<sha256-of-${what}>`, `${path}.sha256`),
    });
    const archives = (given: ArchivesArgs, what: string): ArchivesShape => {
        const path = `binaries.${what}`;
        const each = ARCHITECTURES.flatMap((architecture) => {
            const one = architecture in given ? Reflect.get(given, architecture) : undefined;
            return one === undefined
                ? []
                : [
                      [
                          architecture,
                          archive(one, `${what}-${architecture}`, `${path}.${architecture}`),
                      ],
                  ];
        });
        return each.length > 0 || !("sha256" in given)
            ? Object.fromEntries(each)
            : archive(given, what, path);
    };
    const { mirror, etcd, fleet } = asked;
    return {
        ...(mirror === undefined ? {} : { mirror }),
        ...(etcd === undefined ? {} : { etcd: archives(etcd, "etcd") }),
        ...(fleet === undefined ? {} : { fleet: archives(fleet, "fleet") }),
    };
}
