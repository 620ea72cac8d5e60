/**
 * Finds the file that a command's name leads to, as Go's `exec.LookPath` does. Credential plugins
 * are started from that path, and kuberc's list of allowed plugins is compared with it.
 *
 * Source: Go, os/exec/lp_unix.go and lp_windows.go.
 *
 * @module
 */
import { join as joinPosix } from "@std/path/posix";
import { join as joinWindows } from "@std/path/windows";
import { orUndefined } from "../../errors.ts";
import type { Host } from "../../ports/host.ts";
import { splitList } from "../path_list.ts";
import { isAbsolutePath } from "../../platform.ts";

/**
 * Returns `undefined` for a file that cannot be executed, and for one that only a relative entry of
 * PATH leads to.
 */
export function lookPath(
  name: string,
  host: Pick<Host, "env" | "files" | "platform">,
): string | undefined {
  const { env, platform } = host;
  const isWindows = platform.os === "windows";
  if (/[\\/:]/.test(isWindows ? name : name.replaceAll(/[^/]/g, ""))) {
    return findRunnable(name, host);
  }
  for (const folder of splitList(platform, env.get("PATH") ?? "")) {
    if (name === "" || (isWindows && folder === "")) continue;
    const path = isWindows ? joinWindows(folder, name) : joinPosix(folder || ".", name);
    const found = findRunnable(path, host);
    if (found !== undefined) return isAbsolutePath(platform, found) ? found : undefined;
  }
  return undefined;
}

/** Returns the path if it can be executed; on Windows, also with an ending of PATHEXT. */
function findRunnable(
  path: string,
  { env, files, platform }: Pick<Host, "env" | "files" | "platform">,
): string | undefined {
  if (platform.os !== "windows") return isRunnable(path, files) ? path : undefined;
  const hasEnding = /\.[^\\/:.]*$/.test(path);
  return [...(hasEnding ? [path] : []), ...listEndings(env).map((ending) => path + ending)]
    .find((file) => orUndefined(() => files.stat(file))?.kind === "file");
}

/** Returns the endings of programs on Windows, by PATHEXT, in lower case and with their dots. */
export function listEndings(env: Host["env"]): readonly string[] {
  return (env.get("PATHEXT") || ".com;.exe;.bat;.cmd").toLowerCase().split(";")
    .filter((ending) => ending !== "")
    .map((ending) => ending.startsWith(".") ? ending : `.${ending}`);
}

function isRunnable(path: string, files: Host["files"]): boolean {
  const stat = orUndefined(() => files.stat(path));
  return stat?.kind === "file" && files.isExecutable(path, stat);
}
