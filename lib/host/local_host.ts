/**
 * As much of the outside world as a repeated command needs: what is on this machine, without a
 * terminal. There is no `node:` import.
 *
 * @module
 */
import type { FileIdentity } from "../ports/files.ts";
import type { Clock, LocalHost, Program, StartCommand } from "../ports/host.ts";
import type { Goos, Platform } from "../platform.ts";
import { denoFiles } from "./disk/files.ts";
import { readExecutedPath, readVariable, statFast } from "./process/libc.ts";
import { later } from "./timers.ts";

export function localHost(): LocalHost {
  const platform = denoPlatform();
  return {
    platform,
    program: denoProgram(),
    env: { get: readVariable },
    files: denoFiles(platform, platform.os === "linux" ? statFast : undefined),
    clock: denoClock,
  };
}

/** In Go's words; Deno's own names are those of LLVM. */
function denoPlatform(): Platform {
  const { os, arch } = Deno.build;
  return { os: os as Goos, arch: arch === "aarch64" ? "arm64" : "amd64" };
}

const denoClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  later,
};

/**
 * How this process was called, for as little as each platform allows (`process.argv0` costs more
 * than all of this).
 */
export function denoProgram(): Program {
  return {
    argv0: readArgv0(),
    args: Deno.args,
    identity: findIdentity,
    cwd: findCwd,
    startCommand: findStartCommand,
    variables: () => Object.keys(Deno.env.toObject()),
    get denoVersion() {
      return Deno.version.deno;
    },
  };
}

/**
 * Of an executable, Linux tells what was typed; macOS' and Windows' path of it is the link's, not
 * its target's.
 *
 * From source, argv[0] is Deno's; but a `kuberlr.js` that begins with `#!` is given the path it was
 * called by, so that a link named kubectl is the main module then. What `deno install -g` writes
 * tells nothing: it has to be given an argument (see invocation.ts).
 */
function readArgv0(): string {
  if (!Deno.build.standalone) {
    return (Deno.mainModule.endsWith("kubectl") ? mainModulePath() : undefined) ?? Deno.execPath();
  }
  if (Deno.build.os !== "linux") return Deno.execPath();
  try {
    const commandLine = Deno.readTextFileSync("/proc/self/cmdline");
    return commandLine.slice(0, commandLine.indexOf("\0"));
  } catch {
    // No /proc, or no descriptor left: the path that the kernel was given is known without either.
    return readExecutedPath() ?? "";
  }
}

/**
 * The executable, where it is kuberlr and not Deno; else the main module, which a link may lead to.
 */
function findIdentity(): FileIdentity | undefined {
  const path = Deno.build.standalone ? Deno.execPath() : mainModulePath();
  if (path === undefined) return undefined;
  try {
    const { dev, ino } = Deno.statSync(path);
    return ino === null ? undefined : { dev, ino };
  } catch {
    return undefined;
  }
}

function findStartCommand(): StartCommand {
  const path = Deno.execPath();
  return Deno.build.standalone
    ? { kind: "executable", path }
    : { kind: "source", deno: path, module: mainModulePath() ?? Deno.mainModule };
}

/** `undefined` where it came over the network. */
function mainModulePath(): string | undefined {
  if (!Deno.mainModule.startsWith("file:")) return undefined;
  const path = decodeURIComponent(new URL(Deno.mainModule).pathname);
  return Deno.build.os === "windows" ? path.replace(/^\/(?=[A-Za-z]:)/, "") : path;
}

function findCwd(): string | undefined {
  try {
    return Deno.cwd();
  } catch {
    return undefined;
  }
}
