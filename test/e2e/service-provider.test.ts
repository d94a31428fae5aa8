import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import { ClusterView } from "./support/cluster-view.js";
import { bareCluster } from "./support/program.js";
import { type Declared, failureOf, ServiceDriver } from "./support/service-driver.js";
import { eventually, steps } from "./support/steps.js";
import { TestStack } from "./support/test-stack.js";

const skip = process.getuid?.() === 0 ? false : "needs root";

/** A stop that fleet's agent does not stumble over. */
const stop = { ExecStopPost: "/bin/sleep 0.3" };
const sleeper = (what: string) => ({ ExecStart: `/bin/sleep ${what}`, ...stop });

describe("the provider of services", { skip }, () => {
    const step = steps();
    let stack: TestStack;
    let view: ClusterView;

    before(async () => {
        const args = {
            members: { count: 1 },
            workers: { web: { count: 2, metadata: { role: "web" } } },
        };
        stack = await TestStack.create("pulumi-coreos-e2e", bareCluster("provider", args));
        await stack.up();
        view = new ClusterView(await stack.outputs());
    });

    after(() => stack.dispose());

    const service = (name: string): ServiceDriver =>
        new ServiceDriver(`e2e/test/provider/${name}`, view.outputs.connection);

    /** Properties of a unit on the machine that has it. */
    const show = async (unit: string, ...properties: string[]): Promise<string[]> => {
        const found = await view.unit(unit);
        const names = properties.map((one) => `--property=${one}`).join(" ");
        const text = await view.ssh(found.machine, `systemctl show ${names} -- ${unit}`);
        const pairs = new Map(
            text.split("\n").map((line) => [line.split("=")[0], line.replace(/^[^=]*=/, "")]),
        );
        return properties.map((one) => pairs.get(one) ?? "");
    };

    const listed = async (prefix: string): Promise<string[]> =>
        (await view.units())
            .filter(({ unit }) => unit.startsWith(prefix))
            .map(({ unit, active }) => `${unit} ${active}`);

    /** fleet's list comes late: what one agent forgets takes another's word along, which comes back after 24 s. */
    const lists = (prefix: string, expected: readonly string[]): Promise<void> =>
        eventually(
            `fleet to list ${prefix}`,
            async () => assert.deepEqual(await listed(prefix), expected),
            40,
        );

    const pair = (main: string, sidekick: string): Declared => ({
        files: {
            "web@.service": {
                Service: sleeper(main),
                "X-Fleet": { Conflicts: "web@*.service" },
            },
            "web-announce@.service": {
                Unit: { BindsTo: "web@%i.service", After: "web@%i.service" },
                Service: sleeper(sidekick),
                "X-Fleet": { MachineOf: "web@%i.service" },
            },
        },
        units: [
            "web@1.service",
            "web-announce@1.service",
            "web@2.service",
            "web-announce@2.service",
        ],
    });

    step(
        "a main unit and its sidekick run again after each roll, whichever was changed",
        async () => {
            const web = service("web");
            const all = ["web-announce@1", "web-announce@2", "web@1", "web@2"];
            const running = all.map((name) => `${name}.service active`);
            await web.up(pair("1001", "2001"));
            await lists("web", running);
            const [first] = await show("web@1.service", "MainPID");
            await web.up(pair("1001", "2002"));
            await lists("web", running);
            assert.deepEqual(await show("web@1.service", "MainPID"), [first], "only the sidekick");
            for (const main of ["1002", "1003"]) {
                const begun = Date.now();
                await web.up(pair(main, "2002"));
                console.log("roll of two pairs", Date.now() - begun);
                await lists("web", running);
            }
            await web.up(pair("1004", "2003"));
            await lists("web", running);
            for (const [unit, what] of [
                ["web@2.service", "1004"],
                ["web-announce@2.service", "2003"],
            ] as const) {
                assert.match((await show(unit, "ExecStart"))[0] ?? "", new RegExp(`sleep ${what}`));
            }
            assert.equal(await web.up(pair("1004", "2003")), false);

            const broken = pair("1004", "2003");
            const failure = await failureOf(
                web.up({
                    ...broken,
                    files: {
                        ...broken.files,
                        "web-announce@.service": {
                            ...broken.files["web-announce@.service"],
                            Service: { ExecStart: "/bin/false", ...stop },
                        },
                    },
                }),
            );
            assert.match(
                failure,
                /^web-announce@1\.service failed on provider-\S+: exit status 1\n/,
            );
            assert.match(
                failure,
                /web@1\.service, web-announce@1\.service were given their old texts back; no other/,
            );
            await lists("web", running);

            await web.remove();
            await lists("web", []);
        },
    );

    step("a timer starts its service, which is loaded; both can be changed", async () => {
        const job = service("job");
        const declared = (text: string, seconds: number): Declared => ({
            files: {
                "job.service": { Service: { Type: "oneshot", ExecStart: `/bin/echo ${text}` } },
                "job.timer": {
                    Timer: { OnActiveSec: `${seconds}s` },
                    "X-Fleet": { MachineOf: "job.service" },
                },
            },
            units: ["job.service", "job.timer"],
            triggered: ["job.service"],
        });
        await job.up(declared("one", 1));
        assert.deepEqual(await show("job.timer", "ActiveState"), ["active"]);
        await eventually("the timer to start it", async () => {
            const text = await Promise.all(
                view.machines.map((name) => view.ssh(name, "journalctl -q -u job.service -o cat")),
            );
            assert.match(text.join("\n"), /^one$/m);
        });
        await job.up(declared("two", 3600));
        assert.deepEqual(await show("job.timer", "ActiveState"), ["active"]);
        assert.match((await show("job.service", "ExecStart"))[0] ?? "", /echo two/);
        await job.remove();
    });

    step("a state of loaded or inactive is reached, and left again", async () => {
        const idle = service("idle");
        const declared = (state: "launched" | "loaded" | "inactive"): Declared => ({
            files: { "idle@.service": { Service: sleeper("77") } },
            units: ["idle@1.service", "idle@2.service"],
            state,
        });
        await idle.up(declared("loaded"));
        await lists("idle", ["idle@1.service inactive", "idle@2.service inactive"]);
        assert.deepEqual(await show("idle@1.service", "LoadState"), ["loaded"]);
        await idle.up(declared("launched"));
        await lists("idle", ["idle@1.service active", "idle@2.service active"]);
        await idle.up(declared("inactive"));
        await lists("idle", []);
        await idle.up(declared("launched"));
        await idle.up(declared("loaded"));
        await lists("idle", ["idle@1.service inactive", "idle@2.service inactive"]);
        await idle.remove();
    });

    step("a oneshot, a socket and a start that takes its time are waited for", async () => {
        const kinds = service("kinds");
        await kinds.up({
            files: {
                "once.service": {
                    Service: {
                        Type: "oneshot",
                        RemainAfterExit: true,
                        ExecStart: ["/bin/sleep 0.5", "/bin/true"],
                        ...stop,
                    },
                },
                "echo.socket": {
                    Socket: { ListenStream: "127.0.0.1:7777", Accept: true },
                },
                "echo@.service": { Service: { ExecStart: "/bin/cat", StandardInput: "socket" } },
                "slow.service": {
                    Service: { ExecStartPre: "/bin/sleep 4", ...sleeper("88") },
                },
            },
            units: ["once.service", "echo.socket", "slow.service"],
        });
        assert.deepEqual(await show("once.service", "ActiveState"), ["active"]);
        assert.deepEqual(await show("echo.socket", "SubState"), ["listening"]);
        assert.deepEqual(await show("slow.service", "SubState"), ["running"]);
        assert.ok(
            kinds.said.progress.some((line) =>
                /slow\.service: start-pre for [1-4] s: \/bin\/sleep 4 on provider-/.test(line),
            ),
            kinds.said.progress.join("\n"),
        );
        await kinds.remove();
    });

    step("a check must be answered on the machine", async () => {
        const checked = service("checked");
        const declared = (check: Declared["check"]): Declared => ({
            files: {
                "port@.service": {
                    Service: {
                        ExecStart:
                            "/usr/bin/systemd-socket-activate --accept --inetd --listen=70%i /bin/sh -c " +
                            `'printf "HTTP/1.1 503 No\\\\r\\\\nContent-Length: 4\\\\r\\\\nConnection: close\\\\r\\\\n\\\\r\\\\nbusy"'`,
                        ...stop,
                    },
                },
            },
            units: ["port@11.service"],
            ...(check === undefined ? {} : { check }),
        });
        await checked.up(declared({ tcp: { port: "70%i" }, timeout: 2 }));
        await checked.remove();
        await checked.up(declared({ command: 'test "$(id -u)" = 0 && echo %p', timeout: 2 }));
        await checked.remove();
        for (const [check, told] of [
            [
                { http: { port: "70%i", path: "/health/%i" } },
                /^port@11\.service runs on provider-\S+, but its check fails for \d+ s: GET http:\/\/127\.0\.0\.1:7011\/health\/11 answered 503: busy\n/,
            ],
            [{ tcp: { port: "71%i" } }, /: port 7111 takes no connection \(.*refused/i],
            [{ command: "echo no; exit 7" }, /: "echo no; exit 7" ended with 7: no\n/],
            [{ command: "sleep 60" }, /: "sleep 60" did not end within 1 s\n/],
        ] as const) {
            assert.match(await failureOf(checked.up(declared({ ...check, timeout: 1 }), 6)), told);
            await checked.remove();
        }
    });

    step("a global unit runs wherever its metadata allows, and rolls everywhere", async () => {
        const all = service("all");
        const declared = (what: string): Declared => ({
            files: {
                "all.service": {
                    Service: sleeper(what),
                    "X-Fleet": { Global: true, MachineMetadata: "role=web" },
                },
            },
            units: ["all.service"],
        });
        const runs = async (what: string): Promise<void> => {
            for (const machine of ["provider-web-1", "provider-web-2"]) {
                const text = await view.ssh(
                    machine,
                    "systemctl show -p ExecStart -p ActiveState all",
                );
                assert.match(text, new RegExp(`sleep ${what}`));
                assert.match(text, /ActiveState=active/);
            }
        };
        await all.up(declared("31"));
        await runs("31");
        await all.up(declared("3200"));
        await runs("3200");
        await view.ssh("provider-web-2", "sudo systemctl stop all.service");
        await eventually("the drift to be seen", async () => {
            assert.deepEqual(await all.refresh(), [
                "all.service: it does not run on provider-web-2",
            ]);
        });
        await all.up(declared("3200"));
        await runs("3200");
        await all.remove();
    });

    step(
        "instances that nothing can run hold up no other, and are named with the reason",
        async () => {
            const crowd = service("crowd");
            const declared = (count: number): Declared => ({
                files: {
                    "crowd@.service": {
                        Service: sleeper("99"),
                        "X-Fleet": { Conflicts: "crowd@*.service" },
                    },
                },
                units: Array.from({ length: count }, (_, index) => `crowd@${index + 1}.service`),
            });
            const begun = Date.now();
            const failure = await failureOf(crowd.up(declared(4), 120));
            assert.ok(Date.now() - begun < 60_000);
            assert.match(failure, /^crowd@\d\.service can't be placed: /);
            await eventually(
                "three of them to run",
                async () => {
                    const units = await listed("crowd");
                    assert.equal(units.filter((one) => one.endsWith(" active")).length, 3);
                },
                40,
            );
            await crowd.up(declared(3));
            await lists("crowd", [
                "crowd@1.service active",
                "crowd@2.service active",
                "crowd@3.service active",
            ]);
            // Others that need the room of those that go.
            await crowd.up({ ...declared(3), units: ["crowd@7.service", "crowd@8.service"] });
            await lists("crowd", ["crowd@7.service active", "crowd@8.service active"]);
            await crowd.remove();
        },
    );

    const many = (text: string, count: number, rest: Partial<Declared> = {}): Declared => ({
        files: { "many@.service": { Service: sleeper(text) } },
        units: Array.from({ length: count }, (_, index) => `many@${index + 1}.service`),
        ...rest,
    });

    step("what was stopped, destroyed, changed or failed is seen, and put right", async () => {
        const drifting = service("many");
        await drifting.up(many("4001", 5));
        await view.fleetctl("stop", "--no-block", "many@1.service");
        await view.fleetctl("destroy", "many@2.service");
        const file = join(stack.folder, "many@3.service");
        const text = await view.fleetctl("cat", "many@3.service");
        writeFileSync(file, text.replace("4001", "4444"));
        await view.fleetctl("start", "--no-block", "--replace", file);
        const found = await view.unit("many@4.service");
        await view.ssh(found.machine, "sudo systemctl kill -s KILL many@4.service");
        await eventually("the drift to be seen", async () => {
            assert.deepEqual(
                (await drifting.refresh()).map((line) => line.replace(/provider-\S+/, "X")).sort(),
                [
                    "many@1.service: fleet was told to have it loaded, not launched",
                    "many@2.service: fleet does not have it any more",
                    "many@3.service: its text was changed",
                    "many@4.service: it failed on X",
                ],
            );
        });
        const [pid] = await show("many@5.service", "MainPID");
        await drifting.up(many("4001", 5));
        await lists(
            "many",
            [1, 2, 3, 4, 5].map((id) => `many@${id}.service active`),
        );
        assert.match((await show("many@3.service", "ExecStart"))[0] ?? "", /sleep 4001/);
        assert.deepEqual(await show("many@5.service", "MainPID"), [pid]);
        assert.deepEqual(await drifting.refresh(), []);
        assert.equal(await drifting.up(many("4001", 5)), false);

        await drifting.up(many("4001", 2));
        await lists("many", ["many@1.service active", "many@2.service active"]);
        await drifting.up(many("4001", 6));

        const rollout = { parallel: 2, onFailure: "revert", settle: 1 } as const;
        await drifting.up(many("4002", 6, { rollout }));
        const failing: Declared = {
            ...many("4002", 6, { rollout }),
            files: {
                "many@.service": {
                    Service: {
                        ExecStart: "/bin/sh -c 'test %i -lt 4 && exec sleep 4003; exit 9'",
                        ...stop,
                    },
                },
            },
        };
        const failure = await failureOf(drifting.up(failing));
        assert.match(failure, /^many@4\.service failed on provider-\S+: exit status 9\n/);
        assert.match(failure, /many@1\.service was given its old text back/);
        for (const id of [1, 2, 3, 4, 5, 6]) {
            const [command, state] = await show(`many@${id}.service`, "ExecStart", "ActiveState");
            assert.match(command ?? "", /sleep 4002/);
            assert.equal(state, "active");
        }
        await drifting.up(many("4002", 6));

        // A roll that was cut off goes on, and what it left broken is given its old text back.
        await failureOf(
            drifting.forgottenUp({ ...failing, rollout: { ...rollout, onFailure: "stop" } }),
        );
        const again = await failureOf(
            drifting.up({ ...failing, rollout: { ...rollout, onFailure: "stop" } }),
        );
        assert.match(again, /^many@[45]\.service failed on provider-\S+: exit status 9\n/);
        assert.match((await show("many@3.service", "ExecStart"))[0] ?? "", /sleep 4003/);
        await drifting.up(many("4002", 6));
        await lists(
            "many",
            [1, 2, 3, 4, 5, 6].map((id) => `many@${id}.service active`),
        );

        const stranger = service("many");
        assert.equal(
            await failureOf(stranger.up(many("5", 1, { owner: "e2e/test/provider/other" }))),
            "fleet already has many@.service (of e2e/test/provider/many), many@1.service (of e2e/test/provider/many), " +
                "which this stack did not make; choose another name, remove them with fleetctl destroy, or take them over with `adopt: true`",
        );
        await drifting.remove();
        await lists("many", []);
    });

    step("a unit that was made by hand is taken over where that is asked for", async () => {
        const file = join(stack.folder, "hand.service");
        writeFileSync(file, "[Service]\nExecStart=/bin/sleep 4242\nExecStopPost=/bin/sleep 0.3\n");
        await view.fleetctl("start", "--no-block", file);
        await lists("hand", ["hand.service active"]);
        const hand = service("hand");
        const declared: Declared = {
            files: { "hand.service": { Service: sleeper("4343") } },
            units: ["hand.service"],
        };
        assert.match(await failureOf(hand.up(declared)), /made by hand.*`adopt: true`/);
        await hand.up({ ...declared, adopt: true });
        assert.match((await show("hand.service", "ExecStart"))[0] ?? "", /sleep 4343/);
        await hand.remove();
    });

    step("thirty units are made, rolled ten at a time, and removed", async () => {
        const fleet = service("many");
        const rollout = { parallel: 10, onFailure: "stop", settle: 1 } as const;
        await fleet.up(many("6001", 30, { rollout }), 120);
        await fleet.up(many("6002", 30, { rollout }), 120);
        for (const id of [1, 11, 30]) {
            assert.match((await show(`many@${id}.service`, "ExecStart"))[0] ?? "", /sleep 6002/);
        }
        await fleet.remove(120);
        await lists("many", []);
    });
});
