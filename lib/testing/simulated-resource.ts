import type { Account } from "./account.js";
import type { Properties } from "./wire-values.js";

/** What a cloud answers when it makes something: the id, and what it adds to what was asked for. */
export interface Made {
    readonly id: string;
    readonly outputs: Properties;
}

/**
 * One resource type of a simulated cloud. `Inputs` is what the program asks for, `State` what stands in
 * Pulumi's state and in the account.
 */
export interface SimulatedResource<Inputs extends Properties, State extends Properties> {
    /** Folder of the account in which resources of this type are kept. */
    readonly kind: string;
    /** Inputs whose change needs a new resource, as in the real provider. */
    readonly replacedBy: readonly string[];
    /** Further ones, where it depends on what is asked for. */
    alsoReplacedBy?(inputs: Inputs): readonly string[];
    /** What the real provider fills in where the program says nothing. */
    readonly defaults?: Properties;
    /** Whether a name is made up from the resource's own where the program gives none; else the input that is it. */
    readonly named?: boolean | string;
    /** How inputs stand in the state where that is not as they are: a hash of them, for example. */
    stored?(inputs: Inputs): Properties;
    /**
     * Makes it, or refuses as the real API does.
     *
     * @throws ApiError
     */
    create(inputs: Inputs, account: Account): Promise<Made>;
    /** Changes it; answers with what that changes beside the inputs. */
    update?(id: string, state: State, inputs: Inputs, account: Account): Promise<Properties>;
    /** Takes it away; its record is removed afterwards. */
    delete?(id: string, state: State, account: Account): Promise<void>;
    /** Looks at what the rest of the cloud must do now that one was made, changed or removed. */
    changed?(account: Account): Promise<void>;
}

/** A look-up of a simulated cloud. */
export type LookUp = (args: Properties, account: Account) => Promise<Properties>;

/** Everything that a simulated cloud can do, by the provider's own tokens. */
export interface CloudProgram {
    /** The provider's name, as in `pulumi-resource-NAME`. */
    readonly name: string;
    /** The provider's version that it stands in for. */
    readonly version: string;
    readonly resources: Readonly<Record<string, SimulatedResource<Properties, Properties>>>;
    readonly lookUps: Readonly<Record<string, LookUp>>;
}

/** What a real API refuses, in the words in which its provider would pass it on. */
export class ApiError extends Error {
    override name = "ApiError";
    constructor(
        /** What was asked: `POST /v2/droplets`. */
        request: string,
        /** HTTP status. */
        readonly status: number,
        reason: string,
    ) {
        super(`${request}: ${status} ${reason}`);
    }
}
