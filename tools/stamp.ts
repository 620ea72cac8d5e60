/**
 * Writes version, commit and date into a build (lib/build_info.ts), by the rules of Kubernetes'
 * hack/lib/version.sh. They are from the file that `KUBE_GIT_VERSION_FILE` names, from the values
 * that `git archive` has written into this file, or from git.
 *
 * ```sh
 * deno run -A tools/stamp.ts dist/kuberlr.js   # stamps the file
 * deno run -A tools/stamp.ts                   # prints the stamp
 * ```
 *
 * @see https://github.com/kubernetes/kubernetes/blob/master/hack/lib/version.sh
 * @module
 */
import { BUILD_INFO, type BuildInfo, formatStamp, untaggedVersion } from "../lib/build_info.ts";

/** `git archive` replaces these placeholders (`export-subst` in .gitattributes). */
export const ARCHIVE: ArchiveFacts = {
  marker: "$Format:%%$",
  commit: "$Format:%H$",
  refs: "$Format:%D$",
};

export interface ArchiveFacts {
  /** `%` in an archive, otherwise the placeholder. */
  readonly marker: string;
  readonly commit: string;
  /** `HEAD -> main, tag: v1.2.3`. */
  readonly refs: string;
}

/** The input of the rules. `git` is absent outside a repository. */
export interface SourceFacts {
  readonly archive: ArchiveFacts;
  readonly git?: {
    readonly commit: string;
    readonly isClean: boolean;
    /** `git describe --tags --match='v*' --abbrev=14`; absent if there is no such tag. */
    readonly description?: string;
  };
}

/** Returns the stamp of a build. @throws {Error} the tag is not a semantic version */
export function stampOf({ archive, git }: SourceFacts, buildDate: string): BuildInfo {
  if (archive.marker === "%") {
    const gitVersion = /tag: (v[^ ,]+)/.exec(archive.refs)?.[1] ??
      untaggedVersion(BUILD_INFO.gitVersion, archive.commit);
    return checked({ gitVersion, gitCommit: archive.commit, gitTreeState: "archive", buildDate });
  }
  if (git === undefined) return { ...BUILD_INFO, buildDate };
  const { commit: gitCommit, isClean, description } = git;
  const gitTreeState = isClean ? "clean" : "dirty";
  const version = description === undefined
    ? untaggedVersion(BUILD_INFO.gitVersion, gitCommit)
    : rewriteDescription(description);
  const gitVersion = version + (isClean ? "" : "-dirty");
  return checked({ gitVersion, gitCommit, gitTreeState, buildDate });
}

/** Returns the stamp of the checkout in `root`. @throws {Error} as {@linkcode stampOf} */
export async function readStamp(
  root: string,
  archive: ArchiveFacts,
  env: Readonly<Record<string, string>>,
): Promise<BuildInfo> {
  const buildDate = formatDate(env["SOURCE_DATE_EPOCH"]);
  const file = env["KUBE_GIT_VERSION_FILE"];
  if (file) return readVersionFile(await Deno.readTextFile(file), buildDate);
  const commit = await git(root, ["rev-parse", "HEAD^{commit}"]);
  if (archive.marker === "%" || commit === undefined) return stampOf({ archive }, buildDate);
  const status = await git(root, ["status", "--porcelain"]);
  const description = await git(root, [
    "describe",
    "--tags",
    "--match=v*",
    "--abbrev=14",
    `${commit}^{commit}`,
  ]);
  return stampOf({
    archive,
    git: {
      commit,
      isClean: status === "",
      ...(description !== undefined && { description }),
    },
  }, buildDate);
}

/**
 * Returns the text of a built file with the stamp in it.
 *
 * @throws {Error} there is not exactly one place for the stamp
 */
export function stampText(text: string, info: BuildInfo): string {
  const stamp = /kuberlr-stamp\|[^"'`\n|]*\|[^"'`\n|]*\|[a-z]*\|[0-9TZ:-]*/g;
  const found = text.match(stamp)?.length ?? 0;
  if (found !== 1) throw new Error(`Cannot stamp: the text holds ${found} stamps`);
  return text.replace(stamp, () => formatStamp(info));
}

/**
 * Turns the output of `git describe` into a semantic version. With three dashes, `-N-g…` follows a
 * pre-release; with two, a release. Other texts are unchanged.
 */
function rewriteDescription(description: string): string {
  switch (description.split("-").length - 1) {
    case 3:
      return description.replace(/-(\d+)-g([0-9a-f]{14})$/, ".$1+$2");
    case 2:
      return description.replace(/-g([0-9a-f]{14})$/, "+$1");
    default:
      return description;
  }
}

function checked(info: BuildInfo): BuildInfo {
  if (!/^v\d+\.\d+(\.\d+)?(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/.test(info.gitVersion)) {
    throw new Error(`Cannot stamp: "${info.gitVersion}" is not a semantic version`);
  }
  return info;
}

/**
 * Parses the file that kube::version::save_version_vars writes: `KUBE_GIT_COMMIT='…'` and others.
 */
function readVersionFile(text: string, buildDate: string): BuildInfo {
  const value = (name: string) => new RegExp(`^${name}='(.*)'$`, "m").exec(text)?.[1] ?? "";
  const state = value("KUBE_GIT_TREE_STATE");
  return checked({
    gitVersion: value("KUBE_GIT_VERSION"),
    gitCommit: value("KUBE_GIT_COMMIT"),
    gitTreeState: state === "clean" || state === "dirty" || state === "archive" ? state : "",
    buildDate,
  });
}

function formatDate(epochSeconds: string | undefined): string {
  const date = epochSeconds ? new Date(Number(epochSeconds) * 1000) : new Date();
  return `${date.toISOString().slice(0, 19)}Z`;
}

async function git(root: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const { success, stdout } = await new Deno.Command("git", {
      args: ["-C", root, ...args],
      stdin: "null",
      stderr: "null",
    }).output();
    return success ? new TextDecoder().decode(stdout).trimEnd() : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

if (import.meta.main) {
  const info = await readStamp(`${import.meta.dirname}/..`, ARCHIVE, Deno.env.toObject());
  const [file] = Deno.args;
  if (file === undefined) Deno.stdout.writeSync(new TextEncoder().encode(formatStamp(info) + "\n"));
  else await Deno.writeTextFile(file, stampText(await Deno.readTextFile(file), info));
}
