/**
 * Compares both dependency maps: the packages behind `@std/*` in deno.json have the behaviour and
 * the types of the originals.
 */
import { assertEquals, assertThrows } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { OUTPUT, renderJsrConfig } from "../../tools/generate_jsr_config.ts";

const ROOT = new URL("../..", import.meta.url);
const CHECKOUT = Deno.env.get("STD_CHECKOUT");

/** Everything that runs on @std, except for assertions, which are everywhere. */
const TESTS = [
  "tests/std",
  "tests/cli/command_line_test.ts",
  "tests/cli/messages_test.ts",
  "tests/config",
  "tests/conformance/kubeconfig_test.ts",
  "tests/kubeconfig",
  "tests/kuberc",
  "tests/version/version_test.ts",
];

Deno.test("deno.jsr.json is deno.json with the originals", async () => {
  const text = await Deno.readTextFile(new URL("deno.json", ROOT));
  assertEquals(await Deno.readTextFile(OUTPUT), renderJsrConfig(text));
});

Deno.test("renderJsrConfig() refuses a part of @std whose original it does not know", () => {
  assertThrows(() => renderJsrConfig(`"@std/unheard-of": "./std/x.ts"`), Error, "unheard-of");
});

const reason = CHECKOUT
  ? Deno.env.get("STD_CHECKOUT_UNDER_TEST") && "these are its tests"
  : "STD_CHECKOUT names no checkout of denoland/std";

Deno.test({
  name: `the originals of STD_CHECKOUT serve as well${reason ? ` (ignored: ${reason})` : ""}`,
  ignore: reason !== undefined && reason !== "",
  async fn(t) {
    const folder = await Deno.makeTempDir({ prefix: "kuberlr-std-" });
    try {
      const originals = await mapCheckout(`${CHECKOUT}`.replace(/\/$/, ""));
      const imports = Object.fromEntries(
        Object.entries(config.imports).map(([name, target]) => [
          name,
          target.startsWith("./") ? new URL(target, ROOT).href : target,
        ]),
      );
      // The originals do not follow this project's stricter rules.
      const { noImplicitReturns: _, ...compilerOptions } = config.compilerOptions;
      const { unstable } = config;
      const map = `${folder}/deno.json`;
      await Deno.writeTextFile(
        map,
        JSON.stringify({ compilerOptions, unstable, imports: { ...imports, ...originals } }),
      );
      await t.step("types", () => deno("check", "--config", map, "--no-lock", "main.ts", ...TESTS));
      await t.step(
        "tests",
        () => deno("test", "-A", "--no-check", "--config", map, "--no-lock", ...TESTS),
      );
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

/** Returns every export of every package, by the name that packages use for one another. */
async function mapCheckout(checkout: string): Promise<Record<string, string>> {
  const map: Record<string, string> = {};
  for await (const { name, isDirectory } of Deno.readDir(checkout)) {
    if (!isDirectory) continue;
    let text;
    try {
      text = await Deno.readTextFile(`${checkout}/${name}/deno.json`);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) continue;
      throw error;
    }
    const { name: published, exports } = JSON.parse(text);
    const paths: Record<string, string> = typeof exports === "string" ? { ".": exports } : exports;
    for (const [path, file] of Object.entries(paths)) {
      map[`${published}${path.slice(1)}`] = new URL(`file://${checkout}/${name}/${file}`).href;
    }
  }
  for (const name of Object.keys(config.imports)) {
    if (name.startsWith("@std/") && !(name in map)) {
      throw new Error(`${checkout} has no ${name}: is it a checkout of denoland/std?`);
    }
  }
  return map;
}

async function deno(...args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: ROOT,
    env: { STD_CHECKOUT_UNDER_TEST: "1", NO_COLOR: "1" },
  }).output();
  const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  assertEquals(code, 0, said.slice(-4000));
}
