/**
 * A temporary world for the program under test: its own HOME, PATH, working directory and
 * environment, with kubeconfigs, configuration and kubectls in it.
 *
 * The program itself is chosen by program_under_test.ts.
 *
 * @module
 */
import { fakeKubectlBytes } from "./fake_kubectl.ts";
import { missingStandIn } from "./stand_in.ts";
import { WINE } from "./wine.ts";
import type { KubeconfigBuilder } from "./kubeconfig_builder.ts";
import {
  lacks,
  type Need,
  placeInterpreter,
  placeProgram,
  programUnderTest,
} from "./program_under_test.ts";

export interface Sandbox extends AsyncDisposable {
  /** The folder that holds everything; files that are left behind are in it. */
  readonly root: string;
  readonly home: string;
  readonly cwd: string;
  /**
   * The first folder in PATH, with `kubectl` and `kuberlr`. On Windows it holds an executable;
   * command lines cannot be there.
   */
  readonly bin: string;
  /** The folders that a private PATH needs: `bin`, and the folder of the program's interpreter. */
  readonly program: string;
  /** The only entry of `SystemPath`. */
  readonly system: string;
  /** The folder where kuberlr keeps its kubectls. */
  readonly binaries: string;
  readonly cache: string;
  /** The environment of every run; a run can add to it. */
  readonly env: Record<string, string>;
  /** Writes `~/.kube/config`, or another file under the root. */
  kubeconfig(content: string | KubeconfigBuilder, path?: string): string;
  /** Writes `~/.kuberlr/kuberlr.conf`. */
  config(toml: string): string;
  /** Writes a file under the root, and makes its folders. */
  write(path: string, content: string, mode?: number): string;
  /**
   * Makes a fake named `kubectl<version>`, a shell script on Unix: see {@linkcode
   * fakeKubectlBytes}.
   */
  fakeKubectl(version: string, options?: FakeKubectl): string;
  /**
   * Returns the path of this version's kubectl, existing or not; it ends with `.exe` on Windows.
   */
  kubectl(version: string, folder?: string): string;
  /** Copies a real kubectl. */
  install(version: string, path: string, folder?: string): string;
  /** Returns the command to spawn for one of the two names. */
  command(program: "kubectl" | "kuberlr"): readonly [string, ...string[]];
  run(program: "kubectl" | "kuberlr", args?: readonly string[], options?: RunOptions): Promise<Run>;
  /** Runs another program in the same world, without kuberlr. */
  exec(path: string, args?: readonly string[], options?: RunOptions): Promise<Run>;
  start(program: "kubectl" | "kuberlr", args?: readonly string[], options?: RunOptions): Running;
  /** Starts a program as {@linkcode Sandbox.exec} does, without waiting for its end. */
  spawn(path: string, args?: readonly string[], options?: RunOptions): Running;
  /** Returns the files under a folder, relative to it, sorted; `[]` if there are none. */
  files(folder: string): readonly string[];
}

export interface FakeKubectl {
  /** {@linkcode Sandbox.binaries} if absent. */
  readonly folder?: string;
  /** Shell code that runs after the fake has printed its version. */
  readonly then?: string;
}

export interface RunOptions {
  /** `undefined` removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Empty if absent. */
  readonly stdin?: string;
  readonly cwd?: string;
  /** The program is killed after this time, and the test fails; 60 seconds if absent. */
  readonly timeoutMs?: number;
}

export interface Run {
  readonly status: number;
  readonly signal: Deno.Signal | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly milliseconds: number;
}

export interface Running {
  readonly pid: number;
  kill(signal: Deno.Signal): void;
  readonly done: Promise<Run>;
}

const WINDOWS = Deno.build.os === "windows";
/** The end of every kubectl's name. */
export const SUFFIX = WINDOWS ? ".exe" : "";

/**
 * How many times slower programs run here: `KUBERLR_TEST_SLOWNESS` sets it for an emulated
 * processor.
 */
export const SLOWNESS = Number(Deno.env.get("KUBERLR_TEST_SLOWNESS") || 1);

/** The environment of a run without a home folder. */
export const NO_HOME = { HOME: undefined, USERPROFILE: undefined };

/**
 * An address where nothing listens and that fetch does not block, so a request by mistake is
 * refused at once.
 */
export const NOWHERE = "http://127.0.0.1:2";

