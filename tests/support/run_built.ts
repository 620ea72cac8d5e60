/**
 * `deno task test:bundled`, `test:compiled` and `test:launcher`: builds what people download and
 * runs the black-box tests with it, through a link or a launcher named kubectl, with real kubectls.
 * Arguments after the form go to `deno test`.
 *
 * @module
 */
import { buildTime, compileExecutable, makeModules, makeSingleFile } from "../../tools/compile.ts";
import { executableName, ownTarget } from "../../tools/targets.ts";
import { CompilerUnavailable, findCompiler } from "./denort.ts";
import { denoDir } from "./sandbox.ts";
import { runSuite } from "./run_suite.ts";

const TESTS = ["tests/cli", "tests/real"];

async function main([form = "", ...args]: readonly string[]): Promise<number> {
  if (!["bundled", "compiled", "launcher"].includes(form)) throw new Error(`Cannot test "${form}"`);
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "kuberlr-built-" }));
  // Some stories run as another user.
  await Deno.chmod(folder, 0o755).catch(() => {});
  try {
    const env = form === "compiled" ? await compile(folder) : await bundle(folder, form);
    return await runSuite(args.length > 0 ? args : TESTS, env);
  } catch (error) {
    if (!(error instanceof CompilerUnavailable) || Deno.env.get("CI")) throw error;
    report(`No executable can be compiled here, and so none is tested: ${error.message}\n`);
    return 0;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Returns the variables that tell the tests which program to run. */
async function bundle(folder: string, form: string): Promise<Record<string, string>> {
  const script = await makeSingleFile(folder, await buildTime());
  if (form !== "launcher") return { KUBERLR_UNDER_TEST: script };
  return { KUBERLR_UNDER_TEST: script, KUBERLR_UNDER_TEST_LAUNCHER: await link(script, folder) };
}

/** Returns the same for an executable. */
async function compile(folder: string): Promise<Record<string, string>> {
  const target = ownTarget();
  const output = `${folder}/${executableName(target)}`;
  const { isOwn, ...compiler } = await findCompiler();
  const script = await makeModules(`${folder}/modules`, await buildTime());
  await compileExecutable(script, output, target, compiler);
  if (isOwn) return { KUBERLR_UNDER_TEST: output };
  report("Deno's own runtime cannot be had: compiled with 2.6.8, running on 2.6.10\n");
  return {
    KUBERLR_UNDER_TEST: output,
    KUBERLR_UNDER_TEST_LACKS: "file-locks node-tls certificate-errors",
  };
}

/** Makes the launcher that the single file's own `link` writes. */
async function link(script: string, folder: string): Promise<string> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-qA", "--no-config", "--no-lock", script, "link", "--dir", `${folder}/bin`],
    env: { HOME: folder, DENO_DIR: denoDir() },
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return `${folder}/bin/kubectl`;
}

function report(text: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(text));
}

if (import.meta.main) Deno.exit(await main(Deno.args));
