import { CHECK_TIMEOUT } from "./check-unit.js";
import type { CheckShape, RolloutShape } from "./declared.js";

/** A check with its defaults, ports as texts. */
export interface CheckSettings {
    readonly http?: { readonly port: string; readonly path: string };
    readonly tcp?: { readonly port: string };
    readonly command?: string;
    readonly timeout: number;
}

/** What is checked before an instance counts as done. */
export function checkSettings({ http, tcp, command, timeout }: CheckShape): CheckSettings {
    return {
        ...(http === undefined
            ? {}
            : { http: { port: String(http.port), path: http.path ?? "/" } }),
        ...(tcp === undefined ? {} : { tcp: { port: String(tcp.port) } }),
        ...(command === undefined ? {} : { command }),
        timeout: timeout ?? CHECK_TIMEOUT,
    };
}

/** A rollout with its defaults. */
export function rolloutSettings(rollout: RolloutShape = {}): Required<RolloutShape> {
    const { parallel = 1, onFailure = "stop", settle = 1 } = rollout;
    return { parallel, onFailure, settle };
}
