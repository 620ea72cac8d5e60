/**
 * The mirrors of the configuration, ready to be asked: each with its credentials and with the place
 * that its checksums come from.
 *
 * @module
 */
import type { MirrorCredentials } from "../../ports/store.ts";
import { orUndefined } from "../../errors.ts";
import type { Host } from "../../ports/host.ts";
import { readRegularText } from "../../files/steps/read_regular.ts";
import { findHome } from "../../files/layout.ts";
import type { Failed } from "../answer.ts";
import { type Mirror, parseMirror } from "../mirror.ts";
import { findNetrcCredentials } from "../netrc.ts";
import { joinPath } from "../../platform.ts";
import { type MirrorSession, startSession } from "./ask_mirror.ts";
import { startPatience } from "./patience.ts";

/** The part of the configuration that says where kubectls come from. */
export interface MirrorSettings {
  readonly kubeMirrorUrl: readonly string[];
  /** Where checksums are taken from; empty: from beside the bytes. */
  readonly checksumUrl: string;
  readonly quiet: boolean;
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
  const netrc = readNetrc(host);
  const patience = startPatience({ limitMs, quiet: config.quiet }, host);
  const open = (mirror: Mirror) =>
    startSession({
      mirror,
      credentials: mirror.credentials ?? fromNetrc(mirror, netrc),
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

/** A password of `~/.netrc` is not sent over plain http, except to this machine. */
function fromNetrc({ base }: Mirror, netrc: string): MirrorCredentials | undefined {
  const { protocol, hostname } = new URL(base.replaceAll(/[{}]/g, ""));
  const isLocal = hostname === "localhost" || hostname === "127.0.0.1" || hostname === "[::1]";
  return protocol === "https:" || (protocol === "http:" && isLocal)
    ? findNetrcCredentials(netrc, hostname)
    : undefined;
}

function readNetrc({ platform, env, files }: Pick<Host, "platform" | "env" | "files">): string {
  const home = findHome(platform, env);
  const name = platform.os === "windows" ? "_netrc" : ".netrc";
  const path = env.get("NETRC") ||
    (home === undefined ? undefined : joinPath(platform, home, name));
  return (path === undefined
    ? undefined
    : orUndefined(() => readRegularText(path, "netrc", files))) ?? "";
}
