/**
 * Writing a shortcut: for a command that the launcher could not follow by itself, though kuberlr
 * remembers it. What cannot be written costs time, never the command.
 *
 * @module
 */
import { orUndefined } from "../../errors.ts";
import { findLayout, type Layout } from "../../files/layout.ts";
import { findDistrustDown } from "../../files/steps/distrust.ts";
import { makeFolderIn, writeOwnText } from "../../files/steps/write_own.ts";
import { readOwnText } from "../../files/steps/read_own.ts";
import { readRegularText } from "../../files/steps/read_regular.ts";
import type { CommandLine } from "../../kubectl/argv.ts";
import { findNeed } from "../../kubectl/need.ts";
import { formatMemo, type Memo, memoFileName, memoKey } from "../../memory/memo.ts";
import { folderOf, formatPlatform, isAbsolutePath, joinPath } from "../../platform.ts";
import type { Host } from "../../ports/host.ts";
import { shortcutName } from "../command_words.ts";
import { planShortcut, renderShortcut, type Shortcut, shortcutKey } from "../shortcut.ts";
import { STAT_FLAVORS, type StatFlavor } from "../stat_format.ts";
import { findStat, lookAt } from "./stat_command.ts";

type LauncherHost = Pick<
  Host,
  "platform" | "program" | "env" | "files" | "processes" | "clock"
>;

/** Where Linux tells its clocks. */
const PROC = "/proc";

export interface ShortcutRequest {
  /** The name under which the launcher has looked for a shortcut. */
  readonly asked: string;
  readonly line: CommandLine;
  readonly memo: Memo;
  readonly proc?: string;
}

/**
 * Writes the shortcut that the launcher has asked for by name, and notes in the memo that it is
 * there, or why there is none. Called where a memo holds and the launcher did not follow it.
 */
export async function keepShortcut(request: ShortcutRequest, host: LauncherHost): Promise<void> {
  const { asked, line, memo } = request;
  const layout = findLayout(host.platform, host.env);
  if (layout === undefined || !isAskedFor(asked, line, host)) return;
  if (findDistrustDown(layout.memo, layout.root, host) !== undefined) return;
  // The launcher looks in the home alone; the memo may be in a temporary directory.
  const memoPath = joinPath(host.platform, layout.memo, memoFileName(memo.key));
  if (orUndefined(() => host.files.lstat(memoPath)) === undefined) return;
  // A content that has only just changed settles by itself.
  if (memo.facts.some((fact) => fact[3] !== undefined)) return;
  const made = await makeShortcut(request, layout, host);
  const path = joinPath(host.platform, layout.memo, asked);
  const isRepeated = made.kind === "text" &&
    orUndefined(() => readOwnText(path, "shortcut", host.files)) === made.text;
  // The launcher follows nothing in the second in which the memo was written, but from the next on.
  if (isRepeated && host.clock.nowMs() < startOfNextSecond(memo.writtenAtMs)) return;
  orUndefined(() => {
    if (made.kind === "text" && !isRepeated) writeOwnText(path, made.text, layout, host);
    const shortcut = made.kind === "none"
      ? made.reason
      : isRepeated
      ? "the launcher finds another world than kuberlr does"
      : "";
    writeOwnText(memoPath, formatMemo({ ...memo, shortcut }), layout, host);
  });
}

/** Milliseconds since 1970, as {@linkcode renderShortcut} bounds the time of day. */
function startOfNextSecond(ms: number): number {
  return Math.ceil(ms / 1000) * 1000;
}

/**
 * Whether the name, but for its last part, is that of the line: the launcher has read the words
 * alike.
 */
function isAskedFor(asked: string, line: CommandLine, host: LauncherHost): boolean {
  const key = shortcutKey(line, findNeed(line, host.env), host.env.get("KUBECONFIG"));
  const name = key && shortcutName(key);
  return name !== undefined && asked === `${name}.${flavorOf(asked)}`;
}

function flavorOf(asked: string): StatFlavor | undefined {
  return STAT_FLAVORS.find((flavor) => asked.endsWith(`.${flavor}`));
}

async function makeShortcut(
  { asked, line, memo, proc = PROC }: ShortcutRequest,
  layout: Layout,
  host: LauncherHost,
): Promise<Shortcut> {
  const { env, files, clock } = host;
  const key = memoKey(line, findNeed(line, env), env.get("KUBECONFIG"));
  if (memo.key !== key) return none("a kuberc has defaults for commands");
  const command = linkPath(memo.path, layout, host);
  const plan = planShortcut(memo, { program: programFile(host), command });
  if (plan.kind === "none") return plan;
  const stat = await findStat(host);
  if (stat === undefined || stat.flavor !== flavorOf(asked)) {
    return none("the stat command is another one now");
  }
  if (!placeLink(memo.path, command, layout, host)) return none(`"${command}" cannot be made`);
  const lines = await lookAt(plan.looks.map(({ path }) => path), stat, host);
  if (lines === undefined) return none("the stat command fails");
  return renderShortcut(memo, plan, {
    lines,
    flavor: stat.flavor,
    variable: (name) => env.get(name),
    nearestFolder: (path) => nearestFolder(path, files),
    clock: { nowMs: clock.nowMs(), boot: readBoot(proc, files), proc },
    command,
  });
}

/** Kuberlr's own file: another one may choose otherwise. */
function programFile({ program, platform }: LauncherHost): string | undefined {
  const start = program.startCommand();
  const path = start.kind === "executable" ? start.path : start.module;
  return isAbsolutePath(platform, path) ? path : undefined;
}

/** A name for a kubectl that ends in `kubectl`: kubectl tells servers the last part of its own. */
function linkPath(path: string, layout: Layout, { platform }: LauncherHost): string {
  const file = path.slice(path.lastIndexOf("/") + 1);
  return joinPath(platform, layout.links, formatPlatform(platform), file, "kubectl");
}

/** Whether the link is there and leads to the kubectl. */
function placeLink(path: string, link: string, layout: Layout, host: LauncherHost): boolean {
  const { files } = host;
  const isMade = orUndefined(() => {
    makeFolderIn(layout, folderOf(link), host);
    return true;
  });
  if (isMade !== true) return false;
  const leadsThere = () => {
    const real = orUndefined(() => files.realPath(link));
    return real !== undefined && real === orUndefined(() => files.realPath(path));
  };
  if (!leadsThere()) orUndefined(() => files.linkAtomically(path, link));
  return leadsThere();
}

/** The nearest folder above a path that exists. */
function nearestFolder(path: string, files: Host["files"]): string {
  for (let folder = folderOf(path); folder !== ""; folder = folderOf(folder)) {
    if (orUndefined(() => files.stat(folder))?.kind === "directory") return folder;
  }
  return "/";
}

function readBoot(
  proc: string,
  files: Host["files"],
): { id: string; uptimeSeconds: number } | undefined {
  const id = orUndefined(() =>
    readRegularText(`${proc}/sys/kernel/random/boot_id`, "kernel", files)
  )?.trim();
  const uptime = orUndefined(() => readRegularText(`${proc}/uptime`, "kernel", files));
  const uptimeSeconds = Number(uptime?.split(" ")[0]);
  return id === undefined || uptime === undefined || !(uptimeSeconds >= 0)
    ? undefined
    : { id, uptimeSeconds };
}

function none(reason: string): Shortcut {
  return { kind: "none", reason };
}
