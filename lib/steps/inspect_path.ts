/**
 * Which kubectl PATH finds, and where in it kuberlr is: for people to read.
 *
 * @module
 */
import { tolerate } from "../errors.ts";
import type { Host } from "../host.ts";
import { joinPath, listSeparator } from "../platform.ts";
import { lookPath } from "./look_path.ts";

export interface PathReport {
  readonly found: string | undefined;
  readonly isKuberlr: boolean;
  /** The first that is kuberlr. */
  readonly kuberlr: string | undefined;
}

type Ports = Pick<Host, "env" | "files" | "platform" | "program">;

export function inspectPath(host: Ports): PathReport {
  const { env, platform } = host;
  const found = lookPath("kubectl", host);
  const kuberlr = (env.get("PATH") ?? "").split(listSeparator(platform))
    .filter((folder) => folder !== "")
    .map((folder) => lookPath(joinPath(platform, folder, "kubectl"), host))
    .find((path) => path !== undefined && isKuberlr(path, host));
  return { found, isKuberlr: found !== undefined && isKuberlr(found, host), kuberlr };
}

/** Itself, a link to it, or the launcher that `kuberlr link` writes. */
function isKuberlr(path: string, { files, program }: Ports): boolean {
  const stat = tolerate(() => files.stat(path));
  const self = program.identity();
  if (self !== undefined && stat?.dev === self.dev && stat.ino === self.ino) return true;
  if (stat?.kind !== "file" || stat.size >= 4_096) return false;
  const launcher = program.launcher();
  const started = launcher.kind === "executable" ? launcher.path : launcher.module;
  return tolerate(() => files.readText(path))?.includes(started) === true;
}
