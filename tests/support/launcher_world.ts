/**
 * A launcher in a world of the memo's property test: writes its shortcut as kuberlr does, and tells
 * which kubectl it runs.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { scanKubectlArgv } from "../../lib/kubectl/argv.ts";
import { findNeed } from "../../lib/kubectl/need.ts";
import { chooseShortcut, wordTables } from "../../lib/launcher/command_words.ts";
import { type LauncherOptions, renderLauncher } from "../../lib/launcher/script.ts";
import { writeShortcut } from "../../lib/launcher/steps/write_shortcut.ts";
import type { StatCommand } from "../../lib/launcher/steps/stat_command.ts";
import type { Memo } from "../../lib/memory/memo.ts";
import { recallKubectl } from "../../lib/memory/steps/recall_kubectl.ts";
import { rememberResolution } from "../../lib/memory/steps/remember_kubectl.ts";
import { resolveKubectl } from "../../lib/resolver/steps/resolve_kubectl.ts";
import type { MemoWorld } from "./memo_world.ts";

const TABLES = wordTables();

/**
 * Remembers the world's command and writes its shortcut. Returns the memo, or the reason why
 * nothing is remembered.
 */
export async function rememberShortcut(
  world: MemoWorld,
  stat: StatCommand,
): Promise<Memo | undefined> {
  const { args, host } = world;
  const name = chooseShortcut(args, host.env.get("KUBECONFIG"), TABLES);
  if (name === undefined) return undefined;
  Deno.writeTextFileSync(`${world.root}/kuberlr`, "");
  const line = scanKubectlArgv(args);
  const resolution = await resolveKubectl(line, { ask: "ask" }, host);
  if (resolution.decision.plan.kind !== "use") return undefined;
  rememberResolution(line, resolution, host);
  const recall = () => recallKubectl(line, findNeed(line, host.env), host);
  const memo = recall();
  if (memo === undefined) return undefined;
  const asked = `${name}.${stat.flavor}`;
  await writeShortcut({ name: asked, line, memo, proc: world.proc() }, host);
  return recall();
}

/** The result of {@linkcode launch} if the launcher followed no shortcut. */
export const STARTED = "kuberlr itself";

/** Writes the launcher as `kubectl` into the world's folder. */
export function placeLauncher(
  world: MemoWorld,
  interpreter: string,
  stat: StatCommand,
  clock: LauncherOptions["clock"] = { folder: `${world.proc()}/self` },
): void {
  const text = renderLauncher({
    interpreter,
    version: "test",
    command: ["/bin/echo", STARTED],
    program: `${world.root}/kuberlr`,
    stat,
    clock,
  }, TABLES);
  Deno.writeTextFileSync(`${world.root}/kubectl`, text, { mode: 0o755 });
}

/**
 * Returns the path of the kubectl that the launcher runs. In `env`, `undefined` removes a variable.
 */
export async function launch(
  world: MemoWorld,
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<string> {
  const { stdout, stderr } = await new Deno.Command(`${world.root}/kubectl`, {
    args: [...world.args],
    cwd: world.cwd,
    env: Object.fromEntries(
      Object.entries({ PATH: "/usr/bin:/bin", ...world.env, ...env })
        .filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
    clearEnv: true,
    stdin: "null",
  }).output();
  assertEquals(new TextDecoder().decode(stderr), "");
  const said = new TextDecoder().decode(stdout);
  return said.startsWith(STARTED) ? STARTED : said.trim();
}
