/**
 * The program under test, and its installation into a PATH as `kubectl` and `kuberlr`.
 *
 * `KUBERLR_UNDER_TEST` names the program: the source (`deno run -qA main.ts`) if it is unset, the
 * path of a compiled executable or of the single file, or a command line, for example `deno run -A
 * dist/kuberlr.js`. A path is linked as `kubectl` and `kuberlr`; a command line gets a script of
 * each name. `KUBERLR_UNDER_TEST_LAUNCHER` names a launcher of `kuberlr link`, which is copied as
 * `kubectl`.
 *
 * @module
 */

export const SOURCE = new URL("../../main.ts", import.meta.url);

const WINDOWS = Deno.build.os === "windows";

/**
 * A feature that Deno 2.6 lacks, which may be the only runtime available for an executable here:
 * `file-locks` is `tryLock`; `node-tls` is the use of `node:tls` for servers that `fetch` cannot
 * verify (through a proxy, without a server name, or with one expected certificate);
 * `certificate-errors` is an exception for a client certificate of version 1, where it panics.
 */
export type Need = "file-locks" | "node-tls" | "certificate-errors";

/** Returns true if `KUBERLR_UNDER_TEST_LACKS` says that the program's runtime lacks it. */
export function lacks(need: Need): boolean {
  return Deno.env.get("KUBERLR_UNDER_TEST_LACKS")?.split(" ").includes(need) ?? false;
}

/** Returns the command line of `KUBERLR_UNDER_TEST`, or that of the source. */
export function programUnderTest(): readonly [string, ...string[]] {
  const chosen = Deno.env.get("KUBERLR_UNDER_TEST")?.trim();
  // `-q`, as "kuberlr link" uses: Deno's own messages about npm's registry are not kuberlr's.
  if (!chosen) {
    return [
      Deno.execPath(),
      "run",
      "-qA",
      WINDOWS ? SOURCE.href : decodeURIComponent(SOURCE.pathname),
    ];
  }
  const [command = "", ...rest] = chosen.split(/\s+/);
  const here = (word: string) => /^\.?\.?\/|^dist\//.test(word) ? Deno.realPathSync(word) : word;
  return [command === "deno" ? Deno.execPath() : here(command), ...rest.map(here)];
}

/** Writes links or launchers of both names. */
export function placeProgram(bin: string): void {
  if (WINDOWS) return placeExecutable(bin);
  const words = programUnderTest();
  const launcher = Deno.env.get("KUBERLR_UNDER_TEST_LAUNCHER");
  for (const name of ["kubectl", "kuberlr"]) {
    if (name === "kubectl" && launcher !== undefined) {
      Deno.copyFileSync(launcher, `${bin}/${name}`);
      continue;
    }
    if (words.length === 1) {
      Deno.symlinkSync(words[0]!, `${bin}/${name}`);
      continue;
    }
    const command = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
    const mode = name === "kubectl" ? " kubectl" : "";
    Deno.writeTextFileSync(`${bin}/${name}`, `#!/bin/sh\nexec ${command}${mode} "$@"\n`, {
      mode: 0o755,
    });
  }
}

/**
 * The single file begins with `#!/usr/bin/env -S deno`. If it is the program under test, returns
 * the folder in which that Deno is found.
 */
export function placeInterpreter(root: string): readonly string[] {
  const words = programUnderTest();
  if (WINDOWS || words.length > 1 || !words[0].endsWith(".js")) return [];
  Deno.mkdirSync(`${root}/deno`);
  Deno.symlinkSync(Deno.execPath(), `${root}/deno/deno`);
  return [`${root}/deno`];
}

/** Makes hard links: they need no privilege, and the program sees the name that was called. */
function placeExecutable(bin: string): void {
  const [executable, ...words] = programUnderTest();
  if (words.length > 0) return;
  for (const name of ["kubectl", "kuberlr"]) {
    try {
      Deno.linkSync(executable, `${bin}/${name}.exe`);
    } catch {
      Deno.copyFileSync(executable, `${bin}/${name}.exe`); // another drive
    }
  }
}
