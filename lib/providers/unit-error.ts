/** A unit that is not what it should be, and won't be, or not in time. */
export class UnitError extends Error {
    override name = "UnitError";
    constructor(
        readonly unit: string,
        what: string,
        /** fleet's id of the machine that it is about, where there is one. */
        readonly machineId?: string,
        /** Whether fleet has not done its part: then the unit's own journal has nothing on it. */
        readonly isFleetsTurn = false,
    ) {
        super(`${unit} ${what}`);
    }
}
