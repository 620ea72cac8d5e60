/**
 * One change each to the same world: the launcher follows a shortcut, or starts kuberlr. In every
 * installed shell.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { scanKubectlArgv } from "../../../lib/kubectl/argv.ts";
import { findNeed } from "../../../lib/kubectl/need.ts";
import { chooseShortcut, wordTables } from "../../../lib/launcher/command_words.ts";
import { writeShortcut } from "../../../lib/launcher/steps/write_shortcut.ts";
import { findStat } from "../../../lib/launcher/steps/stat_command.ts";
import { recallKubectl } from "../../../lib/memory/steps/recall_kubectl.ts";
import type { WorldPlan } from "../../support/memo_plan.ts";
import { launch, placeLauncher, rememberShortcut, STARTED } from "../../support/launcher_world.ts";
import { type MemoWorld, memoWorld } from "../../support/memo_world.ts";
import { onMac } from "../../support/mac_world.ts";
import { shells, testInShells } from "../../support/shells.ts";

const KUBECONFIG = `current-context: a
contexts: [{name: a, context: {cluster: a, user: u}}]
clusters: [{name: a, cluster: {server: "https://a:6443"}}]
users: [{name: u, user: {token: t}}]
`;

const PLAN: WorldPlan = {
  files: { kubeconfig: KUBECONFIG },
  kubectls: [{ folder: "local", version: "1.30.1" }],
  variables: [],
  servers: ["v1.30.2", "v1.30.2", "v1.30.2"],
  args: ["get", "pods"],
  changes: [],
};

interface Row {
  readonly plan?: Partial<WorldPlan>;
  readonly before?: (world: MemoWorld) => void;
  readonly change?: (world: Places) => void;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** It is about `/proc`. */
  readonly isOfLinux?: true;
}

interface Places {
  readonly world: MemoWorld;
  readonly root: string;
  readonly home: string;
  readonly cache: string;
  readonly shortcut: string;
  readonly kubectl: string;
}

const replaceByLink = (path: string) => {
  Deno.renameSync(path, `${path}.moved`);
  Deno.symlinkSync(`${path}.moved`, path);
};
const appendTo = (path: string) => Deno.writeTextFileSync(path, "\n", { append: true });

/**
 * Returns a shortcut whose first line would make GNU's stat print that everything is the user's and
 * closed to others.
 */
function optionsForStat(): string {
  const uid = Deno.uid();
  for (let size = 1;; size++) {
    const folders = `${uid} 41c0 1 9999999999.0 x\\n`.repeat(20);
    const option = `--printf=${uid} 8180 ${size} x\\n${folders}`;
    const text = `#1 ${size}\t${option}\necho evil ran\nexit 0\n`;
    if (text.length === size) return text;
  }
}

