/** The files that `kuberlr link` installs on Windows, run as cmd.exe runs them. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { programUnderTest } from "../support/program_under_test.ts";
import { type Sandbox, story, SUFFIX } from "../support/sandbox.ts";
import { assertRefused } from "../support/verdicts.ts";

const ENDING = programUnderTest().length === 1 ? SUFFIX : ".cmd";
const UNLESS = Deno.build.os === "windows" ? undefined : "it needs Windows";

function windowsStory(name: string, fn: (box: Sandbox) => Promise<void>): void {
  story(name, fn, { unless: UNLESS });
}

function native(path: string): string {
  return path.replaceAll("/", "\\");
}

windowsStory("link makes a kubectl that cmd.exe starts, below umlauts", async (box) => {
  const dir = `${box.root}/Müller`;
  const env = { PATH: `${native(dir)};${box.env["PATH"]}` };
  for (const _time of ["first", "again"]) {
    const run = await box.run("kuberlr", ["link", "--dir", native(dir)], { env });
    assertEquals([run.status, run.stdout], [0, `${dir}/kubectl${ENDING}\n`], run.stderr);
    assertEquals(run.stderr, `kuberlr: From now on, "kubectl" runs kuberlr: PATH finds it first\n`);
  }
  box.fakeKubectl("1.30.2");
  const kubectl = await box.exec("cmd", ["/d", "/c", "kubectl", "version", "--client"], { env });
  assertEquals([kubectl.status, kubectl.stdout], [0, "kubectl 1.30.2\n<version>\n<--client>\n"]);
});

windowsStory("link refuses a kubectl.exe beside it, and replaces it by force", async (box) => {
  const dir = `${box.root}/taken`;
  box.write("taken/kubectl.exe", "another");
  const args = ["link", "--dir", native(dir)];
  assertRefused(await box.run("kuberlr", args), {
    status: 125,
    error: /kubectl\.exe" is another program, which would run in its place/,
    hint: /--force/,
  });
  assertEquals(box.files(dir), ["kubectl.exe"]);
  const forced = await box.run("kuberlr", [...args, "--force"]);
  assertEquals([forced.status, box.files(dir)], [0, [`kubectl${ENDING}`]], forced.stderr);
});

windowsStory("link says what has to be done to PATH, in Windows' words", async (box) => {
  const dir = `${box.root}/elsewhere`;
  const run = await box.run("kuberlr", ["link", "--dir", native(dir)]);
  assertStringIncludes(run.stderr, `"${dir}" is not in PATH`);
});
