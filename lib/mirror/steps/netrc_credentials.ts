/**
 * Finds passwords for mirrors in `~/.netrc`, or in the file that `NETRC` names.
 *
 * If another user could have written the file in the home, it is ignored; the file that `NETRC`
 * names is used with a warning, because the user has chosen it. It does not matter that others can
 * read a file: curl uses it as well.
 *
 * @module
 */
import { orUndefined } from "../../errors.ts";
import { findHome } from "../../files/layout.ts";
import { describeDistrust, followPath } from "../../files/steps/distrust.ts";
import { readRegularText } from "../../files/steps/read_regular.ts";
import { type Color, renderWarning, wantsColor } from "../../output/report.ts";
import { joinPath } from "../../platform.ts";
import type { Host, Stream } from "../../ports/host.ts";
import type { Userinfo } from "../../encoding/userinfo.ts";
import type { Mirror } from "../mirror.ts";
import { findNetrcCredentials } from "../netrc.ts";

interface Netrc {
  readonly text: string;
  readonly isTrusted: boolean;
  /** Shown when a password is found; `undefined` if no other user could have written the file. */
  readonly warning: string | undefined;
}

/** Reads the file, and returns the function that looks up a mirror's credentials in it. */
export function openNetrc(
  { quiet, color }: { readonly quiet: boolean; readonly color: Color },
  host: Pick<Host, "platform" | "env" | "files" | "terminal">,
): (mirror: Mirror) => Userinfo | undefined {
  const { text, isTrusted, warning } = readNetrc(host);
  return (mirror) => {
    const found = findFor(mirror, text);
    if (found !== undefined && warning !== undefined && !quiet) {
      warnOnce(warning, color, host.terminal.stderr);
    }
    return isTrusted ? found : undefined;
  };
}

function readNetrc(host: Pick<Host, "platform" | "env" | "files" | "terminal">): Netrc {
  const { platform, env, files } = host;
  const read = (path: string) => orUndefined(() => readRegularText(path, "netrc", files)) ?? "";
  const named = env.get("NETRC");
  const home = findHome(platform, env);
  const name = platform.os === "windows" ? "_netrc" : ".netrc";
  const path = named || (home === undefined ? undefined : joinPath(platform, home, name));
  if (path === undefined) return { text: "", isTrusted: false, warning: undefined };
  const followed = followPath(path, "file", host);
  if (followed.kind === "trusted") {
    return { text: read(followed.path), isTrusted: true, warning: undefined };
  }
  const fault = describeDistrust(followed, path);
  if (named) {
    const warning = followed.cause === "foreign"
      ? `NETRC names "${path}", which ${fault}`
      : undefined;
    return { text: read(path), isTrusted: true, warning };
  }
  const warning = `"${path}" ${fault}: no password is taken from it`;
  return { text: read(path), isTrusted: false, warning };
}

/** Finds no password for a mirror of plain http, unless it is on this machine. */
function findFor({ base }: Mirror, text: string): Userinfo | undefined {
  const { protocol, hostname } = new URL(base.replaceAll(/[{}]/g, ""));
  const isLocal = hostname === "localhost" || hostname === "127.0.0.1" || hostname === "[::1]";
  return protocol === "https:" || (protocol === "http:" && isLocal)
    ? findNetrcCredentials(text, hostname)
    : undefined;
}

/** The streams that have shown the warning: a command may open its mirrors more than once. */
const WARNED = new WeakSet<Stream>();

function warnOnce(warning: string, color: Color, stderr: Stream): void {
  if (WARNED.has(stderr)) return;
  WARNED.add(stderr);
  stderr.write(renderWarning(warning, { color: wantsColor(color, stderr) }));
}