/** After these changes, kuberlr decides. */
const REFUSED: Readonly<Record<string, Row>> = {
  "a new kuberc": { change: ({ home }) => Deno.writeTextFileSync(`${home}/.kube/kuberc`, "") },
  "a link that leads nowhere where nothing was": {
    change: ({ home }) => Deno.symlinkSync("/nowhere", `${home}/.kube/kuberc`),
  },
  "a new configuration": {
    change: ({ home }) => Deno.writeTextFileSync(`${home}/.kuberlr/kuberlr.conf`, ""),
  },
  "a kubeconfig that is longer": { change: ({ home }) => appendTo(`${home}/.kube/config`) },
  "a kubeconfig of the same size and time": {
    change: ({ home }) => {
      const path = `${home}/.kube/config`;
      const { atime, mtime } = Deno.statSync(path);
      Deno.writeTextFileSync(path, KUBECONFIG.replace("https://a", "https://b"));
      Deno.utimeSync(path, atime!, mtime!);
    },
  },
  "no kubeconfig": { change: ({ home }) => Deno.removeSync(`${home}/.kube/config`) },
  "another kubectl": {
    change: ({ home }) => Deno.writeTextFileSync(`${home}/.kuberlr/linux-amd64/kubectl1.30.2`, ""),
  },
  "a kubectl that has become a link": { change: ({ kubectl }) => replaceByLink(kubectl) },
  "a kubectl of another mode": { change: ({ kubectl }) => Deno.chmodSync(kubectl, 0o644) },
  "a kubectl's name that leads elsewhere": {
    change: ({ cache, root }) => {
      const link = `${cache}/links/linux-amd64/kubectl1.30.1/kubectl`;
      Deno.removeSync(link);
      Deno.copyFileSync(`${root}/kubectl`, link);
    },
  },
  "a kubectl's name that is missing": {
    change: ({ cache }) => Deno.removeSync(`${cache}/links`, { recursive: true }),
  },
  "another kuberlr": { change: ({ root }) => appendTo(`${root}/kuberlr`) },
  "a variable of kuberlr": { env: { KUBERLR_KUBECTL: "1.29" } },
  "an empty variable of kuberlr": { env: { KUBERLR_KUBECTL: "" } },
  "another KUBECONFIG": { env: { KUBECONFIG: "/elsewhere" } },
  "no home": { env: { HOME: undefined } },
  "a home that is not a path": { env: { HOME: "home" } },
  "a counter of loops": { env: { KUBERLR_DEPTH: "1:1" } },
  "a call from a credential plugin": { env: { KUBERNETES_EXEC_INFO: "{}" } },
  "an answer that has expired": {
    change: ({ world }) => {
      world.change({ kind: "time", seconds: 3_700 });
      world.proc();
    },
  },
  "a clock that was set back": {
    change: ({ world }) => {
      world.change({ kind: "time", seconds: -100 });
      world.proc();
    },
  },
  "another start of the machine": {
    isOfLinux: true,
    change: ({ root }) => Deno.writeTextFileSync(`${root}/proc/sys/kernel/random/boot_id`, "x\n"),
  },
  "a machine that has run for longer than the answer holds": {
    isOfLinux: true,
    change: ({ root }) => Deno.writeTextFileSync(`${root}/proc/uptime`, "99999.0 1.0\n"),
  },
  "a machine that has run for less time": {
    isOfLinux: true,
    change: ({ root }) => Deno.writeTextFileSync(`${root}/proc/uptime`, "1.0 1.0\n"),
  },
  // Only the user may have been able to write it.
  "a shortcut that the group can write": {
    change: ({ shortcut }) => Deno.chmodSync(shortcut, 0o660),
  },
  "a shortcut that everybody can read": {
    change: ({ shortcut }) => Deno.chmodSync(shortcut, 0o644),
  },
  "a shortcut that is a link": { change: ({ shortcut }) => replaceByLink(shortcut) },
  "a folder of shortcuts that everybody can write": {
    change: ({ cache }) => Deno.chmodSync(`${cache}/memo`, 0o777),
  },
  "a cache that everybody can write": { change: ({ cache }) => Deno.chmodSync(cache, 0o707) },
  "a cache that is a link": { change: ({ cache }) => replaceByLink(cache) },
  "a folder of shortcuts that is a link": { change: ({ cache }) => replaceByLink(`${cache}/memo`) },
  "a folder of kuberlr that everybody can write": {
    change: ({ home }) => Deno.chmodSync(`${home}/.kuberlr`, 0o1777),
  },
  "a home that everybody can write": { change: ({ home }) => Deno.chmodSync(home, 0o777) },
  "a folder above the home that everybody can write": {
    change: ({ root }) => Deno.chmodSync(root, 0o707),
  },
  "a home that is a link": { change: ({ home }) => replaceByLink(home) },
  // A damaged shortcut costs time, but the command still runs.
  "a shortcut that is empty": { change: ({ shortcut }) => Deno.truncateSync(shortcut) },
  "a shortcut that was cut off": {
    change: ({ shortcut }) => Deno.truncateSync(shortcut, Deno.statSync(shortcut).size - 20),
  },
  "a shortcut of zeros": {
    change: ({ shortcut }) =>
      Deno.writeFileSync(shortcut, new Uint8Array(Deno.statSync(shortcut).size)),
  },
  "another text in a shortcut's place": {
    change: ({ shortcut }) => Deno.writeTextFileSync(shortcut, "exit 3\n"),
  },
  "a shortcut of options for stat, in a folder that everybody can write": {
    change: ({ cache, shortcut }) => {
      Deno.chmodSync(`${cache}/memo`, 0o777);
      Deno.writeTextFileSync(shortcut, optionsForStat(), { mode: 0o600 });
    },
  },
  "a folder in a shortcut's place": {
    change: ({ shortcut }) => {
      Deno.removeSync(shortcut);
      Deno.mkdirSync(shortcut, { mode: 0o700 });
    },
  },
  "no shortcut": { change: ({ shortcut }) => Deno.removeSync(shortcut) },
};

