/**
 * `deno task test:bundled` and `test:compiled`: makes what people download and runs the black-box tests over it,
 * through a link named kubectl, with real kubectls. Arguments after the form go to `deno test`.
 *
 * @module
 */
import { buildTime, compileExecutable, makeSingleFile } from "../../tools/compile.ts";
import { executableName, ownTarget } from "../../tools/targets.ts";
import { findCompiler } from "./denort.ts";
import { runSuite } from "./run_suite.ts";

const TESTS = ["tests/cli", "tests/real"];

async function main([form = "", ...args]: readonly string[]): Promise<number> {
  if (form !== "bundled" && form !== "compiled") throw new Error(`Cannot test "${form}"`);
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "kuberlr-built-" }));
  try {
    const script = await makeSingleFile(folder, await buildTime());
    const env = form === "bundled" ? { KUBERLR_UNDER_TEST: script } : await compile(script, folder);
    return await runSuite(args.length > 0 ? args : TESTS, env);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** What the tests are told. */
async function compile(script: string, folder: string): Promise<Record<string, string>> {
  const target = ownTarget();
  const output = `${folder}/${executableName(target)}`;
  const { isOwn, ...compiler } = await findCompiler();
  await compileExecutable(script, output, target, compiler);
  if (isOwn) return { KUBERLR_UNDER_TEST: output };
  report("Deno's own runtime cannot be had: compiled with 2.6.8, running on 2.6.10\n");
  return { KUBERLR_UNDER_TEST: output, KUBERLR_UNDER_TEST_LACKS: "file-locks node-tls" };
}

function report(text: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(text));
}

if (import.meta.main) Deno.exit(await main(Deno.args));
