/**
 * Opens the mirrors of the configuration: each gets its credentials and the mirror that its
 * checksums come from.
 *
 * @module
 */
import type { Host } from "../../ports/host.ts";
import type { Color } from "../../output/report.ts";
import type { Failed } from "../answer.ts";
import { type Mirror, parseMirror } from "../mirror.ts";
import { openNetrc } from "./netrc_credentials.ts";
import { type MirrorSession, startSession } from "./ask_mirror.ts";
import { startWaitBudget } from "./wait_budget.ts";

/** The part of the configuration that says where kubectls come from. */
export interface MirrorSettings {
  readonly kubeMirrorUrl: readonly string[];
  /** The mirror of the checksums; empty: they are beside the kubectls. */
  readonly checksumUrl: string;
  readonly quiet: boolean;
  readonly color: Color;
}

export interface MirrorSource {
  readonly binaries: MirrorSession;
  /** The same session, unless `ChecksumUrl` is set. */
  readonly checksums: MirrorSession;
}

export interface OpenOptions {
  /** Milliseconds without a byte after which a request is given up. */
  readonly stallMs: number;
  /**
   * The milliseconds that the command may wait for all mirrors together. Without it, each request
   * has only its own limit.
   */
  readonly limitMs?: number;
  /**
   * Returns why a mirror (its base URL) is not to be asked, or a kubectl (the URL that messages
   * show) is not to be fetched. If it is absent, everything is asked for.
   */
  readonly recall?: (url: string) => Failed | undefined;
}

/** Returns the mirrors in the order in which they are to be tried. */
export function openMirrors(
  config: MirrorSettings,
  { stallMs, limitMs = Infinity, recall }: OpenOptions,
  host: Pick<Host, "platform" | "env" | "files" | "terminal">,
): readonly MirrorSource[] {
  const findCredentials = openNetrc(config, host);
  const budget = startWaitBudget({ limitMs, quiet: config.quiet }, host);
  const open = (mirror: Mirror) =>
    startSession({
      mirror,
      credentials: mirror.credentials ?? findCredentials(mirror),
      stallMs,
      budget,
      timedOut: recall?.(mirror.base),
      recallWrong: ({ shown }) => recall?.(shown),
    });
  const checksumMirror = parseMirror(config.checksumUrl);
  const checksums = checksumMirror === undefined ? undefined : open(checksumMirror);
  return config.kubeMirrorUrl.flatMap((text) => {
    const mirror = parseMirror(text);
    if (mirror === undefined) return [];
    const binaries = open(mirror);
    return [{ binaries, checksums: checksums ?? binaries }];
  });
}
