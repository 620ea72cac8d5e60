/**
 * Finds the shell that a launcher is written for.
 *
 * @module
 */
import { lookPath } from "../../files/steps/look_path.ts";
import type { Host } from "../../ports/host.ts";

/**
 * Returns the interpreter for `#!`. `bash -p` keeps every variable and takes no function from the
 * environment; other shells drop variables whose names they do not allow. It is not used if it
 * prints a warning, for example about a locale that is not installed.
 */
export async function findShell(
  host: Pick<Host, "env" | "files" | "platform" | "processes" | "clock">,
): Promise<string> {
  const found = lookPath("bash", host);
  for (const path of ["/bin/bash", "/usr/bin/bash", ...(found === undefined ? [] : [found])]) {
    // The kernel splits the line at blanks, and truncates a long one.
    if (/\s/.test(path) || path.length > MAX_PATH_CHARACTERS) continue;
    const result = await host.processes.run({
      command: "/bin/sh",
      args: ["-c", `exec "$0" -p -c : 2>&1`, path],
      env: {},
      deadlineMs: host.clock.monotonicMs() + LIMIT_MS,
      maxOutputBytes: 1 << 16,
    });
    if (result.kind === "exited" && result.status === 0 && result.stdout.length === 0) {
      return `${path} -p`;
    }
  }
  return "/bin/sh";
}

const MAX_PATH_CHARACTERS = 100;
const LIMIT_MS = 2_000;
