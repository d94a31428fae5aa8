import * as pulumi from "@pulumi/pulumi";
import {
    type DeclaredService,
    type Marks,
    machinesOfMain,
    planService,
    renderFiles,
    type ServicePlan,
    type ServiceTexts,
    unknownServiceKeys,
    validateDeclaration,
    validateService,
} from "../plan/service/index.js";
import type { PlannedMachine } from "../plan/shape.js";
import type { Problem } from "../problem.js";
import type { ServiceArgs } from "../service-args.js";
import { type DeepInput, knownOr, plainValue, resolved, secretPaths } from "./inputs.js";
import { asAWhole, inPart, knownTexts, lateNames, latePaths } from "./known-texts.js";
import { registerUnits } from "./placement-registry.js";
import { rejectArguments } from "./reject.js";

/** Stands in a preview for the version of secrets that are not known yet. */
const LATER = "<known after the update>";

/** The unit files of a service, of which any part may be a Pulumi input. */
export class DeclaredTexts {
    private readonly subject: string;
    private readonly texts: DeepInput<ServiceTexts>;
    /** Absent where a part of it is not known yet. */
    private readonly plain: ServicePlan | undefined;
    private readonly options: Omit<DeclaredService, keyof ServiceTexts>;

    constructor(
        name: string,
        private readonly args: ServiceArgs,
        private readonly machines: readonly PlannedMachine[],
    ) {
        this.subject = `Service "${name}"`;
        const { unit, units, instances, environment, dropIns } = args;
        const { state, check, rollout, stopDelay, secrets } = args;
        this.options = {
            name,
            ...(secrets === undefined ? {} : { secrets: Object.keys(secrets) }),
            ...(state === undefined ? {} : { state }),
            ...(check === undefined ? {} : { check }),
            ...(rollout === undefined ? {} : { rollout }),
            ...(stopDelay === undefined ? {} : { stopDelay }),
        };
        this.texts = {
            unit,
            ...(units === undefined ? {} : { units }),
            ...(instances === undefined ? {} : { instances }),
            ...(environment === undefined ? {} : { environment }),
            ...(dropIns === undefined ? {} : { dropIns }),
        };
        const plain = plainValue<ServiceTexts>(this.texts);
        this.plain = plain === undefined ? undefined : this.planOf(plain);
    }

    /** What is wrong, as far as it is known while the program runs. */
    problems(): Problem[] {
        const late = lateNames(this.args).map((path) => ({
            path,
            given: "an output",
            allowed: "must be known while the program runs; only texts and values may be outputs",
        }));
        const unknown = unknownServiceKeys(this.args).filter(
            ({ path }) => !late.some((one) => path.startsWith(`${one.path}.`)),
        );
        if (unknown.length + late.length > 0) {
            return [...unknown, ...late];
        }
        if (this.plain !== undefined) {
            return validateService(this.plain, this.machines);
        }
        const paths = latePaths(this.args);
        return validateDeclaration(this.planOf(knownTexts(this.args, asAWhole))).filter(
            ({ path }) => !paths.some((at) => path === at || path.startsWith(`${at}.`)),
        );
    }

    /** Names of the service's files and units, the same whatever is not known yet. */
    plan(): ServicePlan {
        return this.plain ?? this.planOf(knownTexts(this.args, inPart));
    }

    /**
     * Text of each file. What was not known while the program ran is checked as soon as it is; and nothing is made
     * before the units of all services are looked at together.
     */
    files(
        { files }: ServicePlan,
        owner: string,
        secrets?: pulumi.Output<string>,
    ): Record<string, pulumi.Output<string>> {
        const { plain } = this;
        const version = secrets === undefined ? pulumi.output("") : knownOr(secrets, LATER);
        const register = (plan: ServicePlan) =>
            version.apply((text) =>
                this.registered(plan, { owner, ...(text === "" ? {} : { secrets: text }) }),
            );
        const texts =
            plain === undefined
                ? pulumi.output(this.rejectSecrets().then(() => true)).apply(() =>
                      resolved<ServiceTexts>(this.texts).apply((known) => {
                          const plan = this.planOf(known);
                          rejectArguments(this.subject, validateService(plan, this.machines));
                          return register(plan);
                      }),
                  )
                : register(plain);
        return Object.fromEntries(
            files.map(({ name }) => [name, texts.apply((all) => all[name] ?? "")]),
        );
    }

    /** Names of the machines on which the main unit may run: all, where it is not known what it asks for. */
    machinesOfMain(): string[] {
        const { plain, machines } = this;
        return plain === undefined
            ? machines.map(({ name }) => name)
            : machinesOfMain(plain, machines);
    }

    private async registered(plan: ServicePlan, marks: Marks): Promise<Record<string, string>> {
        const files = renderFiles(plan, marks);
        const units = plan.units.map(({ name, part, file }) => ({
            name,
            unit: files.get(file)?.unit ?? {},
            path: part.path,
        }));
        await registerUnits(this.args.cluster, this.options.name, units, this.machines);
        return Object.fromEntries(Array.from(files, ([name, { text }]) => [name, text]));
    }

    private planOf(texts: ServiceTexts): ServicePlan {
        return planService({ ...this.options, ...texts });
    }

    /** fleet shows a unit's text to whoever reaches etcd or a machine: no secret may be in it. */
    private async rejectSecrets(): Promise<void> {
        const paths = await secretPaths(this.texts);
        const problems = paths.map((path) => ({
            path,
            given: "a Pulumi secret",
            allowed:
                "no secret may be in a unit, which everybody on the machines and in etcd can read; " +
                "give it in `secrets`, and the program finds it in $CREDENTIALS_DIRECTORY",
        }));
        rejectArguments(this.subject, problems);
    }
}
