/**
 * The ports that a repeated command needs: this machine, without network and terminal. There is no
 * `node:` import.
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

/** Returns the platform by Go's names; Deno uses LLVM's. */
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
 * Returns the Program port. It finds the name that this process was called by as cheaply as each
 * platform allows; `process.argv0` costs more than all of this.
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
 * Returns the name that this process was called by. For an executable, Linux has the typed name; on
 * macOS and Windows, its path is that of the link, not of the target.
 *
 * From source, argv[0] is Deno's. But a `kuberlr.js` that begins with `#!` is given the path that
 * it was called by, so a link named kubectl is the main module then. The script of `deno install
 * -g` does not pass on its name, so it has an argument for that (see invocation.ts).
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
    // There is no /proc, or no free descriptor: the path given to the kernel is known without
    // either.
    return readExecutedPath() ?? "";
  }
}

/**
 * Returns device and inode of kuberlr: of the executable, or of the main module if Deno runs it.
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

/** Returns `undefined` for a module that came over the network. */
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