export async function sandbox(): Promise<Sandbox> {
  const native = await Deno.realPath(await Deno.makeTempDir({ prefix: "kuberlr-box-" }));
  const root = native.replaceAll("\\", "/");
  const [home, cwd, bin, system, tmp] = ["home", "work", "bin", "system", "tmp"]
    .map((name) => `${root}/${name}`) as [string, string, string, string, string];
  for (const folder of [home, cwd, bin, system, tmp]) Deno.mkdirSync(folder);
  if (WINDOWS) Deno.mkdirSync(`${home}/AppData/Local/Temp`, { recursive: true });
  placeProgram(bin);
  const program = [bin, ...placeInterpreter(root)].join(":");

  const goarch = Deno.build.arch === "aarch64" ? "arm64" : "amd64";
  const env: Record<string, string> = {
    ...(WINDOWS ? windowsEnv(native) : {
      HOME: home,
      PATH: `${program}:/usr/bin:/bin`,
      TMPDIR: tmp,
      LANG: "C",
    }),
    // Deno runs the sources, and needs the user's cache of dependencies: there is no network here.
    DENO_DIR: denoDir(),
    DENO_NO_UPDATE_CHECK: "1",
    // The world excludes the machine's kubectls and the real mirror.
    KUBERLR_SYSTEMPATH: WINDOWS ? `${native}\\system` : system,
    KUBERLR_KUBEMIRRORURL: NOWHERE,
    ...(SLOWNESS > 1 && { KUBERLR_TIMEOUT: `${5 * SLOWNESS}` }),
    // Fake kubectls are not upstream's.
    KUBERLR_DIGESTS: "mirror",
  };

  const box: Sandbox = {
    root,
    home,
    cwd,
    bin,
    program,
    system,
    binaries: `${home}/.kuberlr/${Deno.build.os}-${goarch}`,
    cache: `${home}/.kuberlr/cache`,
    env,
    kubeconfig: (content, path = "home/.kube/config") =>
      box.write(path, typeof content === "string" ? content : content.text(), 0o600),
    config: (toml) => box.write("home/.kuberlr/kuberlr.conf", toml),
    write(path, content, mode = 0o644) {
      const full = /^(?:[A-Za-z]:)?\//.test(path) ? path : `${root}/${path}`;
      Deno.mkdirSync(full.slice(0, full.lastIndexOf("/")), { recursive: true });
      Deno.writeTextFileSync(full, content, { mode });
      if (!WINDOWS) Deno.chmodSync(full, mode);
      return full;
    },
    fakeKubectl(version, { folder = box.binaries, then = "" } = {}) {
      const path = box.kubectl(version, folder);
      Deno.mkdirSync(folder, { recursive: true });
      Deno.writeFileSync(path, fakeKubectlBytes(version, then));
      if (!WINDOWS) Deno.chmodSync(path, 0o755);
      return path;
    },
    kubectl: (version, folder = box.binaries) => `${folder}/kubectl${version}${SUFFIX}`,
    install(version, path, folder = box.binaries) {
      const target = box.kubectl(version, folder);
      Deno.mkdirSync(folder, { recursive: true });
      Deno.copyFileSync(path, target);
      if (!WINDOWS) Deno.chmodSync(target, 0o755);
      return target;
    },
    command(program) {
      const [command, ...words] = programUnderTest();
      if (!WINDOWS) return [`${bin}/${program}`];
      if (words.length === 0) return [`${bin}/${program}.exe`];
      return [command, ...words, ...(program === "kubectl" ? ["kubectl"] : [])];
    },
    run: (program, args, options) => box.start(program, args, options).done,
    exec: (path, args, options) => box.spawn(path, args, options).done,
    spawn: (path, args = [], options = {}) => start(box, path, args, options),
    start(program, args = [], options = {}) {
      const [command, ...words] = box.command(program);
      return start(box, command, [...words, ...args], options);
    },
    files: (folder) => [...walk(folder, "")].toSorted(),
    [Symbol.asyncDispose]: () => Deno.remove(root, { recursive: true }),
  };
  return box;
}

/** The reasons for which a story may be ignored. */
export interface StoryNeeds {
  readonly needs?: Need;
  /** The feature that Windows lacks and the story needs. */
  readonly unix?: string;
  /** The feature that Wine lacks and the story needs. */
  readonly wine?: string;
  readonly unless?: string | undefined;
}

/**
 * Registers a black-box test. It is ignored, with its reason: on Windows if `unix` names one or no
 * fake can be compiled, if the program's runtime lacks what the story needs, and for the reason
 * `unless`.
 */
