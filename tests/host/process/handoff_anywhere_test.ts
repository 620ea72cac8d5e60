/**
 * The hand-off on every system, with Deno itself as kubectl. On Windows it is always a child, for
 * any setting.
 */
import { assertEquals, assertMatch } from "@std/assert";

const HAND_OFF = new URL("../../support/hand_off.ts", import.meta.url).href;

async function becomeDeno(
  mode: "exec" | "spawn",
  program: string,
  args: readonly string[] = [],
  { path = Deno.execPath(), stdin = "", env = {} } = {},
) {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(file, program);
    const words = ["run", "-A", "--no-check", HAND_OFF, mode, "system", path, "kubectl"];
    const child = new Deno.Command(Deno.execPath(), {
      args: [...words, "run", "-A", "--no-check", file, ...args],
      env,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(stdin)).catch(() => {});
    await writer.close().catch(() => {});
    const { code, stdout, stderr } = await child.output();
    const decoder = new TextDecoder();
    return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  } finally {
    await Deno.remove(file);
  }
}

const ARGS = [
  "",
  " ",
  "a b",
  `"`,
  `\\"`,
  "\\",
  "a\\",
  "a b\\",
  "%PATH%",
  "^&|<>",
  "$HOME",
  "*",
  "é日本",
  "\n",
  "--",
  "-o=x",
];

for (const mode of ["exec", "spawn"] as const) {
  for (const status of [0, 1, 7, 255]) {
    Deno.test(`handOff() ends with status ${status} on every system (${mode})`, async () => {
      const { code } = await becomeDeno(mode, `Deno.exit(${status});`);
      assertEquals(code, status);
    });
  }

  Deno.test(`handOff() passes arguments on as they are on every system (${mode})`, async () => {
    const program = "console.log(JSON.stringify(Deno.args));";
    const { stdout, stderr } = await becomeDeno(mode, program, ARGS);
    assertEquals([JSON.parse(stdout), stderr], [ARGS, ""]);
  });

  Deno.test(`handOff() passes streams and variables on on every system (${mode})`, async () => {
    const program = `console.log(await new Response(Deno.stdin.readable).text());
console.error(Deno.env.get("KUBERLR_TEST"), Deno.env.get("KUBERLR_DEPTH")?.split(":")[0]);`;
    const env = { KUBERLR_TEST: "é = x" };
    const { stdout, stderr } = await becomeDeno(mode, program, [], { stdin: "a\nb", env });
    assertEquals([stdout, stderr], ["a\nb\n", "é = x 1\n"]);
  });

  Deno.test(`handOff() explains a missing file on every system (${mode})`, async () => {
    const path = `${Deno.execPath()}.missing.exe`;
    const { code, stdout, stderr } = await becomeDeno(mode, "", [], { path });
    assertEquals([code, stdout], [126, ""]);
    assertMatch(stderr, /^kubectl-not-executable: Cannot run ".*": it is no longer there\nhint: /);
  });
}
