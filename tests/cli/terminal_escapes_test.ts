/** Only kuberlr writes to the terminal: escape sequences in its inputs are printed as text. */
import { assert, assertEquals } from "@std/assert";
import { printJson, printPath } from "../../lib/commands/output.ts";
import type { Stream } from "../../lib/ports/host.ts";
import { startApiServer } from "../support/api_server.ts";
import { everyCommand, oneOfEach } from "../support/every_command.ts";
import { runInside } from "../support/in_process.ts";
import { kubeconfig } from "../support/kubeconfig_builder.ts";
import { startMirror } from "../support/mirror.ts";
import { type Sandbox, story } from "../support/sandbox.ts";

/**
 * Clears the screen, sets the title, does the same by C1 characters, turns text around, and rings.
 */
const EVIL = "\x1b[2J\x1b]0;owned\x07\u009b31m\u202emoc\u2066\x08\r!";
const NAME = `pr${EVIL}od`;

const NO_ESCAPES = "no file's name has an escape";

const LINES: readonly (readonly string[])[] = [
  ...everyCommand({
    kubectl: ["get pods", `get pods --context=${NAME}`, `get pods --kubeconfig=/no/${NAME}`],
    get: [
      "1.27.3",
      "1.27.3 1.27.4",
      NAME,
      `1.27.3 --to /dev/null/${NAME}`,
      `1.27.3 --platform ${NAME}`,
    ],
    bins: ["", `--${NAME}`],
    which: ["get pods", `-- get --context=${NAME}`],
    explain: ["get pods", `-- get --context=${NAME} --server=https://${NAME}`],
    clusters: ["", "--get"],
    prune: [""],
    skew: [`v1.30.2+${NAME}`, NAME],
    config: [""],
    link: [`--dir /dev/null/${NAME}`],
    unlink: [`--dir /dev/null/${NAME}`],
    doctor: [""],
    completion: ["zsh", NAME],
    version: [""],
    help: [NAME],
  }),
  [NAME],
];

interface Place {
  readonly name: string;
  readonly gitVersion?: string;
  readonly unix?: string;
  readonly prepare?: (box: Sandbox) => void;
  readonly env?: (box: Sandbox) => Readonly<Record<string, string>>;
}

const PLACES: readonly Place[] = [
  { name: "a server's version", gitVersion: `v1.29.1${EVIL}` },
  { name: "a server's version of nothing", gitVersion: EVIL },
  {
    name: "names of files and folders",
    unix: NO_ESCAPES,
    prepare: (box) => void box.fakeKubectl("1.28.3", { folder: `${box.root}/sys${EVIL}` }),
    env: (box) => ({ KUBERLR_SYSTEMPATH: `${box.root}/sys${EVIL}` }),
  },
  {
    name: "a home folder",
    unix: NO_ESCAPES,
    env: (box) => ({ HOME: `${box.root}/ho${EVIL}me` }),
    prepare: (box) => void box.write(`ho${EVIL}me/.kube/config`, "no: [yaml"),
  },
  {
    name: "a configuration",
    prepare: (box) =>
      void box.config(`"Time${escaped()}" = 1\n[Contexts."${escaped()}"]\nKubectl = "1.29"\n`),
  },
  {
    name: "a configuration of wrong types",
    prepare: (box) => void box.config(`Timeout = "${escaped()}"\n`),
  },
  { name: "a configuration that is not TOML", prepare: (box) => void box.config(`x = ${EVIL}\n`) },
  { name: "a variable", env: () => ({ KUBERLR_TIMEOUT: EVIL }) },
  { name: "a pin", env: () => ({ KUBERLR_KUBECTL: `/no/${EVIL}` }) },
  {
    name: "a broken kubeconfig",
    prepare: (box) => void box.kubeconfig(`${EVIL}: [\nusers: ${EVIL}`),
  },
];

for (const place of PLACES) {
  story(
    `no escape of ${place.name} reaches the terminal`,
    (box) =>
      assertNoEscape(box, place, LINES, async (command, env) => {
        const { stdout, stderr } = await runInside(box, command, env);
        return stdout + stderr;
      }),
    place.unix === undefined ? {} : { unix: place.unix },
  );
}

story(
  "no escape of a server's version reaches the terminal from a process",
  (box) =>
    assertNoEscape(box, PLACES[0]!, oneOfEach(LINES), async (command, env) => {
      const { stdout, stderr } = await box.run("kuberlr", command, { env, timeoutMs: 120_000 });
      return command[0] === "kubectl" ? stderr : stdout + stderr;
    }),
);

async function assertNoEscape(
  box: Sandbox,
  { gitVersion = "v1.29.1", prepare, env }: Place,
  lines: readonly (readonly string[])[],
  run: (command: readonly string[], env: Readonly<Record<string, string>>) => Promise<string>,
): Promise<void> {
  await using api = await startApiServer({ version: gitVersion });
  await using mirror = await startMirror({
    kubectls: [],
    fault: ({ path }) =>
      path.endsWith(".sha512")
        ? { kind: "answer", status: 404, body: EVIL }
        : { kind: "redirect", location: `/\x1b[2J${encodeURIComponent(EVIL)}` },
  });
  box.fakeKubectl("1.28.0");
  box.kubeconfig(
    kubeconfig().context(NAME, { server: api.url }).context("other", {
      server: `https://127.0.0.1:9/${EVIL}`,
      "proxy-url": `gopher://${EVIL}`,
    }),
  );
  prepare?.(box);
  const variables = { KUBERLR_KUBEMIRRORURL: mirror.url, KUBERLR_VERBOSITY: "9", ...env?.(box) };
  for (const command of lines) {
    const said = await run(command, variables);
    assertEquals(findEscape(said), undefined, `${JSON.stringify(command)}\n${said}`);
  }
}

Deno.test("printPath() makes a path harmless on a terminal, and leaves it as it is elsewhere", () => {
  const path = `/x${EVIL}`;
  const pipe = { isTerminal: false, isDumb: false };
  assertEquals(printed(pipe, path), `${path}\n`);
  assertEquals(findEscape(printed({ ...pipe, isTerminal: true }, path)), undefined);
  assertEquals(findEscape(printed({ ...pipe, isDumb: true }, path)), undefined);
});

Deno.test("printJson() prints the same value without a character that a terminal obeys", () => {
  let text = "";
  const value = { [EVIL]: [EVIL, "\ud800", "ü 漢 😀"] };
  const pipe = { isTerminal: false, isDumb: false };
  printJson(value, { terminal: terminal(pipe, (each) => text += each) });
  assertEquals(findEscape(text), undefined);
  assertEquals(JSON.parse(text), value);
  assert(text.includes("ü 漢 😀"));
});

type Kind = Pick<Stream, "isTerminal" | "isDumb">;

function printed(kind: Kind, path: string): string {
  let text = "";
  printPath(path, { terminal: terminal(kind, (each) => text += each) });
  return text;
}

function terminal(kind: Kind, write: (text: string) => void) {
  const stream = { ...kind, columns: () => undefined, write };
  return { stdout: stream, stderr: stream };
}

function findEscape(text: string): string | undefined {
  // deno-lint-ignore no-control-regex
  return /[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/.exec(text)
    ?.[0];
}

/** Returns the text as TOML writes it. */
function escaped(): string {
  return EVIL.replace(
    // deno-lint-ignore no-control-regex
    /[\x00-\x1f\x7f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
