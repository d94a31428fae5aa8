/** What a machine has, and what its cloud takes. */
export interface UserDataContext {
    /** The agent knows a public IPv4 address: `$public_ipv4` works. */
    readonly publicIpv4: boolean;
    /** The agent knows a private IPv4 address: `$private_ipv4` works. */
    readonly privateIpv4: boolean;
    /** The agent knows a public IPv6 address: `$public_ipv6` works. Default `false`. */
    readonly publicIpv6?: boolean;
    /** The agent knows a private IPv6 address: `$private_ipv6` works. Default `false`. */
    readonly privateIpv6?: boolean;
    /** Bytes that the cloud takes: see `USER_DATA_LIMITS`. Default: no limit. */
    readonly limit?: number;
    /** The user-data is sent as gzip. Default `false`. */
    readonly gzip?: boolean;
}
