/**
 * The mirrors of the configuration, ready to be asked: each with its credentials and with the place
 * that its checksums come from.
 *
 * @module
 */
import type { Host } from "../../ports/host.ts";
import type { Color } from "../../output/report.ts";
import type { Failed } from "../answer.ts";
import { type Mirror, parseMirror } from "../mirror.ts";
import { openNetrc } from "./netrc_credentials.ts";
import { type MirrorSession, startSession } from "./ask_mirror.ts";
import { startPatience } from "./patience.ts";

/** The part of the configuration that says where kubectls come from. */
export interface MirrorSettings {
  readonly kubeMirrorUrl: readonly string[];
  /** Where checksums are taken from; empty: from beside the bytes. */
  readonly checksumUrl: string;
  readonly quiet: boolean;
  readonly color: Color;
}

export interface MirrorSource {
  readonly binaries: MirrorSession;
  /** The same, unless `ChecksumUrl` names another place. */
  readonly checksums: MirrorSession;
}

export interface OpenOptions {
  /** Milliseconds without a byte after which a request is given up. */
  readonly stallMs: number;
  /**
   * Milliseconds that all mirrors together may be waited for. Without it, each request has its own
   * limit only.
   */
  readonly limitMs?: number;
  /** Returns why a mirror is not to be asked; every mirror is asked if left out. */
  readonly recall?: (mirror: Mirror) => Failed | undefined;
}

/** Returns the mirrors in the order in which they are to be tried. */
export function openMirrors(
  config: MirrorSettings,
  { stallMs, limitMs = Infinity, recall }: OpenOptions,
  host: Pick<Host, "platform" | "env" | "files" | "terminal">,
): readonly MirrorSource[] {
  const findCredentials = openNetrc(config, host);
  const patience = startPatience({ limitMs, quiet: config.quiet }, host);
  const open = (mirror: Mirror) =>
    startSession({
      mirror,
      credentials: mirror.credentials ?? findCredentials(mirror),
      stallMs,
      patience,
      timedOut: recall?.(mirror),
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
