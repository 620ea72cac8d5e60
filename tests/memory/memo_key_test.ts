import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { scanKubectlArgv } from "../../lib/kubectl/argv.ts";
import { applyKuberc, type Kuberc } from "../../lib/kuberc/kuberc.ts";
import { needOfLine } from "../../lib/kubectl/need.ts";
import { memoKey, memoKeyPerCommand } from "../../lib/memory/memo.ts";

function keyOf(args: readonly string[]): string {
  const line = scanKubectlArgv(args);
  return memoKey(line, needOfLine(line), undefined);
}

function commandKeyOf(args: readonly string[]): string {
  const line = scanKubectlArgv(args);
  return memoKeyPerCommand(line, needOfLine(line), undefined);
}

const SAME: readonly [one: readonly string[], other: readonly string[]][] = [
  [["get", "pods"], ["describe", "node", "x", "-o", "yaml"]],
  [["get", "--context", "yy"], ["--context=yy", "logs", "-f", "p"]],
  [["get", "-s", "http://h", "--user=u"], ["get", "--user", "u", "-s=http://h"]],
  [["get", "--token", "a"], ["get", "--token=b"]],
  [["get", "-s", "https://a:b@h/x"], ["get", "-s", "https://h/x"]],
  [["get", "-s", "https://h/x?token=a"], ["get", "-s", "https://h/x?b"]],
  [["get", "-s", "a:b@h:1"], ["get", "-s", "c@h:1"]],
  [["config", "view"], ["completion", "bash"]],
  [["get", "-l", "--context=yy"], ["get"]],
];
for (const [one, other] of SAME) {
  Deno.test(`memoKey() is one for ${one.join(" ")} and ${other.join(" ")}`, () => {
    assertEquals(keyOf(one), keyOf(other));
  });
}

const DIFFERENT: readonly [one: readonly string[], other: readonly string[]][] = [
  [["get", "pods"], ["config", "view"]],
  [["get", "pods"], ["__complete", "get", ""]],
  [["get"], ["get", "--context=xx"]],
  [["get"], ["get", "--context="]],
  [["get", "--context=xx"], ["get", "--cluster=xx"]],
  [["get", "--context=a", "--user=b"], ["get", "--context=b", "--user=a"]],
  [["get", "--token="], ["get", "--token=x"]],
  [["get"], ["get", "--token="]],
  [["get", "-s", "http://h"], ["get", "-s", "https://h"]],
  [["get", "-s", "https://h/a"], ["get", "-s", "https://h/b"]],
  [["get", "-s", "https://h/c@a"], ["get", "-s", "https://h/d@a"]],
  [["get", "-s", "http://localhost:8080"], ["get", "-s", "http://localhost:8080?"]],
  [["get", "--user=u"], ["create", "rolebinding", "--user=u"]],
  [["get", "--kubeconfig=a"], ["get", "--kubeconfig=b"]],
  [["get", "--kuberc=a", "--kuberc=b"], ["get", "--kuberc=b"]],
  [["get", "-l", "--kuberc=a"], ["get"]],
  [["get", "--insecure-skip-tls-verify"], ["get", "--insecure-skip-tls-verify=false"]],
  [["get", "--request-timeout=1s"], ["get"]],
  [["get", "--as=me"], ["get"]],
];
for (const [one, other] of DIFFERENT) {
  Deno.test(`memoKey() tells ${one.join(" ")} from ${other.join(" ")}`, () => {
    assert(keyOf(one) !== keyOf(other));
  });
}

const SECRETS: readonly (readonly string[])[] = [
  ["get", "--token", "S3CRET"],
  ["get", "--token=S3CRET"],
  ["get", "--password=S3CRET", "--username=S3CRET"],
  ["get", "-s", "https://u:S3CRET@h"],
  ["get", "-shttps://S3CRET@h/x"],
  ["get", "-s", "u:S3CRET@h"],
  ["get", "-s", "https:u:S3CRET@h"],
  ["get", "-s", "//u:S3CRET@h"],
  ["get", "-s", "https://u:p/S3CRET@h"],
  ["get", "-s", "https://h/?token=S3CRET"],
  ["get", "-s", "https://h/#S3CRET"],
  ["get", "--as-user-extra=S3CRET=1", "--as=S3CRET"],
  ["mine", "--token", "S3CRET"],
  ["mine", "S3CRET"],
  ["gz", "-s", "https://u:S3CRET@h"],
  ["create", "secret", "generic", "x", "--from-literal=a=S3CRET"],
  ["run", "x", "--image=S3CRET", "--", "S3CRET"],
];
for (const args of SECRETS) {
  Deno.test(`memoKey() and memoKeyPerCommand() keep no secret of ${args.join(" ")}`, () => {
    assertEquals(/S3CRET/i.test(keyOf(args) + commandKeyOf(args)), false);
  });
}

