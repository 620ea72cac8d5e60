/**
 * Resolves the paths in an entry of a kubeconfig. Relative paths start at the folder of the file
 * that defines the entry; symbolic links to that file are not followed.
 *
 * Source: client-go, tools/clientcmd/loader.go (ResolveLocalPaths).
 *
 * @module
 */
import * as posix from "@std/path/posix";
import * as windows from "@std/path/windows";
import { isAbsolutePath, type Platform } from "../platform.ts";

/** Resolves a path. `~` is not expanded: `~/ca.crt` is a file in a folder named `~`. */
export function resolvePath(platform: Platform, file: string, path: string): string {
  if (path === "" || isAbsolutePath(platform, path)) return path;
  const { dirname, join } = platform.os === "windows" ? windows : posix;
  return join(dirname(join(file)), path);
}

/** Resolves a command's path. A name without a separator is looked up in PATH later. */
export function resolveCommand(platform: Platform, file: string, command: string): string {
  const separator = platform.os === "windows" ? "\\" : "/";
  return command.includes(separator) ? resolvePath(platform, file, command) : command;
}
