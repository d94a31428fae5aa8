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
    validatePlacement,
    validateService,
} from "../plan/service/index.js";
import type { Problem } from "../problem.js";
import type { ServiceArgs } from "../service-args.js";
import { type DeepInput, knownOr, plainValue, resolved, secretPaths } from "./inputs.js";
import { asAWhole, inPart, knownTexts, lateNames, latePaths } from "./known-texts.js";
import { registerUnits } from "./placement-registry.js";
import { rejectArguments } from "./reject.js";
import { knownPlaces, type Places, placesOf } from "./service-places.js";

/** Stands in a preview for the version of secrets that are not known yet. */
const LATER = "<known after the update>";

/** The unit files of a service, of which any part may be a Pulumi input. */
export class DeclaredTexts {
    private readonly subject: string;
    private readonly texts: DeepInput<ServiceTexts>;
    /** Absent where a part of it is not known yet. */
    private readonly plain: ServicePlan | undefined;
    private readonly options: Omit<DeclaredService, keyof ServiceTexts>;
    private readonly places: Places | pulumi.Output<Places>;
    private judged: pulumi.Output<Places> | undefined;

    constructor(
        name: string,
        private readonly args: ServiceArgs,
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
        this.places = placesOf(args.cluster);
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
        const { plain, placesNow } = this;
        const place = placesNow?.problems ?? [];
        if (unknown.length + late.length > 0) {
            return [...place, ...unknown, ...late];
        }
        if (plain !== undefined) {
            return [...place, ...validateService(plain, placesNow?.machines)];
        }
        const paths = latePaths(this.args);
        const declared = validateDeclaration(this.planOf(knownTexts(this.args, asAWhole))).filter(
            ({ path }) => !paths.some((at) => path === at || path.startsWith(`${at}.`)),
        );
        return [...place, ...declared];
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
                          const machines = this.placesNow?.machines;
                          rejectArguments(this.subject, validateService(plan, machines));
                          return register(plan);
                      }),
                  )
                : register(plain);
        return Object.fromEntries(
            files.map(({ name }) => [name, texts.apply((all) => all[name] ?? "")]),
        );
    }

    /** Names of the machines on which the main unit may run: all, where it is not known what it asks for. */
    machinesOfMain(): pulumi.Input<readonly string[]> {
        const { plain, placesNow } = this;
        const names = ({ machines }: Places) =>
            plain === undefined
                ? machines.map(({ name }) => name)
                : machinesOfMain(plain, machines);
        return placesNow === undefined ? this.placesLater.apply(names) : names(placesNow);
    }

    private get placesNow(): Places | undefined {
        return pulumi.Output.isInstance(this.places) ? undefined : this.places;
    }

    /** Places that become known later: the service is judged then, before anything of it is made. */
    private get placesLater(): pulumi.Output<Places> {
        const { plain, subject, places } = this;
        this.judged ??= pulumi.output(places).apply((later) => {
            rejectArguments(subject, later.problems);
            if (plain !== undefined) {
                rejectArguments(subject, validatePlacement(plain, later.machines));
            }
            return later;
        });
        return this.judged;
    }

    private registered(plan: ServicePlan, marks: Marks): pulumi.Output<Record<string, string>> {
        const files = renderFiles(plan, marks);
        const units = plan.units.map(({ name, part, file }) => ({
            name,
            unit: files.get(file)?.unit ?? {},
            path: part.path,
        }));
        const texts = Object.fromEntries(Array.from(files, ([name, { text }]) => [name, text]));
        const { cluster } = this.args;
        const registered = async (places: Places | undefined): Promise<Record<string, string>> => {
            if (places !== undefined) {
                await registerUnits(cluster, this.options.name, units, places.machines);
            }
            return texts;
        };
        const { placesNow } = this;
        if (placesNow !== undefined) {
            return pulumi.output(registered(placesNow));
        }
        return knownPlaces(cluster, this.placesLater).apply((later) => {
            if (later !== undefined && this.plain === undefined) {
                rejectArguments(this.subject, validatePlacement(plan, later.machines));
            }
            return registered(later);
        });
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
