/**
 * Runs every command in the documentation as a reader would: the blocks of a page in their order,
 * in a world with a cluster, a mirror and a web server that has the releases. Commands that cannot
 * run here are listed with the reason; any other command that does not run fails.
 */
import { assert, assertEquals } from "@std/assert";
import { quoteShellWord } from "../../lib/output/shell_word.ts";
import { COMMANDS } from "../../lib/cli/commands_table.ts";
import { tarGz } from "../../tools/archive.ts";
import { buildTime, makeSingleFile } from "../../tools/compile.ts";
import { misread } from "../support/bash_3.ts";
import { type Cluster, startCluster } from "../support/cluster.ts";
import { type ReleaseSite, serveRelease } from "../support/release_site.ts";
import { type Sandbox, story } from "../support/sandbox.ts";
import { assertNoStack } from "../support/verdicts.ts";

/** Commands, by their beginning or by a part of them. */
const CANNOT_RUN: readonly { readonly command: RegExp; readonly because: string }[] = [
  {
    command: /^(?:npx --yes deno@[\d.]+|deno) task /,
    because: "what it runs runs this test, or takes minutes",
  },
  {
    command: /\bdeno (?:run|test) -A (?:bench|tests|tools)\//,
    because: "it writes into the checkout, or takes minutes",
  },
  {
    command: /^brew /,
    because: "Homebrew is not everywhere: tests/tools/packaging_test.ts has the formula",
  },
  {
    command: /^scoop /,
    because: "Scoop is for Windows: tests/tools/packaging_test.ts has the manifest",
  },
  {
    command: /^sudo (?:dpkg|dnf|zypper) /,
    because:
      "it installs into the machine: tests/tools/linux_packages_test.ts has a root of its own",
  },
  { command: /^git /, because: "it publishes, or fetches what is not published yet" },
  { command: /^gh /, because: "it asks GitHub" },
  { command: /VERIFYSIGNATURE=/, because: "it asks the public log of signatures" },
  {
    command: /\bkuberlr completion \w+/,
    because: "each is for another shell: tests/cli/completion_test.ts",
  },
];

interface Block {
  readonly language: string;
  readonly line: number;
  readonly text: string;
}

const WINDOWS = Deno.build.os === "windows";
const ROOT = new URL("../..", import.meta.url);
const PAGES = [
  "README.md",
  "CONTRIBUTING.md",
  ...["docs", "docs/commands", "docs/dev"].flatMap((folder) =>
    Array.from(Deno.readDirSync(new URL(folder, ROOT)), ({ name }) => `${folder}/${name}`)
      .filter((name) => name.endsWith(".md")).toSorted()
  ),
];
const TEXTS = new Map(PAGES.map((page) => [page, Deno.readTextFileSync(new URL(page, ROOT))]));

