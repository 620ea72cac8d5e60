/**
 * A small world of values: files, variables, a platform. It is for surroundings that a temporary
 * directory cannot offer: Windows, folders that may not be read, an `/etc`.
 *
 * @module
 */
import type { Files, FileStat } from "../../lib/ports/files.ts";
import { HostError } from "../../lib/errors.ts";
import type { Clock, Env, Program, Terminal } from "../../lib/ports/host.ts";
import type { Platform } from "../../lib/platform.ts";

export const LINUX: Platform = { os: "linux", arch: "amd64" };
export const WINDOWS: Platform = { os: "windows", arch: "amd64" };
export const DARWIN: Platform = { os: "darwin", arch: "arm64" };

/**
 * A file's text, or its special property: with errno's name, every access fails with that error.
 */
export type FakeFile = string | {
  readonly text?: string;
  readonly executable?: boolean;
  readonly kind?: FileStat["kind"];
  readonly ino?: number;
  readonly error?: string;
  /** The file exists and may not be read. */
  readonly unreadable?: true;
  readonly mtimeMs?: number;
};

export function fakeEnv(variables: Readonly<Record<string, string>> = {}): Env {
  return { get: (name) => variables[name] };
}

export function fakeProgram(overrides: Partial<Program> = {}): Program {
  return {
    argv0: "kuberlr",
    args: [],
    identity: () => undefined,
    cwd: () => "/here",
    startCommand: () => ({ kind: "executable", path: "/opt/kuberlr" }),
    denoVersion: "2.9.6",
    variables: () => [],
    ...overrides,
  };
}

/** `texts` holds the files that were written, by path. */
export interface FakeFiles extends Files {
  readonly texts: ReadonlyMap<string, string>;
}

export function fakeFiles(
  world: Readonly<Record<string, FakeFile>> = {},
  separator: "/" | "\\" = "/",
): FakeFiles {
  const entries = new Map(
    Object.entries(world).map(([path, file]) => [
      path,
      typeof file === "string" ? { text: file } : file,
    ]),
  );
  const inodes = new Map([...entries.keys()].map((path, index) => [path, index + 100]));
  const find = (path: string) => {
    const entry = entries.get(path);
    if (entry?.error !== undefined) {
      throw new HostError(entry.error, path, `${entry.error}: ${path}`);
    }
    return entry;
  };
  const readText = (path: string) => {
    const entry = find(path);
    if (entry?.unreadable) throw new HostError("EACCES", path, `EACCES: ${path}`);
    return entry?.text;
  };
  const stat = (path: string): FileStat | undefined => {
    const entry = find(path);
    if (entry === undefined) return undefined;
    return {
      kind: entry.kind ?? "file",
      dev: 1,
      ino: entry.ino ?? inodes.get(path) ?? 0,
      size: entry.text?.length ?? 0,
      mtimeMs: entry.mtimeMs ?? 0,
      ctimeMs: entry.mtimeMs ?? 0,
      mode: entry.executable ? 0o755 : 0o644,
      uid: 1000,
    };
  };
  return {
    get texts() {
      return new Map([...entries].map(([path, { text = "" }]) => [path, text]));
    },
    readText,
    readBytes: (path) => {
      const text = readText(path);
      return text === undefined ? undefined : new TextEncoder().encode(text);
    },
    lstat: stat,
    stat,
    realPath: (path) => find(path) && path,
    makeDirectory: () => {},
    userId: () => 1000,
    list: (folder) => {
      find(folder);
      const start = folder.endsWith(separator) ? folder : `${folder}${separator}`;
      const names = [...entries.keys()].filter((path) => path.startsWith(start))
        .map((path) => path.slice(start.length))
        .filter((name) => !name.includes(separator));
      return names.length === 0 ? undefined : names;
    },
    isExecutable: (path) => find(path)?.executable ?? false,
    writeAtomically: (path, text) => {
      find(path);
      entries.set(path, { text });
    },
    linkAtomically: (target, path) => {
      find(path);
      entries.set(path, { kind: "link", text: target });
    },
    hardLinkAtomically: (target, path) => {
      find(path);
      const entry = find(target);
      entries.set(path, {
        text: target,
        executable: true,
        ino: entry?.ino ?? inodes.get(target) ?? 0,
      });
    },
    remove: (path) => {
      find(path);
      entries.delete(path);
    },
  };
}

/** `stdoutText` and `stderrText` hold the output. */
export interface FakeTerminal extends Terminal {
  readonly stdoutText: string;
  readonly stderrText: string;
}

export function fakeTerminal(columns?: number): FakeTerminal {
  let stdoutText = "";
  let stderrText = "";
  const stream = (write: (text: string) => void) => ({
    isTerminal: columns !== undefined,
    isDumb: false,
    columns: () => columns,
    write,
  });
  return {
    stdout: stream((text) => stdoutText += text),
    stderr: stream((text) => stderrText += text),
    get stdoutText() {
      return stdoutText;
    },
    get stderrText() {
      return stderrText;
    },
  };
}

/** `sleeps` holds the requested waits, in milliseconds. */
export interface FakeClock extends Clock {
  readonly sleeps: readonly number[];
}

/** A clock that advances only in a sleep; its sleeps take no time. */
export function fakeClock(startMs = 0): FakeClock {
  let nowMs = startMs;
  const sleeps: number[] = [];
  const alarms = new Set<{ readonly atMs: number; readonly callback: () => void }>();
  return {
    sleeps,
    nowMs: () => nowMs,
    monotonicMs: () => nowMs,
    sleep(milliseconds) {
      sleeps.push(milliseconds);
      nowMs += milliseconds;
      for (const alarm of alarms) {
        if (alarm.atMs <= nowMs && alarms.delete(alarm)) alarm.callback();
      }
      return Promise.resolve();
    },
    later(milliseconds, callback) {
      const alarm = { atMs: nowMs + milliseconds, callback };
      alarms.add(alarm);
      return { [Symbol.dispose]: () => void alarms.delete(alarm) };
    },
  };
}
