/** How a program was called: argv[0] and its own file, for every way to call it on this system. */
import { assertEquals } from "@std/assert";

const MODULE = new URL("../../lib/host/local_host.ts", import.meta.url).href;
const LINUX = Deno.build.os === "linux";

/**
 * A module that prints what it knows about its call. Like a bundle, it is one file that imports by
 * absolute URL.
 */
const SOURCE = `const { denoProgram } = await import("${MODULE}");
const program = denoProgram();
console.log(JSON.stringify([program.argv0, program.args, program.identity(), program.cwd()]));
`;

interface Box {
  readonly folder: string;
  /** The module, which its first line makes executable. */
  readonly module: string;
}

async function inBox(test: (box: Box) => Promise<void>): Promise<void> {
  const folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "kuberlr-program-" }));
  try {
    const module = `${folder}/program.js`;
    Deno.writeTextFileSync(module, `#!/usr/bin/env -S deno run -A --no-check\n${SOURCE}`);
    Deno.chmodSync(module, 0o755);
    await test({ folder, module });
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

async function run(command: string, args: readonly string[], { folder }: Box) {
  const denoFolder = Deno.execPath().replace(/\/[^/]*$/, "");
  const { stdout, stderr } = await new Deno.Command(command, {
    args: [...args],
    cwd: folder,
    env: { PATH: `${folder}:${denoFolder}:${Deno.env.get("PATH")}` },
  }).output();
  const text = new TextDecoder().decode(stdout);
  if (text === "") throw new Error(new TextDecoder().decode(stderr));
  return JSON.parse(text);
}

function identityOf(path: string) {
  const { dev, ino } = Deno.statSync(path);
  return { dev, ino };
}

function test(name: string, fn: (box: Box) => Promise<void>): void {
  Deno.test({
    name: LINUX ? name : `${name} (ignored: it needs Linux' argv[0])`,
    ignore: !LINUX,
    fn: () => inBox(fn),
  });
}

test("denoProgram() sees Deno's name in a checkout", async (box) => {
  const args = ["run", "-A", "--no-check", box.module, "get", "a b", ""];
  assertEquals(await run(Deno.execPath(), args, box), [
    Deno.execPath(),
    ["get", "a b", ""],
    identityOf(box.module),
    box.folder,
  ]);
});

test("denoProgram() sees the name of a link to a module that is executable", async (box) => {
  Deno.symlinkSync("program.js", `${box.folder}/kubectl`);
  const [argv0, args, identity] = await run("kubectl", ["get", "pods"], box);
  assertEquals(
    [argv0, args, identity],
    [`${box.folder}/kubectl`, ["get", "pods"], identityOf(box.module)],
  );
});

test("denoProgram() knows itself through a link", async (box) => {
  Deno.symlinkSync(box.module, `${box.folder}/link.js`);
  const args = ["run", "-A", "--no-check", `${box.folder}/link.js`];
  assertEquals((await run(Deno.execPath(), args, box))[2], identityOf(box.module));
});

test("denoProgram() sees Deno's name and the baked-in argument in what deno install writes", async (box) => {
  const install = ["install", "-g", "-A", "--no-config", "--root", box.folder, "-n", "kubectl"];
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: [...install, box.module, "--", "--as-kubectl"],
    stderr: "null",
  }).output();
  assertEquals(success, true);
  const [argv0, args, identity] = await run(`${box.folder}/bin/kubectl`, ["get"], box);
  assertEquals(
    [argv0, args, identity],
    [Deno.execPath(), ["--as-kubectl", "get"], identityOf(box.module)],
  );
});
