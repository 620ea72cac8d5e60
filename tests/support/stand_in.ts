/**
 * The fake kubectl of Windows: a small Go program, compiled once per machine. Each copy has its own
 * version and script appended.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { devCache } from "./dev_cache.ts";

const SOURCE = new URL("./stand_in/", import.meta.url);

/** The same value is in main.go. */
const MARK = "\nkuberlr-stand-in\n";

/** Thrown if the program cannot be compiled here; the message says why. */
export class StandInUnavailable extends Error {
  override readonly name = "StandInUnavailable";
}

/**
 * Returns an executable that prints `kubectl VERSION` and its arguments, then follows `then`.
 *
 * @throws {StandInUnavailable}
 */
export function standInKubectl(version: string, then: string): Uint8Array<ArrayBuffer> {
  program ??= Deno.readFileSync(compileStandIn("windows"));
  const script = new TextEncoder().encode(MARK + JSON.stringify({ version, then }));
  const all = new Uint8Array(program.length + script.length);
  all.set(program);
  all.set(script, program.length);
  return all;
}

let program: Uint8Array | undefined;

/** The reason why a fake cannot be made; `undefined` if it can. */
export function missingStandIn(): string | undefined {
  try {
    compileStandIn("windows");
    return undefined;
  } catch (error) {
    if (error instanceof StandInUnavailable) return error.message;
    throw error;
  }
}

/**
 * Returns the path of the compiled program: `KUBERLR_STAND_IN`, else made by Go.
 *
 * @throws {StandInUnavailable}
 */
export function compileStandIn(goos: string): string {
  const given = Deno.env.get("KUBERLR_STAND_IN");
  if (given) return given;
  const cache = devCache();
  if (cache === undefined) throw new StandInUnavailable("there is no cache directory");
  const source = createHash("sha256").update(Deno.readFileSync(new URL("main.go", SOURCE)));
  const path = `${cache}/stand-in-${goos}-${source.digest("hex").slice(0, 16)}.exe`;
  if (isFile(path)) return path;
  Deno.mkdirSync(cache, { recursive: true });
  const temporary = `${path}.${crypto.randomUUID()}`;
  build(goos, temporary);
  Deno.renameSync(temporary, path);
  return path;
}

function build(goos: string, output: string): void {
  let result;
  try {
    result = new Deno.Command("go", {
      args: ["build", "-trimpath", "-ldflags=-s -w", "-o", output, "."],
      cwd: SOURCE,
      env: { GOOS: goos, GOARCH: "amd64", CGO_ENABLED: "0", GOFLAGS: "-mod=mod" },
      stdin: "null",
    }).outputSync();
  } catch (error) {
    throw new StandInUnavailable("its kubectl is compiled by Go, which is not installed", {
      cause: error,
    });
  }
  if (result.success) return;
  const said = new TextDecoder().decode(result.stderr).trim();
  throw new StandInUnavailable(`Go cannot compile its kubectl: ${said}`);
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