/** After these changes, the launcher still follows the shortcut. */
const FOLLOWED: Readonly<Record<string, Row>> = {
  "nothing": {},
  "time that passes": {
    change: ({ world }) => {
      world.change({ kind: "time", seconds: 1_000 });
      world.proc();
    },
  },
  "a home of the group's, and one where only owners rename": {
    change: ({ home, root }) => {
      Deno.chmodSync(home, 0o2775);
      Deno.chmodSync(root, 0o1777);
    },
  },
  "variables that are not read": { env: { UNRELATED: "x", ENV: "/nowhere", BASH_ENV: "/nowhere" } },
  "what a script could stumble on": {
    env: {
      IFS: "/",
      CDPATH: "/",
      POSIXLY_CORRECT: "1",
      LC_NUMERIC: "de_DE.UTF-8",
      TZ: "Asia/Tokyo",
    },
  },
  "another locale": { env: { LANG: "de_DE.UTF-8" } },
  "a locale for numbers": { env: { LC_NUMERIC: "de_DE.UTF-8" } },
  "a PATH without programs": { env: { PATH: "/nowhere" } },
  "a function instead of stat, an option that stops at errors": {
    env: { "BASH_FUNC_stat%%": "() { echo no; }", SHELLOPTS: "errexit:nounset:noglob:xtrace" },
  },
  "a proxy with another password": {
    plan: { variables: [["HTTPS_PROXY", "http://me:secret@proxy:3128"]] },
    env: { HTTPS_PROXY: "http://me:other@proxy:3128" },
  },
};

async function follow(
  { plan = {}, before = () => {}, change = () => {}, env = {} }: Row,
  interpreter: string,
  isMac = false,
): Promise<readonly [ran: string, kubectl: string]> {
  using built = memoWorld.build({ ...PLAN, ...plan }, true);
  const simulated = isMac ? onMac(built) : undefined;
  const world = simulated?.mac ?? built;
  before(world);
  const stat = (await findStat(world.host))!;
  if (isMac) assertEquals(stat.flavor, "bsd3");
  const memo = await rememberShortcut(world, stat);
  assertEquals(memo?.shortcut, "");
  if (simulated === undefined) placeLauncher(world, interpreter, stat);
  else {
    const { stat: path, date } = simulated;
    placeLauncher(world, interpreter, { ...stat, path }, { date });
  }
  world.change({ kind: "time", seconds: 1 });
  world.proc();
  const { root } = world;
  const cache = `${root}/home/.kuberlr/cache`;
  const [name] = [...Deno.readDirSync(`${cache}/memo`)].map((entry) => entry.name)
    .filter((each) => each.endsWith(stat.flavor));
  const shortcut = `${cache}/memo/${name}`;
  change({ world, root, home: `${root}/home`, cache, shortcut, kubectl: memo!.path });
  return [await launch(world, env), memo!.path];
}

for (const [name, row] of Object.entries(REFUSED)) {
  testInShells(
    `the launcher leaves the command to kuberlr after ${name}`,
    async ({ interpreter }) => {
      assertEquals((await follow(row, interpreter))[0], STARTED);
    },
  );
}

for (const [name, row] of Object.entries(FOLLOWED)) {
  testInShells(`the launcher follows its shortcut after ${name}`, async ({ interpreter }) => {
    const [ran, kubectl] = await follow(row, interpreter);
    assertEquals(ran, kubectl);
  });
}

