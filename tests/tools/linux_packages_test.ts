/**
 * The packages for dpkg and rpm, read and installed by dpkg and rpm themselves if they are
 * installed.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { COMMANDS } from "../../lib/cli/commands_table.ts";
import { makePackages } from "../../tools/compile.ts";
import { linuxPackage } from "../../tools/linux_package.ts";
import { generateManPage } from "../../tools/man_page.ts";
import { releasedFiles } from "../../tools/released_files.ts";
import { parseTarget } from "../../tools/targets.ts";

const EPOCH_SECONDS = 1_700_000_000;

const INSTALLED = [
  "etc/kuberlr.conf",
  "usr/bin/kuberlr",
  "usr/share/bash-completion/completions/kuberlr",
  "usr/share/doc/kuberlr/README.md",
  "usr/share/doc/kuberlr/THIRD-PARTY-LICENSES",
  "usr/share/doc/kuberlr/copyright",
  "usr/share/fish/vendor_completions.d/kuberlr.fish",
  "usr/share/man/man1/kuberlr.1.gz",
];

async function make(folder: string, version = "1.2.3", name = "linux-amd64") {
  const target = parseTarget(name);
  const executable = new TextEncoder().encode(`#!/bin/sh\necho kuberlr v${version}\n`);
  const release = { version, epochSeconds: EPOCH_SECONDS };
  const files = await releasedFiles(target, { ...release, executable, licenses: "MIT" });
  const content = linuxPackage(files, { ...release, target, repository: "someone/kuberlr" });
  const [deb = "", rpm = ""] = await makePackages(content, target, folder);
  return { deb, rpm };
}

async function run(command: string, args: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, {
    args: [...args],
    // dpkg needs programs that may be only in root's PATH.
    env: { LC_ALL: "C", PATH: `${Deno.env.get("PATH") ?? ""}:/usr/sbin:/sbin` },
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

function has(command: string): boolean {
  try {
    return new Deno.Command(command, { args: ["--version"] }).outputSync().success;
  } catch {
    return false;
  }
}

function packageTest(name: string, command: string, fn: (folder: string) => Promise<void>): void {
  const reason = !has(command)
    ? `there is no ${command}`
    : Deno.build.os !== "linux" || Deno.uid() !== 0
    ? "only root can install"
    : undefined;
  Deno.test({
    name: reason === undefined ? name : `${name} (ignored: ${reason})`,
    ignore: reason !== undefined,
    async fn() {
      const folder = await Deno.makeTempDir({ prefix: "kuberlr-package-" });
      try {
        await fn(folder);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

packageTest(
  "dpkg installs the .deb, keeps a changed setting, and removes it",
  "dpkg",
  async (folder) => {
    const root = `${folder}/root`;
    await Deno.mkdir(`${root}/var/lib/dpkg/info`, { recursive: true });
    await Deno.mkdir(`${root}/var/lib/dpkg/updates`);
    await Deno.writeTextFile(`${root}/var/lib/dpkg/status`, "");
    // That root does not contain libc6.
    const dpkg = (...args: readonly string[]) =>
      run("dpkg", [`--root=${root}`, "--force-depends", "--force-not-root", ...args]);
    await dpkg("--install", (await make(folder)).deb);
    for (const path of [...INSTALLED, "usr/share/zsh/vendor-completions/_kuberlr"]) {
      assertEquals(Deno.statSync(`${root}/${path}`).isFile, true, path);
    }
    assertEquals(await run(`${root}/usr/bin/kuberlr`, []), "kuberlr v1.2.3\n");
    const settings = `${root}/etc/kuberlr.conf`;
    await Deno.writeTextFile(settings, "Quiet = true\n");
    await dpkg("--install", "--force-confold", (await make(folder, "1.2.4")).deb);
    assertEquals(await run(`${root}/usr/bin/kuberlr`, []), "kuberlr v1.2.4\n");
    assertEquals(await Deno.readTextFile(settings), "Quiet = true\n");
    await dpkg("--remove", "kuberlr");
    assertEquals(Array.from(Deno.readDirSync(root), ({ name }) => name).toSorted(), ["etc", "var"]);
    assertEquals(Deno.statSync(settings).isFile, true);
  },
);

packageTest(
  "rpm checks the .rpm, installs it, keeps a changed setting, and removes it",
  "rpm",
  async (folder) => {
    const root = `${folder}/root`;
    await Deno.mkdir(root);
    const { rpm: first } = await make(folder);
    assertMatch(await run("rpm", ["--checksig", first]), /digests OK/);
    const rpm = (...args: readonly string[]) =>
      run("rpm", [`--root=${root}`, "--nodeps", "--nosignature", ...args]);
    await rpm("--install", first);
    for (const path of [...INSTALLED, "usr/share/zsh/site-functions/_kuberlr"]) {
      assertEquals(Deno.statSync(`${root}/${path}`).isFile, true, path);
    }
    assertEquals(await run(`${root}/usr/bin/kuberlr`, []), "kuberlr v1.2.3\n");
    const settings = `${root}/etc/kuberlr.conf`;
    await Deno.writeTextFile(settings, "Quiet = true\n");
    await rpm("--upgrade", (await make(folder, "1.2.4")).rpm);
    assertEquals(await run(`${root}/usr/bin/kuberlr`, []), "kuberlr v1.2.4\n");
    assertEquals(await Deno.readTextFile(settings), "Quiet = true\n");
    await rpm("--erase", "kuberlr");
    for (const folder of ["usr/bin", "usr/share/doc"]) {
      assertEquals([...Deno.readDirSync(`${root}/${folder}`)], [], folder);
    }
  },
);

packageTest("a pre-release sorts before its release, for either", "dpkg", async (folder) => {
  const { deb, rpm } = await make(folder, "1.2.3-rc.1", "linux-arm64");
  assertEquals(
    await run("dpkg-deb", ["--field", deb, "Version", "Architecture"]),
    "Version: 1.2.3~rc.1\nArchitecture: arm64\n",
  );
  if (!has("rpm")) return;
  const format = "%{VERSION} %{ARCH}";
  assertEquals(await run("rpm", ["-qp", "--queryformat", format, rpm]), "1.2.3~rc.1 aarch64");
});

Deno.test("packages depend on nothing but what is in them", async () => {
  const folder = await Deno.makeTempDir({ prefix: "kuberlr-package-" });
  try {
    const read = async () => {
      const { deb, rpm } = await make(folder);
      return [await Deno.readFile(deb), await Deno.readFile(rpm)];
    };
    assertEquals(await read(), await read());
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

const hasGroff = has("groff");
Deno.test({
  name: "groff has nothing to say of the man page, which has every command" +
    (hasGroff ? "" : " (ignored: there is no groff)"),
  ignore: !hasGroff,
  async fn() {
    const path = await Deno.makeTempFile({ suffix: ".1" });
    try {
      await Deno.writeTextFile(path, generateManPage("1.2.3", EPOCH_SECONDS));
      const { stdout, stderr } = await new Deno.Command("groff", {
        args: ["-man", "-Tascii", "-P-c", "-ww", path],
      }).output();
      assertEquals(new TextDecoder().decode(stderr), "");
      const page = new TextDecoder().decode(stdout);
      for (const { name } of COMMANDS) assertMatch(page, new RegExp(`^ +kuberlr ${name}\\b`, "m"));
    } finally {
      await Deno.remove(path);
    }
  },
});
