/**
 * A URL with a password in any argument: the password is never printed and never kept. kubectl
 * itself, which gets its arguments unchanged, decides what it prints.
 */
import { assertEquals } from "@std/assert";
import type { CommandSpec } from "../../lib/cli/command_spec.ts";
import { COMMANDS, flagsOf } from "../../lib/cli/commands_table.ts";
import { runInside } from "../support/in_process.ts";
import { kubeconfig } from "../support/kubeconfig_builder.ts";
import { type Sandbox, story } from "../support/sandbox.ts";

const MARK = ["s3cr", "3t"].join("");

const URLS = [
  `https://bob:${MARK}@h.invalid`,
  `https://${MARK}@h.invalid/x`,
  `bob:${MARK}@h.invalid`,
  `https:/bob:x"${MARK} @h.invalid`,
  `https://h.invalid/kubectl?signature=${MARK}`,
];

/** Flags of kubectl that kuberlr reads. */
const KUBECTLS = [
  "server",
  "context",
  "cluster",
  "user",
  "kubeconfig",
  "kuberc",
  "tls-server-name",
  "certificate-authority",
  "client-certificate",
  "client-key",
  "token",
  "username",
  "password",
  "namespace",
  "request-timeout",
  "proxy-url",
  "as",
  "insecure-skip-tls-verify",
];

/** Returns command lines with the URL as a command, a flag, a flag's value and an operand. */
function* linesOf(command: CommandSpec, url: string): Generator<readonly string[]> {
  const { name, operands } = command;
  yield [name, url];
  yield [name, "x", url];
  yield [name, url, url];
  yield [name, "--", url];
  yield [name, `--${url}`];
  yield [name, `-${url}`];
  yield [name, `--${url}=${url}`];
  yield [name, `--help=${url}`];
  for (const flag of flagsOf(command)) {
    // Without a scheme, it is the name of a folder, which "link" makes.
    if (flag.name === "dir" && !url.startsWith("http")) continue;
    yield [name, `--${flag.name}=${url}`];
    yield [name, `--${flag.name}`, url];
    if (flag.short !== undefined) {
      yield [name, `-${flag.short}${url}`];
      yield [name, `-${flag.short}`, url];
      yield [name, `-${flag.short}=${url}`];
    }
  }
  if (operands.kind !== "kubectl") return;
  for (const flag of KUBECTLS) {
    yield [name, "--", "get", "pods", `--${flag}=${url}`];
    yield [name, "--", `--${flag}`, url, "get", "pods"];
  }
  for (const words of [["get", url], ["config", "view", url], [url, "get"], ["-s", url, "get"]]) {
    yield [name, "--", ...words];
  }
}

async function assertUnmarked(box: Sandbox, args: readonly string[]): Promise<void> {
  // Without details, the answer is remembered.
  for (const verbosity of args[0] === "kubectl" ? ["9", "0"] : ["9"]) {
    const { stdout, stderr } = await runInside(box, args, {
      KUBERLR_TIMEOUT: "1",
      KUBERLR_VERBOSITY: verbosity,
    });
    assertEquals((stdout + stderr).includes(MARK), false, `${args.join(" ")}\n${stdout}${stderr}`);
  }
}

for (const [index, url] of URLS.entries()) {
  story(
    `no command repeats the secret of a URL in its arguments: URL ${index + 1}`,
    async (box) => {
      box.kubeconfig(kubeconfig().context("prod", { server: "https://127.0.0.1:2" }, {}));
      box.fakeKubectl("1.30.5", { folder: box.system });
      const given = new Set(box.files(box.root));
      for (const line of [[url], [`--${url}`], [`-${url}`], [`--flag=${url}`]]) {
        await assertUnmarked(box, line);
      }
      for (const command of COMMANDS) {
        for (const words of linesOf(command, url)) {
          // With a "--", every word of kubectl's would be an operand.
          const line = command.name === "kubectl" ? words.filter((word) => word !== "--") : words;
          await assertUnmarked(box, line);
          const [name = "", ...rest] = line;
          if (command.json !== undefined) await assertUnmarked(box, [name, "-o", "json", ...rest]);
        }
      }
      for (const path of box.files(box.root).filter((path) => !given.has(path))) {
        assertEquals(path.includes(MARK), false, path);
        assertEquals(Deno.readTextFileSync(`${box.root}/${path}`).includes(MARK), false, path);
      }
    },
  );
}
