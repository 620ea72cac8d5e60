/**
 * Stories of the hand-off. Each runs in both ways, with a folder of its own.
 *
 * @module
 */
const HAND_OFF = `${import.meta.dirname}/hand_off.ts`;
export const COUNT_SIGNALS = `${import.meta.dirname}/count_signals.ts`;
const WINDOWS = Deno.build.os === "windows";
const LINUX = Deno.build.os === "linux";
export type Mode = "exec" | "spawn";
const MODES: readonly Mode[] = ["exec", "spawn"];

export interface Box {
  readonly folder: string;
  /** Writes a file, which is an executable shell script by default. */
  file(name: string, content: string, mode?: number): string;
}

/** Runs the story in both ways, or in those named, each with a folder of its own. */
export function test(
  name: string,
  fn: (mode: Mode, box: Box) => Promise<void>,
  options: Options = {},
) {
  const { modes = MODES, only } = options;
  const reason = WINDOWS
    ? "its kubectl is a shell script"
    : only === "linux" && !LINUX
    ? "it needs Linux"
    : undefined;
  for (const mode of modes) {
    const full = modes.length === 1 ? name : `${name} (${mode})`;
    Deno.test({
      name: reason === undefined ? full : `${full} (ignored: ${reason})`,
      ignore: reason !== undefined,
      async fn() {
        const folder = Deno.makeTempDirSync({ prefix: "kuberlr-handoff-" });
        const file = (name: string, content: string, mode = 0o755) => {
          Deno.writeTextFileSync(`${folder}/${name}`, content);
          Deno.chmodSync(`${folder}/${name}`, mode);
          return `${folder}/${name}`;
        };
        try {
          await fn(mode, { folder, file });
        } finally {
          Deno.removeSync(folder, { recursive: true });
        }
      },
    });
  }
}

export interface Options {
  readonly modes?: readonly Mode[];
  readonly only?: "linux";
}

/** Returns Deno's arguments for a program that runs `path`. */
export function handOff(
  mode: Mode,
  path: string,
  args: readonly string[] = [],
  allow = ["-A"],
): string[] {
  return [
    "run",
    ...allow,
    "--no-check",
    "--no-prompt",
    HAND_OFF,
    mode,
    "system",
    path,
    "kubectl",
    ...args,
  ];
}

export async function run(args: readonly string[], env: Record<string, string> = {}) {
  const { code, signal, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    env,
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, signal, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}
