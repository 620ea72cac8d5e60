/**
 * Runs programs in a sandbox of Landlock: they may write only in some folders, and access(2) does
 * not tell them. `landlock.ts FOLDER… -- COMMAND…` becomes the command.
 *
 * @module
 */
import { encodeBlock, execute } from "../../lib/host/process/libc.ts";

/** The calls by their numbers, which are the same for all processors. */
const CALLS = {
  createRuleset: {
    name: "syscall",
    parameters: ["i64", "buffer", "u64", "u64"],
    result: "i64",
  },
  addRule: {
    name: "syscall",
    parameters: ["i64", "i64", "i64", "buffer", "u64"],
    result: "i64",
  },
  restrictSelf: { name: "syscall", parameters: ["i64", "i64", "u64"], result: "i64" },
  prctl: { parameters: ["i32", "u64", "u64", "u64", "u64"], result: "i32" },
  open: { parameters: ["buffer", "i32"], result: "i32" },
} as const;
const NO_NEW_PRIVS = 38;
const TELL_VERSION = 1n;
const PATH_BENEATH = 1n;
const O_PATH = 0o10_000_000;
/** Writing to files, and making and removing files and folders. */
const WRITING = 1n << 1n | 0b1_1111_1111n << 4n;

/** Why there is none; `undefined` if there is. */
export function missingLandlock(): string | undefined {
  if (Deno.build.os !== "linux") return "needs Linux' Landlock";
  try {
    const libc = openLibc();
    const version = libc.symbols.createRuleset(444n, null, 0n, TELL_VERSION);
    libc.close();
    return version > 0 ? undefined : "the kernel has no Landlock";
  } catch {
    return "libc cannot be called";
  }
}

/** Returns the command line that runs another one in the sandbox. */
export function inLandlock(
  folders: readonly string[],
  command: readonly string[],
): readonly [string, ...string[]] {
  const own = decodeURIComponent(new URL(import.meta.url).pathname);
  return [Deno.execPath(), "run", "-qA", own, ...folders, "--", ...command];
}

function openLibc() {
  return Deno.dlopen("libc.so.6", CALLS);
}

function restrict(folders: readonly string[]): void {
  const { symbols: libc } = openLibc();
  const succeed = (name: string, result: number | bigint): bigint => {
    if (result < 0) throw new Error(`${name} failed`);
    return BigInt(result);
  };
  const handled = new BigUint64Array([WRITING]);
  const ruleset = succeed("create_ruleset", libc.createRuleset(444n, handled, 8n, 0n));
  for (const folder of folders) {
    const descriptor = succeed("open", libc.open(encodeBlock([folder]), O_PATH));
    const rule = new BigUint64Array([WRITING, descriptor]);
    succeed("add_rule", libc.addRule(445n, ruleset, PATH_BENEATH, rule, 0n));
  }
  succeed("prctl", libc.prctl(NO_NEW_PRIVS, 1n, 0n, 0n, 0n));
  succeed("restrict_self", libc.restrictSelf(446n, ruleset, 0n));
}

if (import.meta.main) {
  const end = Deno.args.indexOf("--");
  restrict(Deno.args.slice(0, end));
  const argv = encodeBlock(["env", ...Deno.args.slice(end + 1)]);
  execute({ path: "/usr/bin/env", argv, environment: undefined });
  Deno.exit(1);
}
