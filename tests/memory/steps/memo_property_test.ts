/**
 * The property that makes a memo safe: after any change in the world, a remembered answer is used
 * only if a fresh resolution gives the same answer. Worlds of real files are built, resolved,
 * changed at random, and resolved again.
 *
 * `MEMO_WORLDS=100000 deno test -A tests/memory/steps/memo_property_test.ts` looks at more of them.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { scanKubectlArgv } from "../../../lib/kubectl/argv.ts";
import { findNeed } from "../../../lib/kubectl/need.ts";
import { recallKubectl } from "../../../lib/memory/steps/recall_kubectl.ts";
import { rememberResolution } from "../../../lib/memory/steps/remember_kubectl.ts";
import { resolveKubectl } from "../../../lib/resolver/steps/resolve_kubectl.ts";
import { describeWorld, type MemoWorld, memoWorld } from "../../support/memo_world.ts";

const WORLDS = Number(Deno.env.get("MEMO_WORLDS") ?? 300);
const SEED = Number(Deno.env.get("MEMO_SEED") ?? 20261121);

Deno.test({
  name: `recallKubectl() answers as a fresh resolution would, in ${WORLDS} worlds`,
  // The worlds' paths and permissions are those of Unix.
  ignore: Deno.build.os === "windows",
  async fn() {
    const seen = { remembered: 0, recalled: 0, recalledAfterChange: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(memoWorld.arbitrary, async (plan) => {
        using world = memoWorld.build(plan);
        const first = await choose(world);
        if (first === undefined) return;
        seen.remembered++;
        assertEquals(recall(world), first, "unchanged, it must be remembered");
        for (const change of plan.changes) world.change(change);
        const recalled = recall(world);
        if (recalled === undefined) {
          seen.refused++;
          return;
        }
        seen.recalled++;
        if (plan.changes.length > 0) seen.recalledAfterChange++;
        assertEquals(recalled, await chooseAfresh(world), describeWorld(plan));
      }),
      { numRuns: WORLDS, seed: SEED },
    );
    // The test would prove nothing if all worlds forget, or never change.
    assert(seen.remembered > WORLDS / 2, JSON.stringify(seen));
    assert(seen.recalledAfterChange > WORLDS / 20, JSON.stringify(seen));
    assert(seen.refused > WORLDS / 5, JSON.stringify(seen));
  },
});

/**
 * Does what wrapper mode does for a command without a memo. Returns `undefined` if nothing can be
 * remembered.
 */
async function choose(world: MemoWorld): Promise<string | undefined> {
  const line = scanKubectlArgv(world.args);
  const resolution = await resolveKubectl(line, { ask: "ask" }, world.host);
  if (resolution.decision.plan.kind !== "use") return undefined;
  rememberResolution(line, resolution, world.host);
  return describe(resolution);
}

async function chooseAfresh(world: MemoWorld): Promise<string> {
  return describe(await resolveKubectl(scanKubectlArgv(world.args), { ask: "ask" }, world.host));
}

function describe(
  { decision: { plan }, settings: { config } }: Awaited<ReturnType<typeof resolveKubectl>>,
): string {
  if (plan.kind !== "use") return plan.kind;
  return `${plan.path} by ${config.handOff}, ${config.quiet ? null : plan.warning ?? null}`;
}

function recall(world: MemoWorld): string | undefined {
  const line = scanKubectlArgv(world.args);
  const memo = recallKubectl(line, findNeed(line, world.host.env), world.host);
  return memo && `${memo.path} by ${memo.mode}, ${memo.warning}`;
}