/** macOS' shells are bash 3.2. */
const bash = shells.find(({ name }) => name === "bash")!;
const noMac = Deno.build.os !== "linux" ? "macOS is simulated on Linux" : bash.missing;

for (const [rows, isRefused] of [[REFUSED, true], [FOLLOWED, false]] as const) {
  for (const [name, row] of Object.entries(rows)) {
    if (row.isOfLinux) continue;
    Deno.test({
      name:
        `on macOS, the launcher ${
          isRefused ? "leaves the command to kuberlr" : "follows its shortcut"
        } after ${name}` + (noMac === undefined ? "" : ` (ignored: ${noMac})`),
      ignore: noMac !== undefined,
      async fn() {
        const [ran, kubectl] = await follow(row, bash.interpreter, true);
        assertEquals(ran, isRefused ? STARTED : kubectl);
      },
    });
  }
}

/**
 * The folder that is `~/.kuberlr` when the launcher begins, and after its `stat`, which sees the
 * user's own. Another user can arrange this if both may rename it.
 */
const RACES: Readonly<Record<string, readonly [begin: Folder, afterStat: Folder]>> = {
  "before stat and after it": ["evil", "evil"],
  "before stat": ["evil", "own"],
  "after stat": ["own", "evil"],
};
type Folder = "own" | "evil";

for (const [when, [begin, afterStat]] of Object.entries(RACES)) {
  testInShells(
    `the launcher runs nothing of a folder that is in place of kuberlr's ${when}`,
    async ({ interpreter }) => {
      using world = memoWorld.build(PLAN, true);
      const real = (await findStat(world.host))!;
      const memo = await rememberShortcut(world, real);
      assertEquals(memo?.shortcut, "");
      const { root } = world;
      const place = `${root}/home/.kuberlr`;
      // The launcher would notice a link. The user's own folder keeps its inode.
      const show = (folder: Folder) =>
        folder === "evil"
          ? `[ -d '${root}/own' ] || { mv '${place}' '${root}/own'; mv '${root}/evil' '${place}'; }`
          : `[ ! -d '${root}/own' ] || { mv '${place}' '${root}/evil'; mv '${root}/own' '${place}'; }`;
      const shell = (script: string) =>
        assert(new Deno.Command("/bin/sh", { args: ["-c", script] }).outputSync().success);
      shell(`cp -a '${place}' '${root}/evil'`);
      for (const { name } of Deno.readDirSync(`${root}/evil/cache/memo`)) {
        const path = `${root}/evil/cache/memo/${name}`;
        const [head] = Deno.readTextFileSync(path).split("\n");
        Deno.writeTextFileSync(path, `${head}\necho evil ran\nexit 0\n`);
        Deno.chmodSync(path, 0o644);
      }
      const stat = { ...real, path: `${root}/stat` };
      const script = `${show("own")}\n'${real.path}' "$@"\n${show(afterStat)}\n`;
      Deno.writeTextFileSync(stat.path, `#!/bin/sh\n${script}`, { mode: 0o755 });
      placeLauncher(world, interpreter, stat);
      world.change({ kind: "time", seconds: 1 });
      world.proc();
      shell(show(begin));
      const ran = await launch(world);
      assertEquals(ran, begin === "own" ? memo?.path : STARTED);
    },
  );
}

testInShells(
  "the launcher notices another proxy with any password",
  async ({ interpreter }) => {
    const plan: Partial<WorldPlan> = {
      variables: [["HTTPS_PROXY", "http://me:secret@proxy:3128"]],
    };
    for (const HTTPS_PROXY of ["http://proxy:3128", "http://me:secret@other:3128", "", undefined]) {
      assertEquals((await follow({ plan, env: { HTTPS_PROXY } }, interpreter))[0], STARTED);
    }
  },
);

/** Every byte that a variable can hold in UTF-8, but for zero. */
const EVERY_BYTE = String.fromCharCode(...Array.from({ length: 127 }, (_, index) => index + 1)) +
  "\x80\xff\u0100\uFFFF\u{10FFFF}'\\\"$`!*";

