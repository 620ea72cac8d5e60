/**
 * The mirrors of the configuration, ready to be asked: each with its credentials and with the place that its checksums
 * come from.
 *
 * @module
 */
import type { MirrorCredentials } from "../../ports/store.ts";
import { orUndefined } from "../../errors.ts";
import type { Host } from "../../ports/host.ts";
import { findHome } from "../../files/layout.ts";
import { type Mirror, parseMirror } from "../mirror.ts";
import { findNetrcCredentials } from "../netrc.ts";
import { joinPath } from "../../platform.ts";
import { renderNote } from "../../output/report.ts";
import { startVisit, type Visit } from "./ask_mirror.ts";

/** The part of the configuration that says where kubectls come from. */
export interface MirrorSettings {
  readonly kubeMirrorUrl: readonly string[];
  /** Where checksums are taken from; empty: from beside the bytes. */
  readonly checksumUrl: string;
  readonly quiet: boolean;
}

export interface MirrorSource {
  readonly binaries: Visit;
  /** The same, unless `ChecksumUrl` names another place. */
  readonly checksums: Visit;
}

type Ports = Pick<Host, "platform" | "env" | "files" | "terminal">;

/** In the order in which they are to be tried. */
export function openSources(
  config: MirrorSettings,
  stallMs: number,
  ports: Ports,
): readonly MirrorSource[] {
  const netrc = readNetrc(ports);
  const { stderr } = ports.terminal;
  // A bar may stand on the line; the next one is drawn below.
  const say = (note: string) =>
    stderr.write((stderr.isTerminal ? "\r\x1b[K" : "") + renderNote(note));
  const voice = { stallMs, say: config.quiet ? () => {} : say };
  const open = (mirror: Mirror) =>
    startVisit(mirror, mirror.credentials ?? fromNetrc(mirror, netrc), voice);
  const checksumMirror = parseMirror(config.checksumUrl);
  const checksums = checksumMirror === undefined ? undefined : open(checksumMirror);
  return config.kubeMirrorUrl.flatMap((text) => {
    const mirror = parseMirror(text);
    if (mirror === undefined) return [];
    const binaries = open(mirror);
    return [{ binaries, checksums: checksums ?? binaries }];
  });
}

/** Not over plain http: nobody said of this URL that the password may be read on its way. */
function fromNetrc({ base }: Mirror, netrc: string): MirrorCredentials | undefined {
  const { protocol, hostname } = new URL(base.replaceAll(/[{}]/g, ""));
  const isLocal = hostname === "localhost" || hostname === "127.0.0.1" || hostname === "[::1]";
  return protocol === "https:" || (protocol === "http:" && isLocal)
    ? findNetrcCredentials(netrc, hostname)
    : undefined;
}

function readNetrc({ platform, env, files }: Omit<Ports, "terminal">): string {
  const home = findHome(platform, env);
  const name = platform.os === "windows" ? "_netrc" : ".netrc";
  const path = env.get("NETRC") ||
    (home === undefined ? undefined : joinPath(platform, home, name));
  return (path === undefined ? undefined : orUndefined(() => files.readText(path))) ?? "";
}
