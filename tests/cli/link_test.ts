/** `kuberlr link` installs the link and says if PATH finds it. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { missingUser, USER } from "../support/another_user.ts";
import { programUnderTest } from "../support/program_under_test.ts";
import { type Sandbox, story } from "../support/sandbox.ts";
import { assertRefused } from "../support/verdicts.ts";

async function linkInto(box: Sandbox, args: readonly string[] = [], path?: string) {
  const run = await box.run(
    "kuberlr",
    ["link", ...args],
    path === undefined ? {} : { env: { PATH: path } },
  );
  // kuberlr prints this warning if npx runs the tests.
  return {
    ...run,
    stderr: run.stderr.replace(/^kuberlr: warning: Deno is in npx's cache.*\n/, ""),
  };
}

story("link makes a kubectl that is kuberlr, and says so when PATH finds it first", async (box) => {
  const dir = `${box.root}/first`;
  const path = `${dir}:${box.env["PATH"]}`;
  const run = await linkInto(box, ["--dir", dir], path);
  assertEquals([run.status, run.stdout], [0, `${dir}/kubectl\n`]);
  assertEquals(run.stderr, `kuberlr: From now on, "kubectl" runs kuberlr: PATH finds it first\n`);

  box.fakeKubectl("1.30.2");
  const child = new Deno.Command(`${dir}/kubectl`, {
    args: ["version", "--client"],
    env: box.env,
    clearEnv: true,
  });
  assertStringIncludes(new TextDecoder().decode((await child.output()).stdout), "kubectl 1.30.2");

  const again = await linkInto(box, ["--dir", dir], path);
  assertEquals([again.status, again.stdout], [0, `${dir}/kubectl\n`]);
}, { unix: "link_windows_test.ts has its like" });

story("link makes directories that every user can search", async (box) => {
  const dir = `${box.root}/opt/tools`;
  const run = await box.run("kuberlr", ["link", "--dir", dir]);
  assertEquals(run.status, 0, run.stderr);
  for (const path of [dir, `${box.root}/opt`]) {
    assertEquals((Deno.statSync(path).mode ?? 0) & 0o777, 0o755 & ~Deno.umask());
  }
}, { unix: "modes are Unix's" });

const SHELLS = [
  { shell: "/bin/bash", says: "Add this line to ~/.bashrc, and open a new shell: " },
  { shell: "/usr/bin/zsh", says: "Add this line to ~/.zshrc, and open a new shell: " },
  { shell: "/usr/bin/fish", says: "Run this once: " },
  {
    shell: "/bin/sh",
    says: "Add this line to the start-up file of your shell, and open a new shell: ",
  },
] as const;

for (const { shell, says } of SHELLS) {
  story(`link prints the line that makes PATH find it, for ${shell}`, async (box) => {
    const dir = `${box.root}/not in path`;
    const another = box.write("another/kubectl", "#!/bin/sh\n", 0o755);
    const absent = box.env["PATH"]!.replace(`${box.bin}:`, "");
    for (
      const { PATH, problem } of [
        { PATH: absent.replace("/usr/bin:/bin", ""), problem: `"${dir}" is not in PATH` },
        {
          PATH: `${box.root}/another:${absent}`,
          problem: `"${dir}" is not in PATH, so "kubectl" still runs "${another}"`,
        },
        {
          PATH: `${box.root}/another:${absent}:${dir}`,
          problem: `"${dir}" comes too late in PATH, so "kubectl" still runs "${another}"`,
        },
      ]
    ) {
      const run = await box.run("kuberlr", ["link", "--dir", dir], {
        env: { PATH, SHELL: shell },
      });
      const lines = run.stderr.split("\n").filter((line) => !line.includes("npx's cache"));
      const at = lines.indexOf(`kuberlr: ${problem}`);
      const start = `kuberlr: hint: ${says}`;
      const hint = lines[at + 1] ?? "";
      assertEquals([at >= 0, hint.slice(0, start.length)], [true, start], run.stderr);
      const line = hint.slice(start.length);
      const found = await box.exec(shell, ["-c", `${line}\ncommand -v kubectl`], { env: { PATH } });
      assertEquals([found.status, found.stdout], [0, `${dir}/kubectl\n`], found.stderr);
    }
  }, {
    unix: "link_windows_test.ts has its like",
    unless: isThere(shell) ? undefined : `there is no ${shell}`,
  });
}

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

story("link leaves another kubectl alone, unless it is forced", async (box) => {
  const dir = `${box.root}/taken`;
  box.write(`${dir}/kubectl`, "#!/bin/sh\necho another\n", 0o755);
  const refused = await linkInto(box, ["--dir", dir]);
  assertEquals([refused.status, refused.stdout], [125, ""]);
  assertStringIncludes(refused.stderr, "--force");
  assertEquals(Deno.readTextFileSync(`${dir}/kubectl`), "#!/bin/sh\necho another\n");
  assertEquals((await linkInto(box, ["--dir", dir, "--force"])).status, 0);
}, { unix: "link_windows_test.ts has its like" });

story("link suggests no force where a folder is in the way", async (box) => {
  const dir = `${box.root}/taken`;
  box.write(`${dir}/kubectl/file`, "");
  for (const force of [[], ["--force"]]) {
    assertRefused(await linkInto(box, ["--dir", dir, ...force]), {
      status: 125,
      error: /kubectl" is a folder/,
      hint: /Move it away/,
    });
  }
}, { unix: "link_windows_test.ts has its like" });

story("link replaces a link that leads nowhere", async (box) => {
  box.write("dir/other", "");
  Deno.symlinkSync(`${box.root}/gone`, `${box.root}/dir/kubectl`);
  const run = await linkInto(box, ["--dir", `${box.root}/dir`]);
  assertEquals([run.status, run.stdout], [0, `${box.root}/dir/kubectl\n`]);
  assertEquals(Deno.statSync(`${box.root}/dir/kubectl`).isFile, true);
}, { unix: "links are a privilege there" });

story("link takes a directory relative to the current one", async (box) => {
  const run = await linkInto(box, ["--dir", "here"]);
  assertEquals([run.status, run.stdout], [0, `${box.cwd}/here/kubectl\n`]);
}, { unix: "link_windows_test.ts has its like" });

story(
  "link falls back to ~/.local/bin",
  async (box) => {
    const run = await linkInto(box);
    assertEquals([run.status, run.stdout], [0, `${box.home}/.local/bin/kubectl\n`]);
  },
  {
    unix: "link_windows_test.ts has its like",
    unless: programUnderTest().length === 1 ? "an executable's goes beside itself" : undefined,
  },
);

story("link as root makes nothing in the home of another user", async (box) => {
  Deno.chownSync(box.home, USER, USER);
  assertRefused(await linkInto(box), {
    status: 125,
    error: /Cannot put kubectl into ".*\/home\/\.local\/bin": ".*\/home" belongs to another user/,
    hint: /"kuberlr link --dir \/usr\/local\/bin"/,
  });
  assertEquals(box.files(`${box.home}/.local`), []);
}, {
  unless: missingUser ??
    (programUnderTest().length === 1 ? "an executable's goes beside itself" : undefined),
});
