/**
 * The completion scripts, loaded by real shells, which are asked for candidates. kubectl's words
 * come from kubectl, which is here a fake that answers `__complete`.
 */
import { assertEquals } from "@std/assert";
import { kubeconfig } from "../support/kubeconfig_builder.ts";
import { NOWHERE, type Sandbox, story } from "../support/sandbox.ts";

interface Shell {
  readonly name: string;
  /** Returns the script that prints the shell's candidates after these words, one per line. */
  readonly ask: (words: readonly string[]) => string;
}

const BASH: Shell = {
  name: "bash",
  ask: (words) =>
    `eval "$(kuberlr completion bash)"
COMP_WORDS=(${words.map(quote).join(" ")})
COMP_CWORD=${words.length - 1}
$(complete -p kuberlr | sed 's/.*-F \\([^ ]*\\).*/\\1/')
printf '%s\\n' "\${COMPREPLY[@]}"`,
};

// Without a terminal, the candidates are the arguments of _describe.
const ZSH: Shell = {
  name: "zsh",
  ask: (words) =>
    `autoload -Uz compinit && compinit -u -d "$HOME/.zcompdump"
source <(kuberlr completion zsh)
_describe() { print -rl -- "\${(@)\${(@P)3}%%:*}"; }
_files() { print -r -- "files: $*"; }
words=(${words.map(quote).join(" ")})
CURRENT=${words.length}
$_comps[kuberlr]`,
};

const FISH: Shell = {
  name: "fish",
  ask: (words) =>
    `kuberlr completion fish | source
complete -C ${
      quote(words.map((word) => word === "" ? "" : word).join(" "))
    } | string replace -r '\\t.*' ''`,
};

const COMPLETES = `
case "$1" in
  __complete) shift; printf 'pods\\tfrom kubectl for %s\\n:4\\n' "$*" ;;
esac`;

const QUESTIONS: readonly { words: readonly string[]; want: readonly string[] }[] = [
  { words: ["kuberlr", "co"], want: ["config", "completion"] },
  { words: ["kuberlr", "bins", "--"], want: ["--output", "--help"] },
  { words: ["kuberlr", "bins", "--output", ""], want: ["json"] },
  { words: ["kuberlr", "get", "st"], want: ["stable"] },
  { words: ["kuberlr", "get", "auto", "--context", "pr"], want: ["prod", "proof"] },
  { words: ["kuberlr", "clusters", "s"], want: ["staging"] },
  { words: ["kuberlr", "completion", "z"], want: ["zsh"] },
  { words: ["kuberlr", "kubectl", "get", "po"], want: ["pods"] },
  { words: ["kuberlr", "explain", "-o", "json", "get", ""], want: ["pods"] },
];

const CONTEXTS = ["staging", "proof", "prod"].reduce(
  (config, name) => config.context(name, { server: NOWHERE }),
  kubeconfig(),
);

for (const shell of [BASH, ZSH, FISH]) {
  const isMissing = !await runs(shell.name);
  for (const { words, want } of QUESTIONS) {
    const name = `${shell.name} completes "${words.join(" ")}"`;
    if (isMissing) {
      Deno.test({ name: `${name} (ignored: there is no ${shell.name})`, ignore: true, fn() {} });
      continue;
    }
    story(name, async (box) => {
      box.fakeKubectl("1.30.2", { then: COMPLETES });
      box.kubeconfig(CONTEXTS);
      const offered = (await ask(shell, words, box)).filter((line) =>
        !/^(?:kubectl |<)/.test(line)
      );
      assertEquals(offered.toSorted(), want.toSorted());
    });
  }
}

async function ask(
  shell: Shell,
  words: readonly string[],
  box: Sandbox,
): Promise<readonly string[]> {
  const { stdout, stderr } = await new Deno.Command(shell.name, {
    args: [...(shell.name === "zsh" ? ["-f"] : []), "-c", shell.ask(words)],
    cwd: box.cwd,
    // In the locale C, fish finds no command in a folder whose name is not ASCII.
    env: { ...box.env, TERM: "dumb", LANG: "C.UTF-8" },
    clearEnv: true,
    stdin: "null",
  }).output();
  assertEquals(new TextDecoder().decode(stderr), "");
  return new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "");
}

function quote(word: string): string {
  return `'${word}'`;
}

async function runs(command: string): Promise<boolean> {
  try {
    return (await new Deno.Command(command, { args: ["--version"] }).output()).success;
  } catch {
    return false;
  }
}
