/**
 * The launcher reads a command line as the full scanner does or not at all, and does so in every
 * shell as in TypeScript. `LAUNCHER_LINES=20000` looks at more lines.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { scanKubectlArgv } from "../../lib/kubectl/argv.ts";
import { needOfLine } from "../../lib/kubectl/need.ts";
import { chooseShortcut, shortcutName, wordTables } from "../../lib/launcher/command_words.ts";
import { chooseName } from "../../lib/launcher/choose_name.ts";
import { shortcutKey } from "../../lib/launcher/shortcut.ts";
import { memoKey } from "../../lib/memory/memo.ts";
import { quoteShellWord } from "../../lib/output/shell_word.ts";
import { testInShells } from "../support/shells.ts";
import vectors from "../testdata/vectors-argv.json" with { type: "json" };

const TABLES = wordTables();
const LINES = Number(Deno.env.get("LAUNCHER_LINES") ?? 2_000);
const SEED = Number(Deno.env.get("LAUNCHER_SEED") ?? 20261125);

const ROWS: readonly [line: string, name: string | undefined, kubeconfigs?: string][] = [
  ["get pods", "server"],
  ["get pods -A -w", "server"],
  ["get pods -n x -o wide", "server"],
  ["get pods -nx -owide", "server"],
  ["get pods --namespace=x -l a=b --watch", "server"],
  ["-n x get pods", "server"],
  ["--context x get pods", "server,context=x"],
  ["--context=a:b/c get pods", "server,context=a:b%c"],
  ["get pods --context x --context y", "server,context=y"],
  ["get pods --kubeconfig /k/c --context x", "server,context=x,kubeconfig=%k%c"],
  ["get pods", "server,KUBECONFIG=%a:%b", "/a:/b"],
  ["get pods", "server", ""],
  ["get pods", undefined, "/with a blank"],
  ["logs -f pod -p", "server"],
  ["logs -fp pod", "server"],
  ["apply -f -", "server"],
  ["apply -f x.yaml", "server"],
  ["exec -it pod -- sh -s --context y", "server"],
  ["rollout status deploy/x", "server"],
  ["rollout -n x status deploy/x", "server"],
  ["top pods", "server"],
  ["version", "server"],
  ["version --client", "local"],
  ["version --client=true -o json", "local"],
  ["config current-context", "local"],
  ["--kubeconfig=/k config view --minify", "local,kubeconfig=%k"],
  ["completion bash", "local"],
  ["__complete get po", "completion"],
  ["__complete --context x get -n y po", "completion,context=x"],
  ["__completeNoDesc config use-context p", "completion"],
  // kuberlr judges everything else.
  ["", undefined],
  ["rollout", undefined],
  ["rollout --context x", undefined],
  ["--help", undefined],
  ["get --help", undefined],
  ["get -h", undefined],
  ["get -Ah", undefined],
  ["get pods -s http://x", undefined],
  ["get pods --server=http://x", undefined],
  ["get pods --con_text=x", undefined],
  ["get pods --token=x", undefined],
  ["get pods --kuberc=x", undefined],
  ["get pods -l x--kuberc=y", undefined],
  ["get pods --request-timeout=5s", undefined],
  ["get pods --context", undefined],
  ["get pods --context=", undefined],
  ["get pods --context= --context=x", undefined],
  ["get pods -n", undefined],
  ["get pods -n -- --context x", undefined],
  ["get pods --context -x", undefined],
  ["get pods --context=a,b", undefined],
  ["get pods --context=a%b", undefined],
  ["get pods --context=ü", undefined],
  [`get pods --context=${"x".repeat(200)}`, undefined],
  ["-v 6 get pods", undefined],
  ["-f x get pods", undefined],
  ["version --client=false", undefined],
  ["get pods --client", undefined],
  ["label pods x --local -f y", undefined],
  ["create configmap x --dry-run=client", undefined],
  ["apply -f x --dry-run=server", undefined],
  ["cp a b", undefined],
  ["ns", undefined],
  ["convert -f x", undefined],
  [`get ${"x ".repeat(63)}`.trim(), "server"],
  [`get ${"x ".repeat(64)}`.trim(), undefined],
  [`get --context=${"x".repeat(185)}`, `server,context=${"x".repeat(185)}`],
  [`get --context=${"x".repeat(186)}`, undefined],
];
for (const [line, name, kubeconfigs] of ROWS) {
  const title = `${kubeconfigs === undefined ? "" : `KUBECONFIG=${kubeconfigs} `}${line}`;
  Deno.test(`chooseShortcut() finds ${name} for ${title.slice(0, 60)}`, () => {
    const args = line === "" ? [] : line.split(" ");
    assertEquals(chooseShortcut(args, kubeconfigs, TABLES), name);
  });
}

const WORD = fc.oneof(
  fc.constantFrom(
    ...["get", "logs", "rollout", "status", "top", "version", "config", "view", "create", "set"],
    ...[
      "env",
      "proxy",
      "patch",
      "help",
      "completion",
      "ns",
      "x",
      "pods",
      "__complete",
      "cp",
      "a:b",
    ],
    ...[
      "",
      "-",
      "--",
      "---",
      "--=",
      "-=",
      "é",
      "*",
      "~",
      "$x",
      "a b",
      "get describe",
      "--x y",
      "--as --user",
      "'",
      "\\",
      "`x`",
      "--x_y",
    ],
    ...[
      "--context",
      "--context=",
      "--context=yy",
      "--context=a/b",
      "--con_text=yy",
      "--context=a,b",
    ],
    ...[
      "--kubeconfig",
      "--kubeconfig=/k/c",
      "--namespace",
      "--namespace=",
      "-n",
      "-nx",
      "-n=x",
      "-s",
    ],
    ...["--kuberc", "--kuberc=x", "x--kuberc=y", "--client", "--client=true", "--client=false"],
    ...["--help", "-h", "--local", "--dry-run", "--dry-run=client", "--token=t", "--user", "--raw"],
    ...[
      "-A",
      "-w",
      "-it",
      "-f",
      "-fp",
      "-p",
      "-l",
      "-lx",
      "-o",
      "-owide",
      "-Ao",
      "-c",
      "-v",
      "-v=6",
    ],
    ...["--tail", "--tail=1", "--watch", "--follow", "--all-namespaces", "--selector", "--prefix"],
  ),
  fc.constantFrom(...TABLES.valueFlags.map((flag) => `--${flag}`)),
  fc.constantFrom(...TABLES.refusedFlags.map((flag) => `--${flag}`)),
  fc.constantFrom(...TABLES.server, ...TABLES.groups, ...TABLES.local),
  fc.string({ maxLength: 5 }),
  fc.constantFrom(..."ARPLcefhiklnopqrstuvwxyz=-").map((letter) => `-${letter}`),
);
const LINE = fc.array(WORD, { maxLength: 7 });

/** Returns the simplest line with the same key. */
function plainLine(args: readonly string[]): readonly string[] | undefined {
  const line = scanKubectlArgv(args);
  const key = shortcutKey(line, needOfLine(line), undefined);
  if (key === undefined) return undefined;
  const command = { server: "get", local: "config", completion: "__complete" }[key.kind];
  return [
    command,
    ...(key.context === undefined ? [] : [`--context=${key.context}`]),
    ...(key.kubeconfig === undefined ? [] : [`--kubeconfig=${key.kubeconfig}`]),
  ];
}

