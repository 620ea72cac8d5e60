/**
 * `kuberlr link` on Windows, in folders that hold various other kubectls: folders of values, and a
 * real one.
 */
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { placeOnWindows } from "../../lib/commands/link_windows.ts";
import { HostError, KuberlrError } from "../../lib/errors.ts";
import { denoFiles } from "../../lib/host/disk/files.ts";
import type { StartCommand } from "../../lib/ports/host.ts";
import { fakeEnv, type FakeFile, fakeFiles, fakeProgram, WINDOWS } from "../support/fake_host.ts";
import { sandbox } from "../support/sandbox.ts";
import { missingStandIn, standInKubectl } from "../support/stand_in.ts";

const KUBERLR = "C:\\k\\kuberlr.exe";
const EXECUTABLE: StartCommand = { kind: "executable", path: KUBERLR };
const SOURCE: StartCommand = { kind: "source", deno: "C:\\deno.exe", module: "C:/kuberlr/main.ts" };
const OURS = `@rem made by "kuberlr link"\r\n`;

interface World {
  readonly start?: StartCommand;
  readonly files?: Readonly<Record<string, FakeFile>>;
  readonly force?: boolean;
  readonly refused?: readonly ("linkAtomically" | "hardLinkAtomically")[];
  readonly pathext?: string;
}

function place({ start = EXECUTABLE, files = {}, force = false, refused = [], pathext }: World) {
  const fake = fakeFiles({ [KUBERLR]: { ino: 7 }, ...files }, "\\");
  const refuse = (_: string, path: string) => {
    throw new HostError("EPERM", path, "A required privilege is not held by the client");
  };
  const path = placeOnWindows("D:\\bin", start, { words: ["C:\\x.exe"], force }, {
    platform: WINDOWS,
    env: fakeEnv(pathext === undefined ? {} : { PATHEXT: pathext }),
    files: { ...fake, ...Object.fromEntries(refused.map((name) => [name, refuse])) },
    program: fakeProgram({ identity: () => ({ dev: 1, ino: 7 }) }),
  });
  const left = [...fake.texts.keys()].filter((each) => each.startsWith("D:\\bin\\"));
  return { path, left, kind: fake.lstat(path)?.kind };
}

for (
  const { name, want, ...world } of [
    { name: "a link where it may", want: { path: "kubectl.exe", kind: "link" } },
    {
      name: "a hard link where links are a privilege",
      refused: ["linkAtomically"],
      want: { path: "kubectl.exe", kind: "file" },
    },
    {
      name: "a script where the executable is on another drive",
      refused: ["linkAtomically", "hardLinkAtomically"],
      want: { path: "kubectl.cmd", kind: "file" },
    },
    {
      name: "a script for a program that Deno runs",
      start: SOURCE,
      want: { path: "kubectl.cmd", kind: "file" },
    },
    {
      name: "a link in the place of its own script",
      files: { "D:\\bin\\kubectl.cmd": OURS },
      want: { path: "kubectl.exe", kind: "link" },
    },
    {
      name: "a script in the place of its own link",
      start: SOURCE,
      files: { "D:\\bin\\kubectl.exe": { ino: 7 } },
      want: { path: "kubectl.cmd", kind: "file" },
    },
    {
      name: "a script in the place of another kubectl, by force",
      start: SOURCE,
      force: true,
      files: { "D:\\bin\\kubectl.exe": "another", "D:\\bin\\kubectl.ps1": "another" },
      want: { path: "kubectl.cmd", kind: "file" },
    },
  ] as readonly (World & { name: string; want: { path: string; kind: string } })[]
) {
  Deno.test(`placeOnWindows() puts ${name}, and leaves one kubectl`, () => {
    const { path, left, kind } = place(world);
    assertEquals({ path, kind }, { ...want, path: `D:\\bin\\${want.path}` });
    assertEquals(left, [path]);
  });
}

for (const ending of [".com", ".exe", ".bat", ".cmd", ".ps1", "", ".vbs"]) {
  for (const start of [EXECUTABLE, SOURCE]) {
    Deno.test(`placeOnWindows() refuses another kubectl${ending} beside ${start.kind}`, () => {
      const path = `D:\\bin\\kubectl${ending}`;
      const error = assertThrows(
        () => place({ start, files: { [path]: "another" }, pathext: ".COM;.EXE;.BAT;.CMD;.VBS" }),
        KuberlrError,
      );
      assertStringIncludes(error.message, `"${path}" is another program`);
      assertStringIncludes(error.hint ?? "", "--force");
    });
  }
}

Deno.test("placeOnWindows() suggests no force where a folder is in the way", () => {
  const files = { "D:\\bin\\kubectl.exe": { kind: "directory" as const } };
  const error = assertThrows(() => place({ files, force: true }), KuberlrError);
  assertEquals(error.hint, "Move it away, or name another directory with --dir");
});

const WINDOWS_HERE = Deno.build.os === "windows";
const missing = WINDOWS_HERE ? missingStandIn() : "it needs Windows";

Deno.test({
  name: "placeOnWindows() makes a kubectl that CreateProcess starts, again while it runs" +
    (missing === undefined ? "" : ` (ignored: ${missing})`),
  ignore: missing !== undefined,
  async fn() {
    await using box = await sandbox();
    const folder = `${box.root}/Jürgen`.replaceAll("/", "\\");
    const files = denoFiles(WINDOWS);
    const executable = `${folder}\\kuberlr.exe`;
    files.makeDirectory(folder);
    Deno.writeFileSync(executable, standInKubectl("hard", "cat"));
    const put = () =>
      placeOnWindows(folder, { kind: "executable", path: executable }, { words: [], force: true }, {
        platform: WINDOWS,
        env: { get: Deno.env.get },
        files,
        program: fakeProgram(),
      });
    assertEquals(put(), `${folder}\\kubectl.exe`);
    const child = new Deno.Command(`${folder}\\kubectl`, {
      args: ["get"],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const output = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    // The launcher prints its first line, so it has read its own file.
    const said = [(await output.read()).value];
    // The next release is linked while the last one still runs.
    Deno.renameSync(executable, `${folder}\\old.exe`);
    Deno.writeFileSync(executable, standInKubectl("next", ""));
    assertEquals(put(), `${folder}\\kubectl.exe`);
    await child.stdin.close();
    for (let next = await output.read(); !next.done; next = await output.read()) {
      said.push(next.value);
    }
    await child.status;
    assertEquals(said.join(""), "kubectl hard\n<get>\n");
    const next = await new Deno.Command(`${folder}\\kubectl`).output();
    assertEquals(new TextDecoder().decode(next.stdout), "kubectl next\n");
    assertEquals(put(), `${folder}\\kubectl.exe`);
    assertEquals(files.list(folder)?.toSorted(), ["kubectl.exe", "kuberlr.exe", "old.exe"]);
  },
});
