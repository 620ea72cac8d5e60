/**
 * kuberlr, in the PATH as `kubectl`: becomes the kubectl that fits the cluster.
 *
 * One program under two names. Called as `kubectl` it is a wrapper, and every argument belongs to
 * kubectl; called as `kuberlr` it manages what the wrapper uses. A kubectl command that led
 * somewhere before takes the short way there: what is imported here is all that it needs, and is
 * kept small. Everything else is behind `lib/main/`.
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
    const { runManagement } = await import("./lib/main/management.ts").catch(endWithoutModules);
    return await runManagement(args, local);
  }
  // Called by kubectl's name, kubectl sees the name as it was typed; `kuberlr kubectl` has one
  // argument more.
  const argv0 = args.length === program.args.length ? program.argv0 : "kubectl";
  const line = scanKubectlArgv(args);
  const need = findNeed(line, local.env);
  const remembered = recallKubectl(line, need, local);
  // The launcher would have followed a shortcut, which is missing or of another world.
  if (invocation.shortcut !== undefined && remembered && !remembered.shortcut) {
    const { rememberShortcut } = await import("./lib/main/shortcuts.ts").catch(endWithoutModules);
    await rememberShortcut({ asked: invocation.shortcut, line, memo: remembered }, local);
  }
  // Does not return where this works: the process is kubectl then.
  if (remembered?.warning === null) tryHandOff({ ...remembered, argv0, args });
  // A server is likely to be asked: what TLS needs first runs beside the loading of everything
  // else.
  if (remembered === undefined && need.kind === "server") {
    import("./lib/host/net/tls_warm_up.ts").then(({ warmUpTls }) => warmUpTls(), () => {});
  }
  const { runWrapperMode } = await import("./lib/main/wrapper_mode.ts").catch(endWithoutModules);
  return await runWrapperMode({ argv0, line, remembered }, local);
}

/** The report of failures may be what cannot be loaded. */
function endWithoutModules(error: unknown): never {
  const failure = describeLoadingError(error);
  if (failure === undefined) throw error;
  Deno.exit(say(failure.message, failure.hint ?? ""));
}

/** Where the report of failures is out of reach. Returns the exit status. */
function say(message: string, hint: string): number {
  const text = `kuberlr: error: ${message}\nkuberlr: hint: ${hint}\n`;
  Deno.stderr.writeSync(new TextEncoder().encode(text));
  return 125;
}