/** Returns true if a shortcut is chosen. Fails if it belongs to another line. */
function checkLine(args: readonly string[]): boolean {
  const name = chooseShortcut(args, undefined, TABLES);
  if (name === undefined) return false;
  const line = scanKubectlArgv(args);
  const need = needOfLine(line);
  const key = shortcutKey(line, need, undefined);
  assertEquals(key && shortcutName(key), name, JSON.stringify(args));
  const plain = scanKubectlArgv(plainLine(args)!);
  assertEquals(
    memoKey(line, need, undefined),
    memoKey(plain, needOfLine(plain), undefined),
    JSON.stringify(args),
  );
  return true;
}

Deno.test("chooseShortcut() chooses none but that of the line's memo", () => {
  let chosen = 0;
  fc.assert(
    fc.property(LINE, (args) => {
      if (checkLine(args)) chosen++;
    }),
    { seed: SEED, numRuns: LINES * 10 },
  );
  assert(chosen > LINES / 4, `only ${chosen} lines had a shortcut`);
});

Deno.test("chooseShortcut() chooses none but that of the memo for what real kubectls have read", () => {
  const chosen = vectors.cases.filter(({ argv }) => checkLine(argv)).length;
  assert(chosen > vectors.cases.length / 8, `only ${chosen} lines had a shortcut`);
});

testInShells("the launcher chooses as chooseShortcut() does", async ({ interpreter }) => {
  const lines: (readonly string[])[] = [
    ...ROWS.map(([line]) => line === "" ? [] : line.split(" ")),
    ...vectors.cases.map(({ argv }) => argv),
    ...fc.sample(LINE, { seed: SEED, numRuns: LINES }),
  ];
  const kubeconfigs = ["", "/k/config", "/a:/b", "with a blank", "-x", "é", "a%b", "~/k"];
  const choose = `kl_choose() {\n${chooseName(TABLES).join("\n")}\n}`;
  const script = lines.map((args, index) => {
    const variable = kubeconfigs[index % kubeconfigs.length]!;
    const set = variable === "" ? "unset KUBECONFIG" : `KUBECONFIG=${quoteShellWord(variable)}`;
    const words = args.map(quoteShellWord).join(" ");
    return `${set}; kl_choose ${words}; printf '%s\\n' "$kl_name"`;
  });
  const folder = Deno.makeTempDirSync();
  try {
    const path = `${folder}/lines`;
    Deno.writeTextFileSync(path, `${choose}\n${script.join("\n")}\n`);
    const [program, ...flags] = interpreter.split(" ");
    const { stdout, stderr } = await new Deno.Command(program!, { args: [...flags, path] })
      .output();
    assertEquals(new TextDecoder().decode(stderr), "");
    const names = new TextDecoder().decode(stdout).split("\n");
    for (const [index, args] of lines.entries()) {
      const variable = kubeconfigs[index % kubeconfigs.length]!;
      const want = chooseShortcut(args, variable, TABLES) ?? "";
      assertEquals(names[index], want, JSON.stringify([variable, args]));
    }
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