for (const [page, text] of TEXTS) {
  const blocks = blocksOf(text);
  const scripts = blocks.filter(({ language }) => ["sh", "bash", "console"].includes(language));
  const commands = scripts.map(runnable).join("\n");
  const missing = ["curl", "tar"].filter((tool) => commands.includes(`${tool} -`) && !has(tool));
  if (missing.length > 0) {
    const name = `every command of ${page} runs (ignored: there is no ${missing.join(", no ")})`;
    Deno.test({ name, ignore: true, fn() {} });
  } else if (commands.trim() !== "") {
    story(`every command of ${page} runs`, async (box) => {
      await using _cluster = await startWorld(box);
      await using site = await serveOwnRelease(box, scripts);
      for (const block of scripts) await runBlock(page, block, { box, site });
    }, { unix: "the commands are for its shells" });
  }
  const settings = blocks.filter(({ language }) => language === "toml");
  if (settings.length > 0) {
    story(`every configuration of ${page} is valid`, async (box) => {
      for (const { line, text } of settings) {
        box.config(WINDOWS ? text.replaceAll(/(?<=")\/(?=\w)/g, "C:/") : text);
        const run = await box.run("kuberlr", ["config"]);
        assertEquals([run.status, run.stderr], [0, ""], `${page}:${line}`);
      }
    });
  }
}

Deno.test("every command that is listed as not to be run is in the documentation", () => {
  const commands = Array.from(TEXTS.values(), blocksOf).flat().flatMap(commandsOf);
  const idle = CANNOT_RUN.filter(({ command }) => !commands.some((line) => command.test(line)));
  assertEquals(idle.map(({ because }) => because), []);
});

Deno.test("every block of the documentation names its language", () => {
  const known = ["sh", "bash", "console", "toml", "text", "dockerfile", "yaml", "json"];
  for (const [page, text] of TEXTS) {
    for (const { language, line } of blocksOf(text)) {
      assert(known.includes(language), `${page}:${line}: "${language}"`);
    }
  }
});

Deno.test("bash 3.2, which macOS has, reads every command of the documentation", () => {
  for (const [page, text] of TEXTS) {
    for (const block of blocksOf(text)) {
      const commands = commandsOf(block).join("\n");
      // bash 3.2 reads nothing from a file that is a pipe.
      const silent = commands.match(/source <\(.* bash\)/g) ?? [];
      assertEquals([...misread(commands), ...silent], [], `${page}:${block.line}`);
    }
  }
});

Deno.test("every kuberlr command and task that the documentation mentions exists", () => {
  const { tasks } = JSON.parse(Deno.readTextFileSync(new URL("deno.json", ROOT)));
  const names: readonly string[] = COMMANDS.map(({ name }) => name);
  for (const [page, text] of TEXTS) {
    for (const [mention, name = ""] of text.matchAll(/`kuberlr ([a-z]+)\b/g)) {
      assert(names.includes(name), `${page}: ${mention}`);
    }
    for (const [mention, name = ""] of text.matchAll(/\b(?:deno|deno@[\d.]+) task ([\w:]+)/g)) {
      assert(name in tasks, `${page}: ${mention}`);
    }
  }
});

function blocksOf(text: string): readonly Block[] {
  const blocks: { language: string; line: number; lines: string[] }[] = [];
  let open: typeof blocks[number] | undefined;
  for (const [index, line] of text.split("\n").entries()) {
    const fence = /^ *```(\w*)/.exec(line);
    if (fence === null) open?.lines.push(line);
    else if (open !== undefined) open = undefined;
    else blocks.push(open = { language: fence[1] ?? "", line: index + 1, lines: [] });
  }
  return blocks.map(({ language, line, lines }) => ({ language, line, text: lines.join("\n") }));
}

/**
 * Returns the commands of a block: in a console, those after a prompt; without comments, continued
 * lines joined.
 */
function commandsOf({ language, text }: Block): readonly string[] {
  if (!["sh", "bash", "console"].includes(language)) return [];
  return text.replaceAll("\\\n", " ").split("\n").map((line) => line.trim())
    .filter((line) => language !== "console" || line.startsWith("$ "))
    .map((line) => line.replace(/^\$ /, ""))
    .filter((line) => line !== "" && !line.startsWith("#"));
}

function runnable(block: Block): string {
  const canRun = (line: string) => !CANNOT_RUN.some(({ command }) => command.test(line));
  return commandsOf(block).filter(canRun).join("\n");
}

/** Looks for the tool in the folders of the stories' PATH. */
function has(tool: string): boolean {
  return ["/usr/bin", "/bin"].some((folder) => {
    try {
      return Deno.statSync(`${folder}/${tool}`).isFile;
    } catch {
      return false;
    }
  });
}

/**
 * Starts a server and a mirror that has the pages' releases. PATH holds a Deno and the folder for
 * users' programs.
 */
async function startWorld(box: Sandbox): Promise<Cluster> {
  const kubectls = ["1.28.9", "1.29.3", "1.30.2", "1.30.14", "1.31.4"];
  const cluster = await startCluster(box, { kubectls, api: { version: "v1.30.2-eks-1552ad0" } });
  Deno.mkdirSync(`${box.root}/deno-in-path`);
  Deno.symlinkSync(Deno.execPath(), `${box.root}/deno-in-path/deno`);
  box.env["PATH"] = `${box.home}/.local/bin:${box.env["PATH"]}:${box.root}/deno-in-path`;
  box.write("etc/ssl/corporate-bundle.pem", "");
  return cluster;
}

/** Serves an archive with the program under test, and the single file if a page asks for it. */
async function serveOwnRelease(box: Sandbox, blocks: readonly Block[]): Promise<ReleaseSite> {
  const [program] = box.command("kuberlr");
  const path = "kuberlr-linux-amd64/kuberlr";
  const archive = await tarGz([{ path, mode: 0o755, bytes: Deno.readFileSync(program) }], 0);
  const files: Record<string, Uint8Array> = { "kuberlr-linux-amd64.tar.gz": archive };
  if (blocks.some((block) => runnable(block).includes("kuberlr.js"))) {
    const single = await makeSingleFile(`${box.root}/built`, await buildTime());
    files["kuberlr.js"] = Deno.readFileSync(single);
  }
  return serveRelease(files);
}

async function runBlock(
  page: string,
  block: Block,
  { box, site }: { readonly box: Sandbox; readonly site: ReleaseSite },
): Promise<void> {
  const commands = runnable(block);
  if (commands === "") return;
  const script = commands
    .replaceAll(/https:\/\/github\.com\/kuberlr\/kuberlr\/releases\/[^\s]*\//g, `${site.url}/`)
    .replaceAll(/file:\/\/\/(srv|opt|etc)\//g, `file://${encodeURI(box.root)}/$1/`)
    .replaceAll(/(^|[\s=])\/(srv|opt|etc)\//gm, `$1${quoteShellWord(box.root)}/$2/`);
  // Modules from the web get a cache of their own; a checkout finds its dependencies in the usual
  // one.
  const env = script.includes("kuberlr.js") ? { DENO_DIR: `${box.root}/deno-dir` } : {};
  const cwd = script.includes(" main.ts") ? `${import.meta.dirname}/../..` : box.cwd;
  const run = await box.exec("/bin/sh", ["-e", "-c", script], { env, cwd });
  const said = `${page}:${block.line}\n${script}\n${run.stdout}${run.stderr}`;
  assertEquals(run.status, 0, said);
  assertNoStack(run);
}
