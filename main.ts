/**
 * kuberlr, in the PATH as `kubectl`: becomes the kubectl that fits the cluster.
 *
 * One program under two names. Called as `kubectl`, it is a wrapper, and every argument belongs to
 * kubectl. Called as `kuberlr`, it has commands of its own. A repeated kubectl command needs only
 * what this file imports, which is kept small; `lib/main/` imports the rest.
 *
 * @module
 */
import { describeLoadingError } from "./lib/errors.ts";
import type { LocalHost } from "./lib/ports/host.ts";
import { tryHandOff } from "./lib/host/process/handoff.ts";
import { localHost } from "./lib/host/local_host.ts";
import { parseInvocation } from "./lib/invocation.ts";
import { scanKubectlArgv } from "./lib/kubectl/argv.ts";
import { findNeed } from "./lib/kubectl/need.ts";
import { recallKubectl } from "./lib/memory/steps/recall_kubectl.ts";

Deno.exit(await run(localHost()));

/** Returns the exit status if the process has not become kubectl. */
async function run(local: LocalHost): Promise<number> {
  const { program, platform } = local;
  const invocation = parseInvocation(program.argv0, program.args, platform);
  const { args } = invocation;
  if (invocation.kind === "unknown") {
    return say(
      "Cannot tell whether this is kubectl or kuberlr: nothing names the program",
      `Raise the limit of open files ("ulimit -n"), or mount /proc`,
    );
  }
  if (invocation.kind === "command") {
    await noteSignals();
    const { runManagement } = await import("./lib/main/management.ts").catch(endWithoutModules);
    return await runManagement(args, local);
  }
  // kubectl gets the name that was typed. `kuberlr kubectl` has one argument more.
  const argv0 = args.length === program.args.length ? program.argv0 : "kubectl";
  const line = scanKubectlArgv(args);
  const need = findNeed(line, local.env);
  const remembered = recallKubectl(line, need, local);
  // The launcher has looked for a shortcut, which is missing or out of date.
  if (invocation.shortcut !== undefined && remembered && !remembered.shortcut) {
    const { rememberShortcut } = await import("./lib/main/shortcuts.ts").catch(endWithoutModules);
    await rememberShortcut({ name: invocation.shortcut, line, memo: remembered }, local);
  }
  // If it succeeds, it does not return: the process is kubectl then.
  if (remembered?.warning === null) tryHandOff({ ...remembered, argv0, args });
  // A server will probably be asked, so TLS is prepared while the other modules are loaded.
  if (remembered === undefined && need.kind === "server") {
    import("./lib/host/net/tls_warm_up.ts").then(({ warmUpTls }) => warmUpTls(), () => {});
  }
  await noteSignals();
  const { runWrapperMode } = await import("./lib/main/wrapper_mode.ts").catch(endWithoutModules);
  return await runWrapperMode({ argv0, line, remembered }, local);
}

/** Notes the ignored signals: Deno takes some over while the other modules are loaded. */
async function noteSignals(): Promise<void> {
  const { noteIgnoredSignals } = await import("./lib/host/process/ignored_signals.ts")
    .catch(endWithoutModules);
  noteIgnoredSignals();
}

/** Reports modules that cannot be loaded; `lib/main/ending.ts` may be one of them. */
function endWithoutModules(error: unknown): never {
  const failure = describeLoadingError(error);
  if (failure === undefined) throw error;
  Deno.exit(say(failure.message, failure.hint ?? ""));
}

/** Reports an error without `lib/output/`, which may not be loaded. Returns the exit status. */
function say(message: string, hint: string): number {
  const text = `kuberlr: error: ${message}\nkuberlr: hint: ${hint}\n`;
  Deno.stderr.writeSync(new TextEncoder().encode(text));
  return 125;
}
