/**
 * Times the download of a kubectl, compared with `curl -o F URL && sha512sum F` for the same file
 * from the same mirror on loopback. Whole processes run alternately. kuberlr also downloads and
 * compares the checksum, and calls fsync; a second comparison, with `sync`, shows its cost.
 *
 * @module
 */
import { spawnInstall } from "../tests/support/install_child.ts";
import { startMirror } from "../tests/support/mirror.ts";
import { elfBytes } from "../tests/support/mirror_files.ts";
import { divide, summarize, type Times } from "./measure.ts";

export interface DownloadFigures {
  readonly bytes: number;
  readonly runs: number;
  /** The times of whole processes in milliseconds. */
  readonly kuberlr: Times;
  readonly curl: Times;
  /** `curl && sha512sum && sync F`, in milliseconds. */
  readonly curlSynced: Times;
  /** kuberlr's time divided by that of `curl && sha512sum`. */
  readonly ratio: Times;
  readonly ratioSynced: Times;
}

/** Returns `undefined` without curl or sha512sum. */
export async function benchDownload(
  { runs = 15, bytes = 60_000_000 }: { readonly runs?: number; readonly bytes?: number } = {},
): Promise<DownloadFigures | undefined> {
  if (!await works("curl") || !await works("sha512sum")) return undefined;
  await using mirror = await startMirror({
    kubectls: [{ version: "1.30.2", bytes: elfBytes(bytes) }],
  });
  const home = await Deno.makeTempDir({ prefix: "kuberlr-bench-" });
  const platform = `${Deno.build.os}/${Deno.build.arch === "aarch64" ? "arm64" : "amd64"}`;
  const url = `${mirror.url}/release/v1.30.2/bin/${platform}/kubectl`;
  const curl = `curl -sfo "$0" "$1" && sha512sum "$0"`;
  const shell = (script: string) => run("/bin/sh", ["-c", script, `${home}/kubectl`, url]);
  const times = { kuberlr: [] as number[], curl: [] as number[], curlSynced: [] as number[] };
  try {
    // The first round warms the caches of Deno and of the mirror.
    for (let round = 0; round <= runs; round++) {
      const measured = {
        kuberlr: await timed(async () => {
          const { success, stderr } = await spawnInstall(mirror.url, home, "1.30.2").output();
          if (!success) throw new Error(new TextDecoder().decode(stderr));
        }),
        curl: await timed(() => shell(curl)),
        curlSynced: await timed(() => shell(`${curl} && sync "$0"`)),
      };
      await Deno.remove(`${home}/.kuberlr`, { recursive: true });
      await Deno.remove(`${home}/kubectl`);
      if (round === 0) continue;
      times.kuberlr.push(measured.kuberlr);
      times.curl.push(measured.curl);
      times.curlSynced.push(measured.curlSynced);
    }
  } finally {
    await Deno.remove(home, { recursive: true });
  }
  const kuberlr = summarize(times.kuberlr);
  const plain = summarize(times.curl);
  const synced = summarize(times.curlSynced);
  return {
    bytes,
    runs,
    kuberlr,
    curl: plain,
    curlSynced: synced,
    ratio: divide(kuberlr, plain),
    ratioSynced: divide(kuberlr, synced),
  };
}

async function timed(call: () => Promise<void>): Promise<number> {
  const startedMs = performance.now();
  await call();
  return performance.now() - startedMs;
}

async function run(command: string, args: readonly string[]): Promise<void> {
  const { success } = await new Deno.Command(command, {
    args: [...args],
    stdout: "null",
    stderr: "null",
  }).output();
  if (!success) throw new Error(`${command} failed`);
}

async function works(command: string): Promise<boolean> {
  try {
    await run(command, ["--version"]);
    return true;
  } catch {
    return false;
  }
}

if (import.meta.main) {
  const figures = await benchDownload();
  await Deno.stdout.write(
    new TextEncoder().encode(
      JSON.stringify(figures ?? "no curl or sha512sum", undefined, 2) + "\n",
    ),
  );
}
