/**
 * The program under test, and how it comes into a PATH as `kubectl` and `kuberlr`.
 *
 * What runs is named by `KUBERLR_UNDER_TEST`: nothing for the source (`deno run -qA main.ts`), the
 * path of a compiled executable or of the single file, or a command line such as `deno run -A
 * dist/kuberlr.js`. A path is linked as `kubectl` and `kuberlr`; a command line gets a script of
 * each name. `KUBERLR_UNDER_TEST_LAUNCHER` names a launcher of `kuberlr link`, which is copied as
 * `kubectl`.
 *
 * @module
 */

export const SOURCE = new URL("../../main.ts", import.meta.url);

const WINDOWS = Deno.build.os === "windows";

/**
 * What Deno 2.6, which may be all that can be had for an executable here, does not know how to do:
 * `tryLock`; and with `node:tls`, which is for what `fetch` cannot verify, to go through a proxy,
 * to leave the server's name out, and to accept the one certificate that is expected.
 */
export type Need = "file-locks" | "node-tls";

/** Whether `KUBERLR_UNDER_TEST_LACKS` says so of the runtime under the program. */
export function lacks(need: Need): boolean {
  return Deno.env.get("KUBERLR_UNDER_TEST_LACKS")?.split(" ").includes(need) ?? false;
}

/** The command line of `KUBERLR_UNDER_TEST`, or of the source. */
export function programUnderTest(): readonly [string, ...string[]] {
  const chosen = Deno.env.get("KUBERLR_UNDER_TEST")?.trim();
  // Quietly, as "kuberlr link" starts it: what Deno says of npm's registry is not kuberlr's.
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

/** Links or launchers of both names. */
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
 * The single file begins with `#!/usr/bin/env -S deno`: the folder where that is found, if it is
 * what runs.
 */
export function placeInterpreter(root: string): readonly string[] {
  const words = programUnderTest();
  if (WINDOWS || words.length > 1 || !words[0].endsWith(".js")) return [];
  Deno.mkdirSync(`${root}/deno`);
  Deno.symlinkSync(Deno.execPath(), `${root}/deno/deno`);
  return [`${root}/deno`];
}

/** Hard links: they need no privilege, and the name that was called is the file's own. */
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