testInShells(
  "the launcher compares every byte of a variable and a path",
  async ({ interpreter }) => {
    // A value that looks like a URL is stored without what may be a secret.
    const color = EVERY_BYTE.replaceAll(/[@?]/g, "");
    const plan: Partial<WorldPlan> = { variables: [["NO_COLOR", color]] };
    // A tab or a line end in a path cannot be recognized, and a colon separates paths.
    const folder = EVERY_BYTE.replaceAll(/[\t\n/:]/g, "");
    const before = (world: MemoWorld) => {
      Deno.mkdirSync(`${world.root}/${folder}/system`, { recursive: true });
      const value = `${world.root}/${folder}/system`;
      world.change({ kind: "set", name: "KUBERLR_SYSTEMPATH", value });
    };
    const [ran, kubectl] = await follow({ plan, before }, interpreter);
    assertEquals(ran, kubectl);
    const env = { NO_COLOR: color.slice(0, -1) };
    assertEquals((await follow({ plan, before, env }, interpreter))[0], STARTED);
    const change = ({ root }: Places) => Deno.writeTextFileSync(`${root}/${folder}/system/new`, "");
    assertEquals((await follow({ plan, before, change }, interpreter))[0], STARTED);
  },
);

const REASONS: Readonly<Record<string, readonly [plan: Partial<WorldPlan>, reason: RegExp]>> = {
  "a child": [{ variables: [["KUBERLR_HANDOFF", "spawn"]] }, /HandOff is "spawn"/],
  "a pin out of the window": [
    {
      kubectls: [{ folder: "local", version: "1.27.4" }],
      variables: [["KUBERLR_KUBECTL", "1.27.4"]],
    },
    /repeats a warning/,
  ],
  "a kubectl of SystemPath": [
    { kubectls: [{ folder: "system", version: "1.30.1" }] },
    /outside kuberlr's folder/,
  ],
  "a kuberc": [
    {
      files: {
        kubeconfig: KUBECONFIG,
        kuberc: "kind: Preference\napiVersion: kubectl.config.k8s.io/v1beta1\n",
      },
    },
    /a kuberc has defaults/,
  ],
};

for (const [name, [plan, reason]] of Object.entries(REASONS)) {
  Deno.test({
    name: `writeShortcut() notes why it wrote none for ${name}`,
    ignore: Deno.build.os === "windows",
    async fn() {
      using world = memoWorld.build({ ...PLAN, ...plan }, true);
      const stat = await findStat(world.host);
      if (stat === undefined) return;
      assertMatch((await rememberShortcut(world, stat))?.shortcut ?? "", reason);
    },
  });
}

Deno.test({
  name: "writeShortcut() blames nothing for a repetition within the second of the memo",
  ignore: Deno.build.os === "windows",
  async fn() {
    using world = memoWorld.build(PLAN, true);
    const stat = await findStat(world.host);
    if (stat === undefined) return;
    const first = await rememberShortcut(world, stat);
    assert(first !== undefined);
    assertEquals(first.shortcut, "");
    // A second in the past, because a memo from the future is not believed.
    const second = (Math.floor(first.writtenAtMs / 1000) - 1) * 1000;
    const proc = world.proc();
    const keepAt = async (nowMs: number) => {
      const host = { ...world.host, clock: { ...world.host.clock, nowMs: () => nowMs } };
      const line = scanKubectlArgv(world.args);
      const name = chooseShortcut(world.args, host.env.get("KUBECONFIG"), wordTables());
      // A memo of a moment that is not a whole second.
      const memo = { ...first, writtenAtMs: second + 100 };
      await writeShortcut({ name: `${name}.${stat.flavor}`, line, memo, proc }, host);
      await writeShortcut({ name: `${name}.${stat.flavor}`, line, memo, proc }, host);
      return recallKubectl(line, findNeed(line, host.env), world.host)?.shortcut;
    };
    assertEquals(await keepAt(second + 900), "");
    assertMatch(await keepAt(second + 1_000) ?? "", /checks fail although/);
  },
});