Deno.test("memoKeyPerCommand() is one for the same command on other objects", () => {
  assertEquals(commandKeyOf(["get", "pods", "x"]), commandKeyOf(["get", "-oyaml", "nodes"]));
  assert(commandKeyOf(["get", "pods"]) !== commandKeyOf(["describe", "pods"]));
});

/**
 * One default or alias of every kind: defaults that choose a server or make a command local, and
 * aliases that change the meaning of words.
 */
const KUBERC: Kuberc = {
  plugins: { kind: "allow-all" },
  defaults: [
    { command: "get", options: [{ name: "context", value: "zz" }, { name: "server", value: "d" }] },
    { command: "version", options: [{ name: "client", value: "true" }] },
    { command: "create configmap", options: [{ name: "dry-run", value: "client" }] },
    { command: "create job", options: [{ name: "image", value: "i" }] },
    { command: "create", options: [{ name: "filename", value: "f" }] },
    {
      command: "set env",
      options: [{ name: "local", value: "true" }, { name: "user", value: "" }],
    },
    { command: "logs", options: [{ name: "help", value: "true" }] },
  ],
  aliases: [
    {
      name: "gz",
      command: "get",
      prependArgs: ["-l"],
      appendArgs: ["--cluster=cz"],
      options: [{ name: "context", value: "a" }],
    },
    { name: "cx", command: "get", prependArgs: ["--context"], appendArgs: [], options: [] },
    { name: "help", command: "get", prependArgs: ["--user"], appendArgs: [], options: [] },
  ],
};

const WORD = fc.constantFrom(
  "get",
  "gz",
  "cx",
  "help",
  "version",
  "create",
  "configmap",
  "cm",
  "job",
  "set",
  "env",
  "logs",
  "pods",
  "yy",
  "--",
  "--context",
  "--context=yy",
  "--context=",
  "--con_text=yy",
  "-s",
  "-nprods",
  "-l",
  "-f",
  "--client=false",
  "--dry-run",
  "--dry-run=none",
  "--dry-run=client",
  "--local",
  "--local=false",
  "--from=x",
  "--image=x",
  "--help",
  "--help=false",
  "--user",
  "--token=t",
  "__complete",
);

/** Returns the parts of a command line that the choice of a kubectl depends on, without secrets. */
function decisive(args: readonly string[], kuberc: Kuberc | undefined): string {
  const scanned = scanKubectlArgv(args);
  const line = kuberc === undefined ? scanned : applyKuberc(scanned, kuberc);
  const globals = Object.entries(line.globals)
    .map(([name, value]) => name === "token" ? `${name}:${value !== ""}` : `${name}=${value}`);
  return JSON.stringify([needOfLine(line).kind, globals.toSorted()]);
}

Deno.test("memoKey() and memoKeyPerCommand() are the same only for lines that resolve the same", () => {
  const seen = new Map<string, readonly [args: readonly string[], decisive: string]>();
  let repeated = 0;
  const check = (key: string, args: readonly string[], kuberc: Kuberc | undefined) => {
    const now = decisive(args, kuberc);
    const earlier = seen.get(key);
    if (earlier === undefined) seen.set(key, [args, now]);
    else {
      repeated++;
      assertEquals([args, now], [args, earlier[1]], `as ${earlier[0].join(" ")}`);
    }
  };
  fc.assert(
    fc.property(fc.array(WORD, { maxLength: 6 }), (args) => {
      check(keyOf(args), args, undefined);
      check(`per command ${commandKeyOf(args)}`, args, KUBERC);
    }),
    { seed: 20261121, numRuns: 20_000 },
  );
  assert(repeated > 10_000, `only ${repeated} keys came up again`);
});
