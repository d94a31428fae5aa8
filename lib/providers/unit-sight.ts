import type { FleetApiUnit, FleetUnitState } from "../clients/fleet.js";
import type { Properties } from "./unit-show.js";
import { isStartedFrom, judge } from "./unit-status.js";
import type { WantedUnit } from "./wanted-unit.js";

/** What fleet can't place. */
export interface Unplaceable {
    /** The reason by the unit's name. */
    readonly reasons: ReadonlyMap<string, string>;
    /** Whether fleet has every machine of the cluster in its list. */
    readonly isWhole: boolean;
}

/** What is known of a unit on one machine. */
export interface Place {
    readonly machineId: string;
    /** The machine's name. */
    readonly machine: string;
    /** fleet's word, which comes a second or more late. */
    readonly state?: FleetUnitState;
    /** systemd's word, where the machine can be reached. */
    readonly shown?: Properties;
}

/** What is known of a unit. */
export interface UnitFacts {
    /** As fleet's registry has it. */
    readonly registered?: FleetApiUnit;
    /** The machines on which it should be. */
    readonly places: readonly Place[];
}

/** What a look at a unit found. `on` is the place that it is about. */
export type Sight =
    | { readonly kind: "done" }
    /** fleet has yet to do its part. */
    | { readonly kind: "fleet"; readonly seen: string; readonly on?: Place }
    /** fleet has not given it to a machine. */
    | { readonly kind: "unplaced" }
    /** What systemd says is about a text before: it was not started since its text was written. */
    | { readonly kind: "early"; readonly otherwise: Sight; readonly on: Place }
    /** systemd is at it. `left` is the seconds for which it has yet to stay as it is, where that is all. */
    | {
          readonly kind: "systemd";
          readonly seen: string;
          readonly on: Place;
          readonly left?: number;
      }
    /** It does not run: it is about to be started, or has ended. `isFine` where that is what such a unit does. */
    | { readonly kind: "inactive"; readonly isFine: boolean; readonly on: Place }
    | { readonly kind: "failed"; readonly why: string; readonly on: Place };

/** Tells how far a unit is from what it should be. Of several places the one that is furthest from it counts. */
export function sightOf(wanted: WantedUnit, facts: UnitFacts, settle: number): Sight {
    if (wanted.state === "inactive") {
        const [place] = facts.places;
        return place === undefined && facts.registered?.machineID === undefined
            ? { kind: "done" }
            : {
                  kind: "fleet",
                  seen: `still on ${place?.machine ?? "its machine"}`,
                  ...(place === undefined ? {} : { on: place }),
              };
    }
    if (facts.places.length === 0) {
        // A global unit that no machine may run is nowhere amiss.
        return wanted.isGlobal ? { kind: "done" } : { kind: "unplaced" };
    }
    const look = wanted.state === "loaded" ? loaded : running;
    const sights = facts.places.map((place) => look(wanted, place, facts, settle));
    const order: readonly Sight["kind"][] = [
        "failed",
        "inactive",
        "fleet",
        "early",
        "systemd",
        "done",
    ];
    return (
        order.flatMap((kind) => sights.filter((sight) => sight.kind === kind))[0] ?? {
            kind: "done",
        }
    );
}

function running(wanted: WantedUnit, place: Place, _facts: UnitFacts, settle: number): Sight {
    const { state, shown, machine } = place;
    if (shown === undefined) {
        if (state?.hash !== wanted.hash) {
            return onItsWay(place);
        }
        return state.systemdActiveState === "active"
            ? { kind: "done" }
            : { kind: "systemd", seen: `${described(state)} on ${machine}`, on: place };
    }
    if (shown["sha1"] !== wanted.hash) {
        return onItsWay(place);
    }
    const isAttempted = isStartedFrom(shown, wanted.hash);
    if (!isAttempted && state?.hash !== wanted.hash) {
        return onItsWay(place);
    }
    const verdict = judge(shown, settle);
    const sight = ((): Sight => {
        switch (verdict.kind) {
            case "runs":
                return { kind: "done" };
            case "failed":
                return { kind: "failed", why: verdict.why, on: place };
            case "inactive":
                return { kind: "inactive", isFine: verdict.isFine, on: place };
            case "waits":
                return {
                    kind: "systemd",
                    seen: `${verdict.seen} on ${machine}`,
                    on: place,
                    ...(verdict.left === undefined ? {} : { left: verdict.left }),
                };
        }
    })();
    const isAbout = sight.kind === "done" || sight.kind === "failed";
    return isAbout && !isAttempted ? { kind: "early", otherwise: sight, on: place } : sight;
}

function loaded(wanted: WantedUnit, place: Place, { registered }: UnitFacts): Sight {
    const { state, shown, machine } = place;
    const hasText = (shown === undefined ? state?.hash : shown["sha1"]) === wanted.hash;
    const isTaken = wanted.isGlobal || registered?.currentState === "loaded";
    if (!hasText) {
        return onItsWay(place);
    }
    if (!isTaken) {
        return { kind: "fleet", seen: `not yet loaded on ${machine}`, on: place };
    }
    const active = shown?.["ActiveState"] ?? state?.systemdActiveState;
    const known = shown?.["LoadState"] ?? state?.systemdLoadState;
    if (known !== "loaded") {
        return { kind: "fleet", seen: `systemd on ${machine} says ${known}`, on: place };
    }
    return wanted.isTriggered || active === "inactive" || active === "failed"
        ? { kind: "done" }
        : { kind: "systemd", seen: `still ${active} on ${machine}`, on: place };
}

function onItsWay(place: Place): Sight {
    const { state, machine } = place;
    const seen =
        state === undefined
            ? `on its way to ${machine}`
            : `an older text of it is ${described(state)} on ${machine}`;
    return { kind: "fleet", seen, on: place };
}

function described(state: FleetUnitState | undefined): string {
    return `${state?.systemdActiveState} (${state?.systemdSubState})`;
}
