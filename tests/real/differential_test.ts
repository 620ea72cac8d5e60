/**
 * kuberlr asks the same server as kubectl, with the same identity. Command lines, kubeconfigs,
 * kubercs and variables are generated; a real kubectl and kuberlr get each of them, with the same
 * servers and proxies on loopback, which record the requests.
 *
 * `DIFFERENTIAL_CASES=5000 deno test -A tests/real/differential_test.ts` runs more cases and prints
 * the tally; `DIFFERENTIAL_SEED` chooses others. docs/dev/parity.md lists the intended differences.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import {
  askKubectl,
  askKuberlr,
  type KubectlRun,
  type KuberlrRun,
  layOut,
  runKuberlr,
  type Scene,
} from "../support/differential/ask.ts";
import { type DifferentialCase, differentialCase } from "../support/differential/cases.ts";
import { AGREEMENTS, DELIBERATE, judge, type Verdict } from "../support/differential/verdict.ts";
import { SERVER_VERSIONS, startDifferentialWorld } from "../support/differential/world.ts";
import { fakeKubectlScript } from "../support/fake_kubectl.ts";
import { type RealKubectl, realKubectlTest } from "../support/real_kubectls.ts";
import { lacks } from "../support/program_under_test.ts";

const VERSIONS = ["1.27.1", "1.33.9", "1.36.3"] as const;
const CASES = Number(Deno.env.get("DIFFERENTIAL_CASES") ?? 100);
const WINDOWS = Deno.build.os === "windows";
const SHELL_SCRIPTS = "ignored: its plugins are shell scripts";
const SEED = Number(Deno.env.get("DIFFERENTIAL_SEED") ?? 20261126);

const NAME = `kuberlr asks the server that kubectl asks, with the same identity, in ${CASES} cases`;

if (WINDOWS) Deno.test({ name: `${NAME} (${SHELL_SCRIPTS})`, ignore: true, fn() {} });
else await realKubectlTest(NAME, VERSIONS, compare);

async function compare(kubectls: readonly RealKubectl[]): Promise<void> {
  await using world = await startDifferentialWorld();
  using _ = environment(world.env);
  const paths = new Map(kubectls.map(({ version, path }) => [version, path]));
  const tally = new Map<Verdict, number>();

  await fc.assert(
    fc.asyncProperty(differentialCase(VERSIONS), async (plan) => {
      await using scene = layOut(plan, world);
      const kubectl = await askKubectl(paths.get(plan.kubectl)!, scene, world);
      const kuberlr = await askKuberlr(scene, world);
      const verdict = judge(kubectl, kuberlr);
      tally.set(verdict, (tally.get(verdict) ?? 0) + 1);
      if (verdict.startsWith("differs:")) {
        throw new Error(report(verdict, scene, kubectl, kuberlr));
      }
    }),
    { numRuns: CASES, seed: SEED, reporter: reportFailure },
  );

  const share = (verdicts: readonly Verdict[]) =>
    verdicts.reduce((sum, verdict) => sum + (tally.get(verdict) ?? 0), 0) / CASES;
  const figures = JSON.stringify(Object.fromEntries(tally), null, 2);
  // deno-lint-ignore no-console
  if (Deno.env.has("DIFFERENTIAL_CASES")) console.log(figures);
  // Cases in which no server is asked would prove nothing.
  assert(share(["asked the same"]) > 0.3, figures);
  assert(share(AGREEMENTS) > 0.75, figures);
  assert(share(DELIBERATE) < 0.25, figures);
}

const THROUGH_MAIN = 12;

const isOld = lacks("node-tls");

const reason = WINDOWS
  ? SHELL_SCRIPTS
  : isOld
  ? "ignored: the runtime under test has other ideas of node:tls"
  : undefined;

Deno.test({
  name: `main.ts asks the server that the library asks, in ${THROUGH_MAIN} cases${
    reason === undefined ? "" : ` (${reason})`
  }`,
  ignore: reason !== undefined,
  fn: asksWhomTheLibraryAsks,
});

async function asksWhomTheLibraryAsks(): Promise<void> {
  await using world = await startDifferentialWorld();
  using _ = environment(world.env);
  const fakes = `${world.root}/kubectls`;
  Deno.mkdirSync(fakes);
  for (const version of Object.values(SERVER_VERSIONS)) {
    const [minor = ""] = /1\.\d+/.exec(version) ?? [];
    Deno.writeTextFileSync(`${fakes}/kubectl${minor}.0`, fakeKubectlScript(`${minor}.0`, ""), {
      mode: 0o755,
    });
  }

  let asked = 0;
  for (const plan of fc.sample(differentialCase(["1.36.3"]), { numRuns: 500, seed: SEED })) {
    await using scene = layOut(plan, world);
    const inside = await askKuberlr(scene, world);
    // Only cases that asked a server can be compared.
    if (inside.resolution.learned?.answer?.kind !== "version") continue;
    const outside = await runKuberlr(scene, fakes, world);
    assertEquals(outside.seen, inside.seen, outside.stderr);
    const { major, minor } = inside.resolution.learned.answer.version;
    assertStringIncludes(outside.stdout, `kubectl ${major}.${minor}.0`);
    if (++asked === THROUGH_MAIN) return;
  }
  throw new Error(`only ${asked} cases asked a server`);
}

/** Sets variables of this process until the end of the scope. */
function environment(variables: Readonly<Record<string, string>>): Disposable {
  const before = Object.keys(variables).map((name) => [name, Deno.env.get(name)] as const);
  for (const [name, value] of Object.entries(variables)) Deno.env.set(name, value);
  return {
    [Symbol.dispose]() {
      for (const [name, value] of before) {
        if (value === undefined) Deno.env.delete(name);
        else Deno.env.set(name, value);
      }
    },
  };
}

function report(verdict: Verdict, { args }: Scene, kubectl: KubectlRun, kuberlr: KuberlrRun) {
  const { need, connection, learned } = kuberlr.resolution;
  return [
    verdict,
    `kubectl ${args.join(" ")}`,
    `kubectl: status ${kubectl.status}, ${kubectl.stderr.slice(0, 500)}`,
    Deno.inspect(kubectl.seen, { depth: 9 }),
    "kuberlr:",
    Deno.inspect({ need, connection, answer: learned?.answer }, {
      depth: 9,
      strAbbreviateSize: 200,
    }),
    Deno.inspect(kuberlr.seen, { depth: 9 }),
  ].join("\n");
}

/** Returns the smallest case that was found, in readable form. */
function reportFailure(details: fc.RunDetails<[DifferentialCase]>): void {
  if (!details.failed) return;
  const [plan] = details.counterexample ?? [];
  const files = Object.entries(plan?.files ?? {}).map(([path, text]) => `--- ${path}\n${text}`);
  throw new Error([
    `DIFFERENTIAL_SEED=${details.seed}, after ${details.numRuns} cases and ${details.numShrinks} shrinks`,
    JSON.stringify({ kubectl: plan?.kubectl, args: plan?.args, env: plan?.env }),
    ...files,
    (details.errorInstance as Error | undefined)?.message ?? "",
  ].join("\n"));
}
