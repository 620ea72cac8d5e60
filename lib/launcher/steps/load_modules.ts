/**
 * Makes sure that kuberlr can start again: if it runs from source, Deno loads every module first.
 *
 * @module
 */
import { KuberlrError } from "../../errors.ts";
import { decodeUtf8 } from "../../encoding/utf8.ts";
import type { Host, StartCommand } from "../../ports/host.ts";

/**
 * Makes Deno download and cache all modules and packages that kuberlr imports.
 *
 * @throws {KuberlrError} `cannot-load`, with Deno's reason
 */
export async function loadModules(
  start: StartCommand,
  flags: readonly string[],
  host: Pick<Host, "platform" | "processes" | "clock">,
): Promise<void> {
  if (start.kind === "executable") return;
  const command = [start.deno, "cache", ...flags, start.module];
  // Deno's message goes to stderr, which the port does not return.
  const [program = "", ...args] = host.platform.os === "windows"
    ? command
    : ["/bin/sh", "-c", `exec "$@" 2>&1`, "sh", ...command];
  const result = await host.processes.run({
    command: program,
    args,
    env: { NO_COLOR: "1" },
    deadlineMs: host.clock.monotonicMs() + LIMIT_MS,
    maxOutputBytes: 1 << 20,
  });
  if (result.kind === "exited" && result.status === 0) return;
  const said = result.kind === "exited" ? decodeUtf8(result.stdout) : result.message;
  const { cause, hint } = explainDeno(said);
  throw new KuberlrError("cannot-load", `Cannot load kuberlr's modules: ${cause}`, { hint });
}

/** A package registry may be slow. */
const LIMIT_MS = 120_000;

/** Returns the first line of Deno's message with its innermost reason, and a hint. */
function explainDeno(said: string): { readonly cause: string; readonly hint: string } {
  const lines = said.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  const first = lines.findIndex((line) => line.startsWith("error: "));
  const about = lines.slice(Math.max(first, 0)).map((line) =>
    line.replace(/^(?:error|\d+): /, "").replace(/^Caused by:$/, "")
  ).filter((line) => line !== "" && !/^(?:at |hint: )/.test(line));
  const [what = "Deno does not say why", ...reasons] = about;
  const reason = reasons.at(-1);
  const cause = reason === undefined || what.includes(reason) ? what : `${what} (${reason})`;
  const distrusts = /UnknownIssuer|invalid peer certificate|CaUsedAsEndEntity/.test(said);
  return {
    cause,
    hint: distrusts
      ? "Let Deno use the system's certificates: export DENO_TLS_CA_STORE=mozilla,system"
      : "Run the command again where the registry of its packages can be reached",
  };
}
