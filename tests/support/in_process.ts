/**
 * Runs commands in the test's own process, with real files, servers and mirrors. That is many times
 * faster than starting processes. kubectl itself does not run, and retries do not wait. stdout and
 * stderr are terminals without colours and cursor movement.
 *
 * @module
 */
import { prepareKubectl } from "../../lib/commands/prepare_kubectl.ts";
import { runCommand } from "../../lib/commands/dispatch.ts";
import { denoHost } from "../../lib/host/deno_host.ts";
import { localHost } from "../../lib/host/local_host.ts";
import { statFast } from "../../lib/host/process/libc.ts";
import { scanKubectlArgv } from "../../lib/kubectl/argv.ts";
import { endingWithStatus } from "../../lib/main/ending.ts";
import type { FileIdentity } from "../../lib/ports/files.ts";
import type { Host } from "../../lib/ports/host.ts";
import type { Run, Sandbox } from "./sandbox.ts";

// The library stays open; the first test would count that as a leak.
statFast("/", "follow");

/**
 * Runs `kuberlr ARGS…`; `kuberlr kubectl ARGS…` stops just before kubectl would run. `overrides`
 * replace parts of the outside world.
 */
export async function runInside(
  box: Sandbox,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  overrides: Partial<Host> = {},
): Promise<Pick<Run, "status" | "stdout" | "stderr">> {
  const written = { stdout: "", stderr: "" };
  const host = { ...hostOf(box, { ...box.env, ...env }, written), ...overrides };
  try {
    const status = await endingWithStatus(host, async () => {
      if (args[0] !== "kubectl") return await runCommand(args, host);
      await prepareKubectl(scanKubectlArgv(args.slice(1)), host);
      return 0;
    });
    return { status, ...written };
  } finally {
    await host.downloads.close();
  }
}

function hostOf(
  { cwd, bin }: Sandbox,
  variables: Readonly<Record<string, string>>,
  written: { stdout: string; stderr: string },
): Host {
  const local = localHost();
  const stream = (name: "stdout" | "stderr") => ({
    isTerminal: false,
    isDumb: true,
    columns: () => undefined,
    write: (text: string) => void (written[name] += text),
  });
  return {
    ...denoHost({
      ...local,
      env: { get: (name) => variables[name] },
      program: {
        ...local.program,
        cwd: () => cwd,
        variables: () => Object.keys(variables),
        // This world's kuberlr, as a process would know itself.
        identity: () => identityOf(`${bin}/kubectl`) ?? local.program.identity(),
      },
    }),
    clock: { ...local.clock, sleep: () => Promise.resolve() },
    terminal: { stdout: stream("stdout"), stderr: stream("stderr") },
  };
}

function identityOf(path: string): FileIdentity | undefined {
  try {
    const { dev, ino } = Deno.statSync(path);
    return ino === null ? undefined : { dev, ino };
  } catch {
    return undefined;
  }
}
