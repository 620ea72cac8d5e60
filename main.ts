/**
 * kuberlr, in the PATH as `kubectl`: becomes the kubectl that fits the cluster.
 *
 * One program under two names. Called as `kubectl` it is a wrapper: every argument belongs to kubectl, and what such a
 * command led to before is looked up before anything else is loaded. Called as `kuberlr` it manages what the wrapper
 * uses. This file alone ends the process.
 *
 * @module
 */
import type { Host, LocalHost } from "./lib/host.ts";
import { handOff } from "./lib/host/handoff.ts";
import { localHost } from "./lib/host/local_host.ts";
import { parseInvocation } from "./lib/invocation.ts";
import { scanKubectlArgv } from "./lib/kubectl_argv.ts";
import type { ChosenKubectl } from "./lib/memo.ts";
import { findNeed } from "./lib/need.ts";
import { recallKubectl } from "./lib/steps/recall_kubectl.ts";

const local = localHost();
try {
  Deno.exit(await run(local));
} catch (error) {
  const { reportFailure } = await import("./lib/commands/failure.ts");
  Deno.exit(reportFailure(error, await completeHost(local)));
}

/** The exit status, where the process has not become kubectl. */
async function run(local: LocalHost): Promise<number> {
  const { program, platform } = local;
  const invocation = parseInvocation(program.argv0, program.args, platform);
  if (invocation.kind === "kubectl") return await becomeKubectl(invocation.args, local);
  const { runCommand } = await import("./lib/commands/dispatch.ts");
  return await runCommand(invocation.args, await completeHost(local));
}

async function becomeKubectl(args: readonly string[], local: LocalHost): Promise<number> {
  const kubectl = await chooseKubectl(args, local);
  const { program } = local;
  // Called by kubectl's name, kubectl sees the name as it was typed; `kuberlr kubectl` has one argument more.
  const argv0 = args.length === program.args.length ? program.argv0 : "kubectl";
  return await handOff({ ...kubectl, argv0, args });
}

async function chooseKubectl(args: readonly string[], local: LocalHost): Promise<ChosenKubectl> {
  const line = scanKubectlArgv(args);
  const need = findNeed(line, local.env);
  const remembered = recallKubectl(line, need, local);
  if (remembered?.warning === null) return remembered;
  if (remembered === undefined && need.kind === "server") warmUp();
  const host = await completeHost(local);
  const { prepareKubectl, warnAgain } = await import("./lib/commands/kubectl.ts");
  return remembered === undefined ? await prepareKubectl(line, host) : warnAgain(remembered, host);
}

/** A server is likely to be asked: what TLS needs first runs beside the reading of configurations. */
async function warmUp(): Promise<void> {
  const { warmUpTls } = await import("./lib/host/tls_warm_up.ts");
  await warmUpTls();
}

async function completeHost(local: LocalHost): Promise<Host> {
  const { denoHost } = await import("./lib/host/deno_host.ts");
  return denoHost(local);
}
