import type { FleetApiUnit, FleetClient, FleetMachine } from "../clients/fleet.js";
import { fromOptions, requirementsOf } from "../fleet/index.js";
import type { MachineSessions } from "./machine-sessions.js";
import { type Properties, readShown, showScript } from "./unit-show.js";
import type { Place, UnitFacts } from "./unit-sight.js";
import type { WantedUnit } from "./wanted-unit.js";

/** Units of which each is asked for by itself; above, the whole list is fetched. */
export const FEW = 12;
/** Units that one command on a machine shows. */
const CHUNK = 40;

/** Looks at many units at once: one question to fleet, one to the systemd of each machine. */
export class UnitLook {
    /** When systemd was last asked, in milliseconds since the epoch. */
    askedAt = Date.now();

    constructor(
        private readonly fleet: FleetClient,
        private readonly sessions: MachineSessions,
    ) {}

    /**
     * What is known of each unit, by its name.
     *
     * @param isThorough whether systemd is asked of each unit, and not only of those that fleet says have their text:
     *     with many that costs more than it gains, but fleet may have no word on a unit for some 24 s
     */
    async at(units: readonly WantedUnit[], isThorough = true): Promise<Map<string, UnitFacts>> {
        const [states, registered, machines] = await Promise.all([
            this.fleet.states(),
            this.registered(units),
            units.some(({ isGlobal }) => isGlobal) ? this.fleet.machines() : [],
        ]);
        const places = new Map<string, Place[]>();
        for (const unit of units) {
            const own = states.filter(({ name }) => name === unit.name);
            const ids = unit.isGlobal
                ? unit.state === "inactive"
                    ? own.map(({ machineID }) => machineID)
                    : allowed(unit, machines)
                : [registered.get(unit.name)?.machineID ?? own[0]?.machineID];
            const known = ids.flatMap((machineId): Place[] => {
                const state = own.find(({ machineID }) => machineID === machineId);
                return machineId === undefined
                    ? []
                    : [
                          {
                              machineId,
                              machine: this.sessions.nameOf(machineId),
                              ...(state === undefined ? {} : { state }),
                          },
                      ];
            });
            places.set(unit.name, known);
        }
        const shown = await this.show(units, places, isThorough);
        return new Map(
            units.map(({ name }) => {
                const unit = registered.get(name);
                const own = (places.get(name) ?? []).map((place) => {
                    const properties = shown.get(place.machineId)?.get(name);
                    return properties === undefined ? place : { ...place, shown: properties };
                });
                return [name, { places: own, ...(unit === undefined ? {} : { registered: unit }) }];
            }),
        );
    }

    private async registered(units: readonly WantedUnit[]): Promise<Map<string, FleetApiUnit>> {
        const found =
            units.length > FEW
                ? await this.fleet.units()
                : await Promise.all(units.map(({ name }) => this.fleet.unit(name)));
        return new Map(found.flatMap((unit) => (unit === undefined ? [] : [[unit.name, unit]])));
    }

    private async show(
        units: readonly WantedUnit[],
        places: ReadonlyMap<string, readonly Place[]>,
        isThorough: boolean,
    ): Promise<Map<string, Map<string, Properties>>> {
        const byMachine = new Map<string, string[]>();
        const later = new Set<string>();
        for (const { name, hash, state: wanted, isGlobal } of units) {
            for (const { machineId, state } of places.get(name) ?? []) {
                const isWorthIt = isThorough || isGlobal || state?.hash === hash;
                if (wanted === "inactive") {
                    continue;
                }
                if (isWorthIt) {
                    byMachine.set(machineId, [...(byMachine.get(machineId) ?? []), name]);
                } else {
                    later.add(machineId);
                }
            }
        }
        for (const machineId of later) {
            // So that there is a way when there is something to ask.
            void this.sessions.to(machineId);
        }
        const found = new Map<string, Map<string, Properties>>();
        const chunks = Array.from(byMachine).flatMap(([machineId, names]) => {
            found.set(machineId, new Map());
            return Array.from({ length: Math.ceil(names.length / CHUNK) }, (_, index) => ({
                machineId,
                names: names.slice(index * CHUNK, (index + 1) * CHUNK),
            }));
        });
        this.askedAt = Date.now();
        await Promise.all(
            chunks.map(async ({ machineId, names }) => {
                const result = await this.sessions.exec(machineId, showScript(names));
                if (result?.code === 0) {
                    for (const [name, properties] of readShown(result.stdout, names)) {
                        found.get(machineId)?.set(name, properties);
                    }
                }
            }),
        );
        return found;
    }
}

/** Ids of the machines that run a global unit: fleet looks at their metadata alone. */
function allowed({ name, options }: WantedUnit, machines: readonly FleetMachine[]): string[] {
    const { metadata } = requirementsOf(fromOptions(options), name);
    return machines
        .filter((machine) =>
            Array.from(metadata).every(([key, values]) =>
                values.has(machine.metadata?.[key] ?? ""),
            ),
        )
        .map(({ id }) => id);
}
