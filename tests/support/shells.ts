/**
 * The shells that the launcher is tested with: those that `/bin/sh` may be, if they are installed.
 *
 * @module
 */

/**
 * The interpreters after `#!`, by name. `KUBERLR_TEST_BASH` names another bash, for example a 3.2,
 * as macOS has.
 */
const SHELLS: Readonly<Record<string, readonly [path: string, argument?: string]>> = {
  dash: ["/bin/dash"],
  bash: [Deno.env.get("KUBERLR_TEST_BASH") || "/bin/bash", "-p"],
  busybox: ["/bin/busybox", "ash"],
};

export interface Shell {
  readonly name: string;
  readonly interpreter: string;
  /** Why this shell cannot be tested; `undefined` if it can. */
  readonly missing: string | undefined;
}

export const shells: readonly Shell[] = Object.entries(SHELLS).map(([name, [path, argument]]) => ({
  name,
  interpreter: argument === undefined ? path : `${path} ${argument}`,
  missing: isThere(path) ? undefined : `${name} is not installed`,
}));

/** Registers a test for each shell. */
export function testInShells(name: string, fn: (shell: Shell) => void | Promise<void>): void {
  for (const shell of shells) {
    const { missing } = shell;
    Deno.test({
      name: `${name} (${missing === undefined ? shell.name : `ignored: ${missing}`})`,
      ignore: missing !== undefined,
      fn: () => fn(shell),
    });
  }
}

function isThere(path: string): boolean {
  try {
    return Deno.build.os !== "windows" && Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
