/**
 * As much of the outside world as a repeated command needs: what is on this machine, without a terminal.
 *
 * @module
 */
import type { Clock, Env, LocalHost } from "../host.ts";
import type { Goos, Platform } from "../platform.ts";
import { denoFiles } from "./files.ts";
import { statFast } from "./libc.ts";
import { denoProgram } from "./program.ts";

export function localHost(): LocalHost {
  const platform = denoPlatform();
  return {
    platform,
    program: denoProgram(),
    env: denoEnv,
    files: denoFiles(platform, platform.os === "linux" ? statFast : undefined),
    clock: denoClock,
  };
}

/** In Go's words; Deno's own names are those of LLVM. */
function denoPlatform(): Platform {
  const { os, arch } = Deno.build;
  return { os: os as Goos, arch: arch === "aarch64" ? "arm64" : "amd64" };
}

const denoEnv: Env = {
  get(name) {
    try {
      return Deno.env.get(name);
    } catch {
      return undefined; // no UTF-8
    }
  },
};

const denoClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};
