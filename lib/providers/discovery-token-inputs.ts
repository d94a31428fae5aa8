/** What a discovery token is made from. */
export interface DiscoveryTokenInputs extends Record<string, unknown> {
    /** Number of members that the cluster begins with. */
    readonly size: number;
    /** Where it is made; absent for a token that exists already. */
    readonly endpoint?: string;
    /** The token that exists already. */
    readonly url?: string;
}

/** What is remembered of a discovery token. */
export interface DiscoveryTokenState extends DiscoveryTokenInputs {
    /** For etcd's `--discovery`. */
    readonly url: string;
    /** The last part of its URL. */
    readonly token: string;
}
