/**
 * A private home folder on the real host, for tests that install kubectls.
 *
 * @module
 */
import type { Config } from "../../lib/config/config.ts";
import { denoHost } from "../../lib/host/deno_host.ts";
import { statFast } from "../../lib/host/process/libc.ts";
import { localHost } from "../../lib/host/local_host.ts";
import type { Host } from "../../lib/ports/host.ts";
import { kubectlFileName, type Layout, layoutUnder } from "../../lib/files/layout.ts";
import { joinPath } from "../../lib/platform.ts";
import { parseVersion, type Version } from "../../lib/version/version.ts";
import { parseWanted, type Wanted } from "../../lib/version/wanted.ts";

// The library stays open; the first test would count that as a leak.
statFast("/", "follow");

export interface InstallWorld extends Disposable {
  readonly home: string;
  readonly layout: Layout;
  /**
   * The real host with this folder as home and temporary folder, and a clock that does not sleep.
   */
  readonly host: Host;
  readonly variables: Record<string, string>;
  /** The requested waits, in milliseconds. */
  readonly waits: readonly number[];
  /** The text on stderr. */
  stderr(): string;
  /** Returns the path where a release is installed. */
  pathOf(version: string): string;
  /** Returns the names in the folder of kubectls, without Windows' extension. */
  kubectls(): readonly string[];
  receipts(): readonly string[];
}

export function installWorld(): InstallWorld {
  const home = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "install-" }));
  Deno.mkdirSync(`${home}/tmp`);
  const local = localHost();
  const layout = layoutUnder(local.platform, joinPath(local.platform, home, ".kuberlr"));
  const variables: Record<string, string> = {
    HOME: home,
    TMPDIR: `${home}/tmp`,
    USERPROFILE: home,
    LOCALAPPDATA: home,
    TMP: joinPath(local.platform, home, "tmp"),
  };
  const waits: number[] = [];
  const written: string[] = [];
  const stream = (isTerminal: boolean) => ({
    isTerminal,
    isDumb: false,
    columns: () => undefined,
    write: (text: string) => void written.push(text),
  });
  const host: Host = {
    ...denoHost({ ...local, env: { get: (name) => variables[name] } }),
    terminal: { stdout: stream(false), stderr: stream(false) },
    clock: {
      ...local.clock,
      sleep(milliseconds) {
        waits.push(milliseconds);
        return Promise.resolve();
      },
    },
  };
  const names = (folder: string) => [...host.files.list(folder) ?? []].sort();
  return {
    home,
    layout,
    host,
    variables,
    waits,
    pathOf: (version) =>
      joinPath(local.platform, layout.binaries, kubectlFileName(local.platform, version)),
    stderr: () => written.join(""),
    kubectls: () => names(layout.binaries).map((name) => name.replace(/\.exe$/, "")),
    receipts: () => names(layout.receipts),
    [Symbol.dispose]: () => Deno.removeSync(home, { recursive: true }),
  };
}

export function mirrorConfig(
  ...kubeMirrorUrl: string[]
): Pick<
  Config,
  | "kubeMirrorUrl"
  | "checksumUrl"
  | "digests"
  | "verifySignature"
  | "unreachableTtlSeconds"
  | "verbosity"
  | "quiet"
  | "color"
> {
  return {
    kubeMirrorUrl,
    checksumUrl: "",
    // The tests' kubectls are not upstream's.
    digests: "mirror",
    verifySignature: "off",
    unreachableTtlSeconds: 30,
    verbosity: 0,
    quiet: false,
    color: "never",
  };
}

export function wanted(text: string): Wanted {
  const value = parseWanted(text);
  if (value === undefined) throw new TypeError(`Nobody can want ${text}`);
  return value;
}

export function version(text: string): Version {
  const value = parseVersion(text);
  if (value === undefined) throw new TypeError(`${text} is no version`);
  return value;
}
