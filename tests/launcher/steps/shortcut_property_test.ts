/**
 * The property that makes a shortcut safe: after any change in the world, the launcher follows it
 * only if a fresh resolution gives the same answer. The worlds are those of the memo's property
 * test; the launcher runs in dash, bash and busybox in turn.
 *
 * `LAUNCHER_WORLDS=20000 deno test -A tests/launcher/steps/shortcut_property_test.ts` looks at more
 * of them.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { scanKubectlArgv } from "../../../lib/kubectl/argv.ts";
import { findStat, type StatCommand } from "../../../lib/launcher/steps/stat_command.ts";
import { resolveKubectl } from "../../../lib/resolver/steps/resolve_kubectl.ts";
import { launch, placeLauncher, rememberShortcut, STARTED } from "../../support/launcher_world.ts";
import { describeWorld, memoWorld } from "../../support/memo_world.ts";
import type { WorldPlan } from "../../support/memo_plan.ts";
import { shells } from "../../support/shells.ts";

const WORLDS = Number(Deno.env.get("LAUNCHER_WORLDS") ?? 300);
const SEED = Number(Deno.env.get("LAUNCHER_SEED") ?? 20261125);
/** Most of these worlds allow a shortcut at first. */
const PLAN = fc.tuple(memoWorld.arbitrary, fc.nat(7)).map(([plan, odd]): WorldPlan => {
  if (odd === 0) return plan;
  const { kuberc: _, config: __, ...files } = plan.files;
  const kubectls = plan.kubectls.map((kubectl) => ({ ...kubectl, folder: "local" } as const));
  return { ...plan, files, kubectls, variables: plan.variables.slice(1) };
});

const here = shells.filter(({ missing }) => missing === undefined);

Deno.test({
  name: `the launcher runs what a fresh resolution would, in ${WORLDS} worlds` +
    (here.length === 0 ? " (ignored: no shell is installed)" : ""),
  ignore: here.length === 0,
  async fn() {
    const seen = { worlds: 0, written: 0, followed: 0, followedAfterChange: 0, refused: 0 };
    let stat: StatCommand | undefined;
    await fc.assert(
      fc.asyncProperty(PLAN, async (plan) => {
        using world = memoWorld.build(plan, true);
        stat ??= await findStat(world.host);
        if (stat === undefined) return;
        const { interpreter } = here[seen.worlds++ % here.length]!;
        const memo = await rememberShortcut(world, stat);
        if (memo?.shortcut !== "") return;
        placeLauncher(world, interpreter, stat);
        // The launcher's clock has whole seconds.
        world.change({ kind: "time", seconds: 1 });
        world.proc();
        assertEquals(await launch(world), memo.path, `unchanged: ${describeWorld(plan)}`);
        seen.written++;
        for (const change of plan.changes) world.change(change);
        world.proc();
        const launched = await launch(world);
        if (launched === STARTED) {
          seen.refused++;
          return;
        }
        seen.followed++;
        if (plan.changes.length > 0) seen.followedAfterChange++;
        const line = scanKubectlArgv(world.args);
        const { decision, settings } = await resolveKubectl(line, { ask: "ask" }, world.host);
        assertEquals(
          [decision.plan.kind === "use" && decision.plan.path, settings.config.handOff],
          [launched, "exec"],
          describeWorld(plan),
        );
      }),
      { numRuns: WORLDS, seed: SEED },
    );
    // A test of worlds without a shortcut, or that never change, would prove nothing.
    if (stat === undefined) return;
    assert(seen.written > WORLDS / 4, JSON.stringify(seen));
    assert(seen.followedAfterChange > WORLDS / 20, JSON.stringify(seen));
    assert(seen.refused > WORLDS / 10, JSON.stringify(seen));
  },
});
