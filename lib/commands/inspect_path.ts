/**
 * Which kubectl PATH finds, and where in it kuberlr is: for people to read.
 *
 * @module
 */
import { orUndefined } from "../errors.ts";
import { isSameFile } from "../files/identity.ts";
import type { Host } from "../ports/host.ts";
import { splitList } from "../files/path_list.ts";
import { joinPath } from "../platform.ts";
import { lookPath } from "../files/steps/look_path.ts";

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
  const kuberlr = splitList(platform, env.get("PATH") ?? "")
    .filter((folder) => folder !== "")
    .map((folder) => lookPath(joinPath(platform, folder, "kubectl"), host))
    .find((path) => path !== undefined && isKuberlr(path, host));
  return { found, isKuberlr: found !== undefined && isKuberlr(found, host), kuberlr };
}

/** In what `kuberlr link` writes. */
export const LAUNCHER_MARK = `made by "kuberlr link"`;

const MAX_LAUNCHER_BYTES = 4_096;

/** The text of what is small enough for a launcher; `""` of everything else. */
export function readLauncher(
  path: string,
  files: Pick<Host["files"], "stat" | "readText">,
): string {
  const stat = orUndefined(() => files.stat(path));
  if (stat?.kind !== "file" || stat.size >= MAX_LAUNCHER_BYTES) return "";
  return orUndefined(() => files.readText(path)) ?? "";
}

/** Itself, a link to it, or a launcher: of `kuberlr link`, or another that names it. */
function isKuberlr(path: string, { files, program }: Ports): boolean {
  if (isSameFile(orUndefined(() => files.stat(path)), program.identity())) return true;
  const launcher = program.launcher();
  const started = launcher.kind === "executable" ? launcher.path : launcher.module;
  const text = readLauncher(path, files);
  return text.includes(LAUNCHER_MARK) || text.includes(started);
}
