/**
 * Finds the memo of a command. This is the hot path: one small file is read, and its facts are
 * checked.
 *
 * @module
 */
import type { Need } from "../../kubectl/need.ts";
import { orUndefined } from "../../errors.ts";
import type { LocalHost } from "../../ports/host.ts";
import type { CommandLine } from "../../kubectl/argv.ts";
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
import { findDistrustBelowRoot } from "../../files/steps/distrust.ts";
import { existingPlaces } from "../../files/steps/existing_places.ts";
import { readOwnText } from "../../files/steps/read_own.ts";

/**
 * Returns the memo of an earlier command if it still holds; `undefined` if the command has to be
 * resolved.
 */
export function recallKubectl(line: CommandLine, need: Need, host: LocalHost): Memo | undefined {
  // The home directory comes first: if it has the memo, no temporary directory is looked at.
  const kubeconfigs = host.env.get("KUBECONFIG");
  for (const { root, memo } of existingPlaces(host)) {
    if (findDistrustBelowRoot(memo, root, host) !== undefined) continue;
    const found = recall(memoKey(line, need, kubeconfigs), memo, host) ??
      recall(memoKeyPerCommand(line, need, kubeconfigs), memo, host);
    if (found !== undefined) return found;
  }
  return undefined;
}

function recall(key: string, folder: string, host: LocalHost): Memo | undefined {
  const path = joinPath(host.platform, folder, memoFileName(key));
  const nowMs = host.clock.nowMs();
  const text = orUndefined(() => readOwnText(path, "memo", host.files));
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