export function story(
  name: string,
  fn: (box: Sandbox) => void | Promise<void>,
  { needs, unix, wine, unless }: StoryNeeds = {},
): void {
  const reason = WINDOWS && unix !== undefined
    ? unix
    : WINE && wine !== undefined
    ? wine
    : needs !== undefined && lacks(needs)
    ? `the runtime under test has no ${needs}`
    : unless ?? (WINDOWS ? missingStandIn() : undefined);
  if (reason !== undefined) {
    Deno.test({ name: `${name} (ignored: ${reason})`, ignore: true, fn() {} });
    return;
  }
  Deno.test(name, async () => {
    await using box = await sandbox();
    await fn(box);
  });
}

/** @param root with backslashes, as Windows' own variables have it */
function windowsEnv(root: string): Record<string, string> {
  const kept = ["PATHEXT", "SYSTEMROOT", "SYSTEMDRIVE", "COMSPEC", "NUMBER_OF_PROCESSORS"];
  const inherited = kept.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  });
  const system = Deno.env.get("SYSTEMROOT") ?? "C:\\Windows";
  return {
    ...Object.fromEntries(inherited),
    PATH: [`${root}\\bin`, `${system}\\system32`, system].join(";"),
    USERPROFILE: `${root}\\home`,
    APPDATA: `${root}\\home\\AppData\\Roaming`,
    LOCALAPPDATA: `${root}\\home\\AppData\\Local`,
    TEMP: `${root}\\home\\AppData\\Local\\Temp`,
    TMP: `${root}\\home\\AppData\\Local\\Temp`,
  };
}

/** Writes paths below the root with slashes, as stories do, both in JSON and in other text. */
function asOnUnix(text: string, root: string): string {
  const start = root.split("/").map((part) => part.replaceAll(/\W/g, "\\$&"))
    .join("(?:\\\\+|/)");
  return text.replaceAll(
    new RegExp(`${start}(?:(?:\\\\+|/)[^\\\\/"'\\s;*?<>|]+)*`, "gi"),
    (path) => path.replaceAll(/\\+/g, "/"),
  );
}

function start(
  box: Sandbox,
  command: string,
  args: readonly string[],
  { env = {}, stdin, cwd = box.cwd, timeoutMs = 60_000 * SLOWNESS }: RunOptions,
): Running {
  const began = performance.now();
  const wanted = Object.entries({ ...box.env, ...env })
    .filter((entry): entry is [string, string] => entry[1] !== undefined);
  const child = new Deno.Command(command, {
    args: [...args],
    cwd,
    env: Object.fromEntries(wanted),
    clearEnv: true,
    stdin: stdin === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();

  const done = (async () => {
    let late = false;
    const guard = setTimeout(() => {
      late = true;
      child.kill("SIGKILL");
    }, timeoutMs);
    try {
      const [, { code, signal, stdout, stderr }] = await Promise.all([
        stdin === undefined ? undefined : feed(child.stdin, stdin),
        child.output(),
      ]);
      const milliseconds = performance.now() - began;
      const read = (bytes: Uint8Array) =>
        WINDOWS ? asOnUnix(decode(bytes), box.root) : decode(bytes);
      const text = { stdout: read(stdout), stderr: read(stderr) };
      if (late) {
        throw new Error(`still running after ${timeoutMs} ms: ${args.join(" ")}\n${text.stderr}`);
      }
      return { status: code, signal, milliseconds, ...text };
    } finally {
      clearTimeout(guard);
    }
  })();
  return { pid: child.pid, kill: (signal) => child.kill(signal), done };
}

async function feed(stream: WritableStream<Uint8Array>, text: string): Promise<void> {
  try {
    const writer = stream.getWriter();
    await writer.write(new TextEncoder().encode(text));
    await writer.close();
  } catch {
    // A program that does not read its stdin has closed it.
  }
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** Follows Deno's own rule, so that a child with another HOME finds the same cache. */
export function denoDir(): string {
  const home = Deno.env.get("HOME") ?? "";
  return Deno.env.get("DENO_DIR") ||
    (WINDOWS
      ? `${Deno.env.get("LOCALAPPDATA")}/deno`
      : Deno.build.os === "darwin"
      ? `${home}/Library/Caches/deno`
      : `${Deno.env.get("XDG_CACHE_HOME") || `${home}/.cache`}/deno`);
}

function* walk(folder: string, prefix: string): Generator<string> {
  let entries;
  try {
    entries = [...Deno.readDirSync(folder)];
  } catch {
    return;
  }
  for (const { name, isDirectory } of entries) {
    if (isDirectory) yield* walk(`${folder}/${name}`, `${prefix}${name}/`);
    else yield `${prefix}${name}`;
  }
}

/** Sets a file's last change to two minutes ago: on Windows, younger leftovers are not removed. */
export function makeOld(path: string): void {
  const then = new Date(Date.now() - 120_000);
  Deno.utimeSync(path, then, then);
}
