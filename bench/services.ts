import { renderUnit } from "../lib/systemd/index.js";
import { type Benchmark, median } from "./figure.js";
import { instances, OWNER, type ServiceCluster } from "./service-cluster.js";

const COUNTS = [3, 30, 100];
const TURNS = 5;
const ROLLED = 30;
const AT_ONCE = 10;
const SERVICES = 20;
const UPDATES = 2;

/** A unit's text, as the library renders it: with its mark and, by default, its stop delay. */
function unitText(description: string, service: Record<string, string>, delay = true): string {
    return renderUnit({
        Unit: { Description: description },
        Service: {
            ExecStart: "/bin/sleep infinity",
            ...service,
            ...(delay ? { ExecStopPost: "/bin/sleep 0.3" } : {}),
        },
        "X-Pulumi": { Owner: OWNER },
    });
}

/**
 * The provider's work against fleetctl's, of the same text on the same cluster: the worst of the ratios. fleetctl ends
 * when the units were started; the provider when they have stayed up for a second, which is part of its time. Beside it
 * the provider with `settle: 0`, which ends where fleetctl does, the whole `pulumi up`, and one that changes nothing,
 * which is the engine's own part of it.
 */
export function deploying(cluster: ServiceCluster): Benchmark {
    return {
        key: "e",
        title: "deploying 3, 30 and 100 instances, against fleetctl start: the provider's work, worst of the three",
        unit: "ratio",
        goal: 1,
        most: 1,
        prepare: () => cluster.prepare(),
        async round() {
            const text = unitText("deployed", {});
            const seconds: Record<string, number> = {};
            const ratios: number[] = [];
            for (const count of COUNTS) {
                const units = instances(count);
                const theirs: number[] = [];
                const ours: number[] = [];
                const alike: number[] = [];
                // In turns, and more than once: fleet looks every two and every five seconds, and either can be lucky.
                for (let turn = 1; turn <= TURNS; turn++) {
                    // It gives up early where a machine's word on a unit is missing for a while; such a turn is not counted.
                    const started = await cluster.fleetctl(text, "start", units).catch(() => []);
                    theirs.push(...[started].flat());
                    await cluster.untilRunning(text, units);
                    await cluster.fleetctl(text, "destroy", units);
                    await cluster.untilGone(units);
                    ours.push(await cluster.create(text, count));
                    await cluster.remove(text, count);
                    alike.push(await cluster.create(text, count, 0));
                    await cluster.remove(text, count);
                }
                const variables = { BENCH_INSTANCES: String(count) };
                seconds[`${count} by fleetctl`] = median(theirs);
                seconds[`${count} by the provider`] = median(ours);
                seconds[`${count} by the provider that looks as little as fleetctl`] =
                    median(alike);
                seconds[`${count} by pulumi up`] = await cluster.stack.measureUpdate(variables);
                await cluster.stack.measureUpdate({});
                ratios.push(median(ours) / median(theirs));
            }
            seconds["pulumi up without a change"] = await cluster.stack.measureUpdate({});
            return { value: Math.max(...ratios), seconds };
        },
    };
}

/** Rolling and removing: the provider with the library's text against fleetctl with the user's own. */
export function stopping(
    cluster: ServiceCluster,
    key: string,
    which: string,
    goal: number,
    service: Record<string, string>,
): Benchmark {
    return {
        key,
        title: `rolling ${ROLLED} units that ${which}, ${AT_ONCE} at a time, and removing them, against fleetctl destroy and start`,
        unit: "ratio",
        goal,
        most: 1,
        prepare: () => cluster.prepare(),
        async round() {
            const units = instances(ROLLED);
            const [first, second] = [unitText("1", service, false), unitText("2", service, false)];
            await cluster.fleetctl(first, "start", units);
            await cluster.untilRunning(first, units);
            let rolling = 0;
            for (let begin = 0; begin < ROLLED; begin += AT_ONCE) {
                const some = units.slice(begin, begin + AT_ONCE);
                rolling += await cluster.fleetctl(second, "destroy", some);
                // Started before they are gone they would take fleet twice as long.
                rolling += await cluster.untilGone(some);
                rolling += await cluster.fleetctl(second, "start", some);
                rolling += await cluster.untilRunning(second, some);
            }
            const removing =
                (await cluster.fleetctl(second, "destroy", units)) +
                (await cluster.untilGone(units));
            const [old, changed] = [unitText("1", service), unitText("2", service)];
            await cluster.create(old, ROLLED);
            const rolled = await cluster.roll(old, changed, ROLLED);
            const removed = await cluster.remove(changed, ROLLED);
            return {
                value: (rolled + removed) / (rolling + removing),
                seconds: {
                    "rolled by fleetctl": rolling,
                    "by the provider": rolled,
                    "removed by fleetctl": removing,
                    "by the provider ": removed,
                },
            };
        },
    };
}

/** What services cost an update that changes nothing. */
export function standing(cluster: ServiceCluster): Benchmark {
    return {
        key: "h",
        title: `no-change pulumi up with ${SERVICES} services, against one with none`,
        unit: "ratio",
        goal: 1.5,
        most: 1,
        prepare: () => cluster.prepare(),
        async round() {
            const unchanged = async (services: number, times: number): Promise<number[]> => {
                const variables = { BENCH_SERVICES: String(services) };
                await cluster.stack.measureUpdate(variables);
                const all: number[] = [];
                for (let number = 1; number <= times; number++) {
                    all.push(await cluster.stack.measureUpdate(variables, "--expect-no-changes"));
                }
                return all;
            };
            // Before and after, since other work on the host comes and goes.
            const before = await unchanged(0, UPDATES);
            const many = median(await unchanged(SERVICES, 2 * UPDATES));
            const none = median([...before, ...(await unchanged(0, UPDATES))]);
            return { value: many / none, seconds: { [`${SERVICES} services`]: many, none } };
        },
    };
}
