/**
 * Kills installs at random moments. After each kill, every kubectl in the folder must be whole, and
 * the next install must succeed and leave nothing else behind.
 *
 * `deno task stress:kill [COUNT [SEED]]`
 *
 * @module
 */
import { installKubectl } from "../../lib/kubectls/steps/install_kubectl.ts";
import { spawnInstall } from "./install_child.ts";
import { type InstallWorld, installWorld, mirrorConfig, wanted } from "./install_world.ts";
import { type Mirror, startMirror } from "./mirror.ts";
import { elfBytes } from "./mirror_files.ts";

export interface KillFigures {
  readonly kills: number;
  readonly seed: number;
  /** The files that killed processes left. */
  readonly nothing: number;
  readonly partOfIt: number;
  readonly wholeTemporary: number;
  readonly installed: number;
  /** The child ended before it could be killed, which does not count as a kill. */
  readonly tooLate: number;
}

const SIZE = 2_000_000;
const SIGNALS = ["SIGKILL", "SIGKILL", "SIGKILL", "SIGTERM", "SIGINT"] as const;

/** Throws at the first kubectl that is not whole, and at the first install that fails. */
export async function runKillLoop(kills: number, seed: number): Promise<KillFigures> {
  const bytes = elfBytes(SIZE, seed);
  await using mirror = await startMirror({
    kubectls: [{ version: "1.30.2", bytes }],
    fault: ({ path }) =>
      path.endsWith("/kubectl") ? { kind: "drip", bytes: 250_000, everyMs: 8 } : undefined,
  });
  const random = randomFrom(seed);
  const figures = { nothing: 0, partOfIt: 0, wholeTemporary: 0, installed: 0, tooLate: 0 };
  for (let done = 0; done < kills;) {
    using world = installWorld();
    const child = spawnInstall(mirror.url, world.home, "1.30.2");
    await chooseMoment(random, mirror, world);
    const signal = SIGNALS[Math.floor(random() * SIGNALS.length)] ?? "SIGKILL";
    tryKill(child, signal);
    const { success } = await child.output();
    figures[success ? "tooLate" : remainder(world)]++;
    if (!success) done++;
    check(world, bytes);
    await installKubectl(wanted("1.30.2"), mirrorConfig(mirror.url), {}, world.host);
    check(world, bytes);
    const names = world.kubectls().join();
    if (names !== "kubectl1.30.2") throw new Error(`After kill ${done} there is left: ${names}`);
  }
  return { kills, seed, ...figures };
}

/**
 * Anywhere in its life; while it downloads; or in the few milliseconds between the last byte and
 * the end.
 */
async function chooseMoment(
  random: () => number,
  mirror: Mirror,
  world: InstallWorld,
): Promise<void> {
  const way = random();
  const before = mirror.requests.length;
  const startedMs = performance.now();
  const isLate = () => performance.now() - startedMs > 10_000;
  if (way < 0.2) return await sleep(random() * 200);
  if (way < 0.5) {
    while (mirror.requests.length === before && !isLate()) await sleep(1);
    return await sleep(random() * 75);
  }
  const delayMs = random() * 3;
  while (temporarySize(world) < SIZE && !world.kubectls().includes("kubectl1.30.2") && !isLate()) {
    await sleep(0);
  }
  const untilMs = performance.now() + delayMs;
  while (performance.now() < untilMs);
}

function temporarySize(world: InstallWorld): number {
  const name = world.kubectls().find((name) => name.endsWith(".part"));
  return name === undefined
    ? 0
    : world.host.files.stat(`${world.layout.binaries}/${name}`)?.size ?? 0;
}

function remainder(world: InstallWorld): "nothing" | "partOfIt" | "wholeTemporary" | "installed" {
  if (world.kubectls().includes("kubectl1.30.2")) return "installed";
  if (!world.kubectls().some((name) => name.endsWith(".part"))) return "nothing";
  return temporarySize(world) === SIZE ? "wholeTemporary" : "partOfIt";
}

function check(world: InstallWorld, bytes: Uint8Array): void {
  for (const name of world.kubectls()) {
    if (!name.startsWith("kubectl")) continue;
    const content = Deno.readFileSync(`${world.layout.binaries}/${name}`);
    if (content.length !== bytes.length || content.some((byte, at) => byte !== bytes[at])) {
      throw new Error(`${name} is not whole: ${content.length} of ${bytes.length} bytes`);
    }
  }
}

function tryKill(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch {
    // It has ended.
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** mulberry32: the same seed, the same moments. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

if (import.meta.main) {
  const [kills = "200", seed = "1"] = Deno.args;
  const startedMs = performance.now();
  const figures = await runKillLoop(Number(kills), Number(seed));
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  await Deno.stdout.write(
    new TextEncoder().encode(JSON.stringify({ ...figures, seconds }, undefined, 2) + "\n"),
  );
}
