/**
 * The main job, shown: three API servers of three versions and a mirror on loopback, a HOME that is thrown away, real
 * kubectls. Whatever is claimed has been checked; a claim that does not hold ends the demo with status 1.
 *
 * kuberlr's own time is that of a command through kuberlr less that of the same command given to the kubectl which it
 * chose, both measured here and now, alternating.
 *
 * @module
 */
import { hasRealKubectl, KubectlUnavailable } from "../tests/support/real_kubectls.ts";
import { complain, echo, formatDuration, heading, prompt, remark, say } from "./stage.ts";
import { CLUSTERS, setUp, type Timed, type World } from "./world.ts";

/** Of so many runs the fastest tells what a command costs; the others, what else the machine had to do. */
const RUNS = 15;

class BrokenClaim extends Error {}

try {
  if (!CLUSTERS.every(({ release }) => hasRealKubectl(release))) {
    say("Bringing three real kubectls, this once.\n");
  }
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

async function demo(world: World): Promise<void> {
  say(
    "Three API servers and a mirror on loopback, an empty HOME, kuberlr in the PATH as kubectl:\n",
  );
  for (const { name, gitVersion } of CLUSTERS) {
    say(`  ${name.padEnd(7)} ${gitVersion.padEnd(20)} ${world.servers[name].url}`);
  }

  heading("1. The first command on a cluster asks it, downloads its kubectl, verifies it, runs it");
  for (const { name, release } of CLUSTERS) {
    const args = versionOf(name, release);
    const run = await show(world, args);
    claim(run.status === 0 && run.stdout.includes(`v${release}`), `kubectl ${release} ran`);
    claim(world.installed().includes(release), `kubectl ${release} is installed`);
    claim(world.askedByKuberlr(name) === 1, `kuberlr asked ${name} once`);
    const direct = await world.runDirectly(release, args);
    const own = formatDuration(run.milliseconds - direct.milliseconds);
    remark(`asked, downloaded, checked the SHA-512, handed over: kuberlr itself ${own}`);
  }

  heading("2. From the second command on it is kubectl's alone");
  const downloads = world.askedOfMirror();
  await show(world, versionOf("cloud", "1.30.0"));
  const times = await compare(world);
  for (const [index, { name, release }] of CLUSTERS.entries()) {
    claim(world.askedByKuberlr(name) === 1, `kuberlr did not ask ${name} again`);
    const { through, direct } = times[index]!;
    const [all, kubectls, own] = [through, direct, through - direct].map(formatDuration);
    remark(`${name.padEnd(7)} ${all}: kubectl ${release} ${kubectls}, kuberlr itself ${own}`);
  }
  claim(world.askedOfMirror() === downloads, "nothing was downloaded again");
  const empty = formatDuration(Math.min(...times.map(({ empty }) => empty)));
  remark(
    `no request of kuberlr's own; starting an empty program takes ${empty} (fastest of ${RUNS})`,
  );

  heading("3. Another context, another kubectl");
  await show(world, ["config", "use-context", "edge"]);
  const switched = await show(world, ["version"]);
  claim(switched.stdout.includes("Client Version: v1.36.3"), "edge got kubectl 1.36.3");

  heading("4. A cluster that is down keeps its kubectl, and kubectl says what is wrong");
  await world.stop("cloud");
  const down = await show(world, versionOf("cloud", "1.30.0"));
  claim(down.stdout.includes("Client Version: v1.30.0"), "cloud kept kubectl 1.30.0");
  claim(down.status === 1, "the exit status is kubectl's");
  remark(`exit status ${down.status}, kubectl's own`);
  say(
    "\nThis HOME is thrown away now. The kubectls of the mirror are kept for the next demo and tests.",
  );
}

/** kubectl has had no short form of its own since 1.28, where it became the only one. */
function versionOf(context: string, release: string): readonly string[] {
  return ["--context", context, "version", ...(release === "1.20.0" ? ["--short"] : [])];
}

async function show(world: World, args: readonly string[]): Promise<Timed> {
  prompt(["kubectl", ...args].join(" "));
  const run = await world.run("kubectl", args, "inherit");
  echo(run.stdout);
  return run;
}

/** For each cluster the same command with kuberlr and without, and an empty program, by turns, in milliseconds. */
async function compare(world: World) {
  const times = [];
  for (const { name, release } of CLUSTERS) {
    const args = versionOf(name, release);
    const through: number[] = [], direct: number[] = [], empty: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      through.push((await world.run("kubectl", args)).milliseconds);
      direct.push((await world.runDirectly(release, args)).milliseconds);
      empty.push((await world.runNothing()).milliseconds);
    }
    times.push({
      through: Math.min(...through),
      direct: Math.min(...direct),
      empty: Math.min(...empty),
    });
  }
  return times;
}

function claim(holds: boolean, what: string): void {
  if (!holds) throw new BrokenClaim(`this does not hold: ${what}`);
}
