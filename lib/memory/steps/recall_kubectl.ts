/**
 * Finding a remembered resolution again: the hot path. One small file is read, and its facts are checked.
 *
 * @module
 */
import type { Need } from "../../kubectl/need.ts";
import { orUndefined } from "../../errors.ts";
import type { LocalHost } from "../../ports/host.ts";
import type { CommandLine } from "../../kubectl/argv.ts";
import { findLayout } from "../../files/layout.ts";
import {
  formatMemo,
  type Memo,
  memoFileName,
  memoKey,
  memoKeyPerCommand,
  parseMemo,
} from "../memo.ts";
import { joinPath } from "../../platform.ts";
import { checkFacts } from "../../readings/steps/facts.ts";
import { readOwnText } from "../../files/steps/read_own.ts";

/** The answer to an earlier command that would be the same today; `undefined`: it has to be found anew. */
export function recallKubectl(line: CommandLine, need: Need, host: LocalHost): Memo | undefined {
  const folder = findLayout(host.platform, host.env)?.memo;
  // A link leads to where others may have put what looks like ours.
  if (folder === undefined || orUndefined(() => host.files.lstat(folder))?.kind !== "directory") {
    return undefined;
  }
  const kubeconfigs = host.env.get("KUBECONFIG");
  return recall(memoKey(line, need, kubeconfigs), folder, host) ??
    recall(memoKeyPerCommand(line, need, kubeconfigs), folder, host);
}

function recall(key: string, folder: string, host: LocalHost): Memo | undefined {
  const path = joinPath(host.platform, folder, memoFileName(key));
  const nowMs = host.clock.nowMs();
  const text = orUndefined(() => readOwnText(path, host.files));
  const memo = text === undefined ? undefined : parseMemo(text, key, nowMs);
  if (memo === undefined) return undefined;
  const check = checkFacts(memo.facts, nowMs, host);
  if (check.kind === "changed") return undefined;
  const { settled } = check;
  if (settled === undefined) return memo;
  const renewed = { ...memo, facts: settled };
  orUndefined(() => host.files.writeAtomically(path, formatMemo(renewed), 0o600));
  return renewed;
}
