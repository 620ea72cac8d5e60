/**
 * In all surroundings, a fitting kubectl runs, is downloaded once, and the answer is remembered:
 * the table of docs/dev/reliability.md, as root and as another user.
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { temporaryPlaceName } from "../../lib/files/layout.ts";
import { quoteShellWord } from "../../lib/output/shell_word.ts";
import {
  asUser,
  execAsUser,
  giveToUser,
  missingPlainUser,
  missingUser,
  runAsUser,
  USER,
} from "../support/another_user.ts";
import { type Cluster, type ClusterOptions, startCluster } from "../support/cluster.ts";
import { fakeKubectlBytes, fakeOutput } from "../support/fake_kubectl.ts";
import { kubeconfig } from "../support/kubeconfig_builder.ts";
import { inLandlock, missingLandlock } from "../support/landlock.ts";
import {
  missingFat,
  missingMounts,
  missingOverlays,
  mount,
  mountFat,
  mountOverlay,
  unmount,
} from "../support/mounts.ts";
import {
  makeOld,
  NO_HOME,
  NOWHERE,
  type Run,
  type RunOptions,
  type Sandbox,
  story,
} from "../support/sandbox.ts";
import { startMirror } from "../support/mirror.ts";
import { startSilentNameServer, startSilentServer } from "../support/silence.ts";
import { assertRefused } from "../support/verdicts.ts";

interface World {
  readonly box: Sandbox;
  readonly cluster: Cluster;
  readonly kuberlrHome: string;
  readonly run: (
    program: "kubectl" | "kuberlr",
    args: readonly string[],
    env?: RunOptions["env"],
  ) => Promise<Run>;
  /** Returns a `run` that starts the program, as the same user, by these words before it. */
  readonly within: (words: (command: readonly string[]) => readonly string[]) => World["run"];
  /** Runs a command line as the same user. */
  readonly exec: (command: string, args: readonly string[]) => Promise<Run>;
  /** The private folder in TMPDIR. */
  readonly place: string;
}

interface Surrounding {
  readonly name: string;
  readonly unless?: string | undefined;
  /** The feature that Windows lacks and the story needs. */
  readonly unix?: string;
  /** The feature that Wine lacks and the story needs. */
  readonly wine?: string;
  readonly options?: Partial<ClusterOptions>;
  readonly test: (world: World) => Promise<void>;
}

const WINDOWS = Deno.build.os === "windows";
/** The group of all users, by an identifier that does not depend on the language. */
const EVERYONE = "*S-1-1-0";
const NO_MODES = "its files have no modes";
const GET = ["get", "pods"];
const LOCAL = ["config", "current-context"];

/** Twice the room of the story's disk. */
const LARGE = { version: "1.30.5", bytes: fakeKubectlBytes("1.30.5", "\n".repeat(4 << 20)) };
const ENDLESS = { kind: "endless", bytes: 65_536 } as const;
/** Replaces the name server for one command. */
const NAME_SERVER = `
mount --bind "$0" /etc/resolv.conf && mount --bind "$1" /etc/nsswitch.conf || exit 99
shift
exec "$@"
`;

/** Each runs as the user of the tests and, if that is root, also as another user. */
const SURROUNDINGS: readonly Surrounding[] = [
  {
    name: "a home folder that everybody can write, with a kubectl in it",
    unix: NO_MODES,
    async test({ box, cluster, run, kuberlrHome, place }) {
      box.fakeKubectl("1.30.0");
      Deno.chmodSync(kuberlrHome, 0o777);
      await assertFetchedOnce({ box, cluster, run, place });
    },
  },
  {
    name: "no home",
    async test({ box, cluster, run, place }) {
      const env = { ...NO_HOME, KUBECONFIG: `${box.home}/.kube/config` };
      const without: World["run"] = (program, args, more) =>
        run(program, args, { ...env, ...more });
      await assertFetchedOnce({ box, cluster, run: without, place });
      const doctor = await without("kuberlr", ["doctor", "-o", "json"]);
      assertStringIncludes(
        doctor.stdout.replaceAll("\\\\", "/"),
        `There is no home folder: what is downloaded and remembered goes to \\"${place}\\"`,
      );
    },
  },
  {
    name: "a read-only home with a kubectl that does not fit",
    unless: missingMounts,
    async test({ box, cluster, run, kuberlrHome, place }) {
      assert(mount(kuberlrHome, "mode=0755"));
      try {
        box.fakeKubectl("1.20.0");
        remount(kuberlrHome, "ro");
        await assertFetchedOnce({ box, cluster, run, place });
      } finally {
        unmount(kuberlrHome);
      }
    },
  },
  {
    name: "a home whose access list lets no one write, with a kubectl that does not fit",
    unless: WINDOWS ? undefined : "it needs Windows",
    wine: "its files have no access lists",
    async test({ box, cluster, run, kuberlrHome, place }) {
      box.fakeKubectl("1.20.0");
      const icacls = (...words: readonly string[]) =>
        box.exec("icacls", [kuberlrHome.replaceAll("/", "\\"), ...words]);
      const denied = await icacls("/deny", `${EVERYONE}:(OI)(CI)(WD,AD)`);
      assertEquals(denied.status, 0, denied.stdout + denied.stderr);
      try {
        await assertFetchedOnce({ box, cluster, run, place });
      } finally {
        await icacls("/remove:d", EVERYONE, "/t");
      }
    },
  },
  {
    name: "a home without programs (noexec)",
    unless: missingMounts,
    async test({ box, cluster, run, kuberlrHome, place }) {
      assert(mount(kuberlrHome, "noexec,mode=0777"));
      Deno.chmodSync(kuberlrHome, 0o755);
      try {
        box.fakeKubectl("1.30.0");
        giveToUser(kuberlrHome, ownerOf(box.home));
        await assertFetchedOnce({ box, cluster, run, place });
        const doctor = await run("kuberlr", ["doctor"]);
        assertMatch(doctor.stdout, /folders: .*mounted "noexec"/);
        assertStringIncludes(doctor.stdout.replaceAll(/\s+/g, " "), place);
      } finally {
        unmount(kuberlrHome);
      }
    },
  },
  {
    name: "a full disk",
    unless: missingMounts,
    async test({ box, cluster, run, kuberlrHome, place }) {
      assert(mount(kuberlrHome, "size=64k,mode=0755"));
      giveToUser(kuberlrHome, ownerOf(box.home));
      try {
        await assertFetchedOnce({ box, cluster, run, place });
      } finally {
        unmount(kuberlrHome);
      }
    },
  },
  {
    name: "a home without room for more files",
    unless: missingMounts,
    async test({ box, cluster, run, kuberlrHome, place }) {
      assert(mount(kuberlrHome, "nr_inodes=5,mode=0755"));
      giveToUser(kuberlrHome, ownerOf(box.home));
      try {
        await assertFetchedOnce({ box, cluster, run, place });
        assertEquals(box.files(kuberlrHome), []);
        const doctor = await run("kuberlr", ["doctor"]);
        assertMatch(doctor.stdout, /folders: .*without room for more files/);
      } finally {
        unmount(kuberlrHome);
      }
    },
  },
  {
    name: "a sandbox that lets no one write in the home, and does not tell",
    unless: missingLandlock(),
    async test({ box, cluster, within, place }) {
      const writable = [box.env.TMPDIR!, "/dev"];
      const run = within((command) => inLandlock(writable, command));
      await assertFetchedOnce({ box, cluster, run, place });
      assertEquals(box.files(`${box.home}/.kuberlr`), []);
      const doctor = await run("kuberlr", ["doctor"]);
      assertMatch(doctor.stdout, /folders: .* takes no files: Permission denied/);
    },
  },
  {
    name: "a disk that is full before the download is over",
    unless: missingMounts,
    options: { kubectls: [LARGE] },
    async test({ box, cluster, run, kuberlrHome, place }) {
      assert(mount(kuberlrHome, "size=2m,mode=0755"));
      giveToUser(kuberlrHome, ownerOf(box.home));
      try {
        await assertFetchedOnce({ box, cluster, run, place });
        assertEquals(box.files(box.binaries), []);
      } finally {
        unmount(kuberlrHome);
      }
    },
  },
  {
    name: "a store in an image's layer (overlayfs)",
    unless: missingOverlays,
    async test({ box, cluster, run, kuberlrHome }) {
      assertEquals((await run("kubectl", GET)).stdout, fakeOutput("1.30.5", GET));
      const layers = `${box.root}/layers`;
      assert(mount(layers, "mode=0755"));
      try {
        const [lower, upper, work] = ["lower", "upper", "work"].map((name) =>
          `${layers}/${name}`
        ) as [string, string, string];
        new Deno.Command("cp", { args: ["-a", kuberlrHome, lower] }).outputSync();
        Deno.removeSync(kuberlrHome, { recursive: true });
        for (const folder of [upper, work, kuberlrHome]) {
          Deno.mkdirSync(folder);
          giveToUser(folder, ownerOf(box.home));
        }
        assert(mountOverlay(kuberlrHome, { lower, upper, work }));
        await assertNotAskedAgain({ cluster, run });
      } finally {
        unmount(kuberlrHome);
        unmount(layers);
      }
    },
  },
  {
    name: "a file system with one mode for all files (FAT)",
    unless: missingFat,
    async test({ box, cluster, run, kuberlrHome }) {
      assert(mountFat(kuberlrHome, `${box.root}/fat`));
      try {
        const fetched = await run("kubectl", GET);
        assertEquals(fetched.stdout, fakeOutput("1.30.5", GET), fetched.stderr);
        await assertNotAskedAgain({ cluster, run });
      } finally {
        unmount(kuberlrHome);
      }
    },
  },
  {
    name: "a proxy that says nothing before the server",
    async test({ box, run }) {
      await using proxy = startSilentServer();
      box.kubeconfig(kubeconfig().context("prod", { server: "https://api.example.test" }));
      box.fakeKubectl("1.30.0");
      for (const path of [".kube", ".kuberlr"]) {
        giveToUser(`${box.home}/${path}`, ownerOf(box.home));
      }
      const env = { KUBERLR_TIMEOUT: "1", HTTPS_PROXY: proxy.url };
      for (let time = 0; time < 2; time++) {
        const ran = await run("kubectl", GET, env);
        assertEquals([ran.stdout, ran.stderr], [fakeOutput("1.30.0", GET), ""]);
        assertEquals(proxy.connections(), 1);
      }
    },
  },
  {
    name: "a proxy that says nothing before the mirror, a local command, and no kubectl",
    async test({ run }) {
      await using proxy = startSilentServer();
      const mirror = "https://mirror.example.test";
      const env = { HTTPS_PROXY: proxy.url, KUBERLR_KUBEMIRRORURL: mirror };
      await assertWaitedOnce((args) => run("kubectl", args, env), mirror);
      assertEquals(proxy.connections(), 1);
    },
  },
  {
    name: "a name server that says nothing, a local command, and no kubectl",
    unless: missingMounts,
    async test({ box, cluster, within }) {
      using names = await startSilentNameServer();
      const resolver = box.write("resolv.conf", `nameserver ${names.address}\n`);
      const switches = box.write("nsswitch.conf", "hosts: files dns\n");
      const run = within((command) => [
        ...["unshare", "--mount", "sh", "-c", NAME_SERVER, resolver, switches],
        ...command,
      ]);
      const mirror = "https://mirror.example.test";
      const env = { KUBERLR_KUBEMIRRORURL: mirror };
      await assertWaitedOnce((args) => run("kubectl", args, env), mirror);
      box.kubeconfig(kubeconfig().context("prod", { server: "https://api.example.test" }));
      box.fakeKubectl("1.30.0");
      for (const path of [".kube", ".kuberlr"]) {
        giveToUser(`${box.home}/${path}`, ownerOf(box.home));
      }
      const got = await run("kubectl", GET, { KUBERLR_TIMEOUT: "1" });
      assertEquals([got.stdout, got.stderr], [fakeOutput("1.30.0", GET), ""]);
      assertEquals([cluster.mirror.requests.length, cluster.api.requests.length], [0, 0]);
    },
  },
  {
    name: "a umask that closes what is made to its owner, too",
    unix: NO_MODES,
    async test({ box, cluster, exec }) {
      for (const umask of ["0777", "0277", "0022"]) {
        const strict = await exec("sh", [
          ...["-c", `umask ${umask}; exec "$0" "$@"`],
          ...[...box.command("kubectl"), ...GET],
        ]);
        assertEquals(strict.stdout, fakeOutput("1.30.5", GET), strict.stderr);
      }
      assertEquals(cluster.mirror.binaryRequests().length, 1);
    },
  },
  {
    name: "a temporary directory without programs, and no home",
    unless: missingMounts,
    async test({ box, cluster, run }) {
      const tmp = box.env.TMPDIR!;
      assert(mount(tmp, "noexec,mode=1777"));
      try {
        const runtime = `${box.root}/run`;
        const place = placeIn(runtime, ownerOf(runtime));
        const env = {
          HOME: undefined,
          KUBECONFIG: `${box.home}/.kube/config`,
          XDG_RUNTIME_DIR: runtime,
        };
        const without: World["run"] = (program, args, more) =>
          run(program, args, { ...env, ...more });
        await assertFetchedOnce({ box, cluster, run: without, place });
        assertEquals(box.files(tmp), []);
      } finally {
        unmount(tmp);
      }
    },
  },
  {
    name: "a server that hangs, and a home that everybody can write",
    unix: NO_MODES,
    options: { api: { answer: { kind: "hang" } } },
    async test({ box, cluster, run, kuberlrHome }) {
      box.fakeKubectl("1.30.5", { folder: box.system });
      Deno.mkdirSync(kuberlrHome, { recursive: true });
      Deno.chmodSync(kuberlrHome, 0o777);
      const env = { KUBERLR_TIMEOUT: "1" };
      assertEquals((await run("kubectl", GET, env)).stdout, fakeOutput("1.30.5", GET));
      const asked = cluster.api.requests.length;
      // The server is not asked again, so nothing waits.
      assertEquals((await run("kubectl", GET, env)).stdout, fakeOutput("1.30.5", GET));
      assertEquals(cluster.api.requests.length, asked);
    },
  },
  {
    name: "a server with a version that nobody has published",
    options: { api: { version: "v1.99.4" } },
    async test({ box, cluster, run }) {
      for (const version of ["1.29.0", "1.30.0", "1.31.0", "1.32.0"]) box.fakeKubectl(version);
      giveToUser(`${box.home}/.kuberlr`, ownerOf(box.home));
      const warning =
        /^kuberlr: warning: .* runs 1\.99\.4, which no mirror has.*: using 1\.32\.0$/m;
      const asked = [];
      for (let time = 0; time < 2; time++) {
        const ran = await run("kubectl", GET);
        assertEquals(ran.stdout, fakeOutput("1.32.0", GET), ran.stderr);
        assertMatch(ran.stderr, warning);
        asked.push([cluster.mirror.requests.length, cluster.api.requests.length]);
      }
      assertEquals(asked[1], asked[0]);
    },
  },
  {
    name: "a product's own version, and Kubernetes' in the fields",
    options: {
      api: {
        answer: ({ path }) =>
          path === "/version"
            ? { kind: "body", body: `{"gitVersion":"v4.14.2","major":"1","minor":"30"}` }
            : undefined,
      },
    },
    async test({ box, run }) {
      for (const version of ["1.30.0", "1.32.0"]) box.fakeKubectl(version);
      giveToUser(`${box.home}/.kuberlr`, ownerOf(box.home));
      const ran = await run("kubectl", GET);
      assertEquals([ran.stdout, ran.stderr], [fakeOutput("1.30.0", GET), ""]);
    },
  },
  {
    name: "a kubectl far from the server, and no mirror",
    async test({ box, run }) {
      box.fakeKubectl("1.20.0");
      giveToUser(`${box.home}/.kuberlr`, ownerOf(box.home));
      const env = { KUBERLR_KUBEMIRRORURL: NOWHERE };
      assertRefused(await run("kubectl", GET, env), {
        status: 127,
        error: /refused/,
        hint: /kubectl 1\.20\.0 is installed, 10 minors older .*KUBERLR_KUBECTL/,
      });
      const pinned = await run("kubectl", GET, { ...env, KUBERLR_KUBECTL: "1.20" });
      assertEquals(pinned.stdout, fakeOutput("1.20.0", GET), pinned.stderr);
    },
  },
  {
    name: "a first mirror that sends its checksum without an end, and a second one",
    options: { fault: ({ path }) => /\.sha\d+$/.test(path) ? ENDLESS : undefined },
    async test({ cluster, run }) {
      await using second = await startMirror({
        kubectls: [{ version: "1.30.5", bytes: fakeKubectlBytes("1.30.5") }],
      });
      const env = { KUBERLR_KUBEMIRRORURL: `${cluster.mirror.url},${second.url}` };
      const ran = await run("kubectl", GET, env);
      assertEquals(ran.stdout, fakeOutput("1.30.5", GET), ran.stderr);
    },
  },
  {
    name: "a kubectl that cannot be executed, and no downloads",
    unix: NO_MODES,
    async test({ box, run }) {
      const path = box.fakeKubectl("1.30.0");
      Deno.chmodSync(path, 0o644);
      for (const args of [GET, LOCAL]) {
        assertRefused(await run("kubectl", args, { KUBERLR_ALLOWDOWNLOAD: "false" }), {
          status: 127,
          error: new RegExp(`no kubectl can be used \\("${path}" is not executable\\)`),
          hint: /"kuberlr doctor" says what helps/,
        });
      }
      const doctor = await run("kuberlr", ["doctor", "-o", "json"]);
      const hints = JSON.parse(doctor.stdout).map(({ hint }: { hint?: string }) => hint);
      assert(
        hints.includes(`Run "chmod a+rx ${quoteShellWord(path)}", or remove it`),
        doctor.stdout,
      );
    },
  },
  {
    name: "a kubectl in a home that everybody can write, and no downloads",
    unix: NO_MODES,
    async test({ box, run, kuberlrHome }) {
      const path = box.fakeKubectl("1.30.0");
      Deno.chmodSync(kuberlrHome, 0o777);
      const refused = await run("kubectl", GET, { KUBERLR_ALLOWDOWNLOAD: "false" });
      assertRefused(refused, {
        status: 127,
        error: new RegExp(
          `"${path}" is not used, because "${kuberlrHome}" can be written by every user`,
        ),
        hint: /"kuberlr doctor" says what helps/,
      });
    },
  },
  {
    name: "a link of the user's where the kubectl would be put",
    unix: "its kubectl is a shell script",
    async test({ box, run, place }) {
      const target = box.write("elsewhere/kubectl", "#!/bin/sh\nexit 3\n", 0o755);
      Deno.mkdirSync(box.binaries, { recursive: true });
      Deno.symlinkSync(target, box.kubectl("1.30.5"));
      giveToUser(`${box.home}/.kuberlr`, ownerOf(box.home));
      const fetched = await run("kubectl", GET);
      assertEquals(fetched.stdout, fakeOutput("1.30.5", GET), fetched.stderr);
      assertMatch(fetched.stderr, /is a link that leads out of its folder, and is left as it is/);
      assertEquals(Deno.readLinkSync(box.kubectl("1.30.5")), target);
      assert(box.files(place).some((path) => path.endsWith("kubectl1.30.5")));
      assertEquals((await run("kubectl", GET)).stderr, "");
    },
  },
  {
    name: "links in the place of kuberlr's folders",
    unix: "links need a privilege there",
    async test({ box, cluster, run, kuberlrHome, place }) {
      for (const path of [box.binaries, box.cache]) {
        const target = `${box.home}/elsewhere/${path.split("/").at(-1)}`;
        Deno.mkdirSync(target, { recursive: true });
        Deno.symlinkSync(target, path);
      }
      for (const path of [kuberlrHome, `${box.home}/elsewhere`]) {
        giveToUser(path, ownerOf(box.home));
      }
      await assertFetchedOnce({ box, cluster, run, place });
      const prune = await run("kuberlr", ["prune", "--all", "--dry-run"]);
      assert(!prune.stdout.includes("elsewhere"), prune.stdout);
      assertEquals(box.files(`${box.home}/elsewhere`), []);
    },
  },
  {
    name: "a restored cache in a read-only home: other inodes and times, the same bytes",
    unless: missingMounts,
    async test({ box, cluster, run, kuberlrHome, place }) {
      assertEquals((await run("kubectl", GET)).stdout, fakeOutput("1.30.5", GET));
      Deno.renameSync(kuberlrHome, `${box.root}/saved`);
      assert(mount(kuberlrHome, "mode=0755"));
      try {
        new Deno.Command("cp", { args: ["-r", `${box.root}/saved/.`, kuberlrHome] }).outputSync();
        giveToUser(kuberlrHome, ownerOf(box.home));
        remount(kuberlrHome, "ro");
        const asked = cluster.mirror.requests.length;
        const renewed: number[] = [];
        for (let time = 0; time < 3; time++) {
          const again = await run("kubectl", GET);
          assertEquals([again.stdout, again.stderr], [fakeOutput("1.30.5", GET), ""]);
          const path = box.files(place).map((name) => `${place}/${name}`).find((each) =>
            each.includes("/receipts/")
          );
          assert(path !== undefined, "it was hashed, and that is not remembered");
          renewed.push(Deno.statSync(path).ino ?? 0);
        }
        // It was hashed once: a receipt that is written again would be another file.
        assertEquals(new Set(renewed).size, 1);
        assertEquals(cluster.mirror.requests.length, asked);
      } finally {
        unmount(kuberlrHome);
      }
    },
  },
  {
    name: "a mirror that says nothing, a local command, and no kubectl",
    options: { fault: () => ({ kind: "silence" }) },
    async test({ cluster, run }) {
      await assertWaitedOnce((args) => run("kubectl", args), cluster.mirror.url);
      assertEquals(cluster.mirror.requests.length, 1);
    },
  },
  {
    name: "a FIFO in the place of a lock",
    unix: "there is no mkfifo",
    async test({ box, run }) {
      const locks = `${box.cache}/locks/${box.binaries.split("/").at(-1)}`;
      Deno.mkdirSync(locks, { recursive: true });
      new Deno.Command("mkfifo", { args: [`${locks}/1.30.5`] }).outputSync();
      giveToUser(`${box.home}/.kuberlr`, ownerOf(box.home));
      const fetched = await run("kubectl", GET);
      assertEquals(fetched.stdout, fakeOutput("1.30.5", GET), fetched.stderr);
    },
  },
  {
    name: "what a killed download of another version has left behind",
    async test({ box, run }) {
      const dead = box.write(
        `${box.binaries}/.kubectl-1.29.0.${crypto.randomUUID()}.part`,
        "half of it",
      );
      makeOld(dead);
      const other = box.write(`${box.binaries}/.kubectl-notes.part`, "the user's own");
      giveToUser(`${box.home}/.kuberlr`, ownerOf(box.home));
      const fetched = await run("kubectl", GET);
      assertEquals(fetched.stdout, fakeOutput("1.30.5", GET), fetched.stderr);
      assertEquals([isThere(dead), isThere(other)], [false, true]);
    },
  },
];

for (const { name, test, unless, unix, wine, options = {} } of SURROUNDINGS) {
  for (const who of ["this user", "another user"] as const) {
    const reason = unless ?? (who === "another user" ? missingUser : undefined);
    story(`${who} runs kubectl with ${name}`, async (box) => {
      await using cluster = await startCluster(box, {
        kubectls: ["1.30.5"],
        ...options,
        api: {
          version: "v1.30.5",
          ...options.api,
        },
      });
      Deno.mkdirSync(`${box.root}/run`, { mode: 0o700 });
      Deno.mkdirSync(`${box.home}/.kuberlr`, { mode: 0o755 });
      const isOther = who === "another user";
      if (isOther) {
        for (const path of [box.home, box.env.TMPDIR!, `${box.root}/run`]) giveToUser(path);
      }
      await test({
        box,
        cluster,
        kuberlrHome: `${box.home}/.kuberlr`,
        place: placeIn(temporaryOf(box), isOther ? USER : WINDOWS ? null : Deno.uid()),
        run: async (program, args, env = {}) => {
          const ran = isOther
            ? await runAsUser(box, program, args, { env })
            : await box.run(program, args, { env });
          if (program === "kubectl") noteTime({ name, who, milliseconds: ran.milliseconds });
          return ran;
        },
        within: (wrap) => async (program, args, env = {}) => {
          const command = [...box.command(program), ...args];
          const own = isOther ? asUser(box, command) : { words: command, env: {} };
          const [first = "", ...words] = wrap(own.words);
          const ran = await box.exec(first, words, { env: { ...own.env, ...env } });
          if (program === "kubectl") noteTime({ name, who, milliseconds: ran.milliseconds });
          return ran;
        },
        exec: async (command, args) => {
          const ran = isOther
            ? await execAsUser(box, [command, ...args])
            : await box.exec(command, args);
          noteTime({ name, who, milliseconds: ran.milliseconds });
          return ran;
        },
      });
    }, {
      unless: reason,
      ...(unix !== undefined && { unix }),
      ...(wine !== undefined && { wine }),
    });
  }
}

/** One kubectl command of a story, for `bench/surroundings.ts`. */
export interface Timed {
  readonly name: string;
  readonly who: string;
  readonly milliseconds: number;
}

/** Adds a line to the file that `KUBERLR_TEST_TIMES` names, if it is set. */
function noteTime(timed: Timed): void {
  const path = Deno.env.get("KUBERLR_TEST_TIMES");
  if (path !== undefined) {
    Deno.writeTextFileSync(path, `${JSON.stringify(timed)}\n`, { append: true });
  }
}

/**
 * Asserts one download in all: none for another command, a local command, a missing mirror or
 * forbidden downloads. The server is asked once.
 */
async function assertFetchedOnce(
  { box, cluster, run, place }: Pick<World, "box" | "cluster" | "run" | "place">,
): Promise<void> {
  const first = await run("kubectl", GET);
  assertEquals(first.stdout, fakeOutput("1.30.5", GET), first.stderr);
  assertMatch(first.stderr, /Downloading kubectl 1\.30\.5/);
  assertStringIncludes(first.stderr, place);
  const remembered = memosBelow(place, box);
  await run("kubectl", GET);
  // It has followed the memo of the first command, and so has not written another.
  assertEquals([memosBelow(place, box), remembered.length], [remembered, 1]);
  await assertNotAskedAgain({ cluster, run });
}

/** Returns what tells one memo from another, for those in the home and in the private folder. */
function memosBelow(place: string, box: Sandbox): readonly string[] {
  return [box.cache, `${place}/cache`].flatMap((cache) =>
    box.files(`${cache}/memo`).filter((name) => name.endsWith(".json")).map((name) => {
      const { key, writtenAtMs } = JSON.parse(Deno.readTextFileSync(`${cache}/memo/${name}`));
      return `${key} ${writtenAtMs}`;
    })
  );
}

/** Asserts that 1.30.5 runs without a further request. */
async function assertNotAskedAgain(
  { cluster, run }: Pick<World, "cluster" | "run">,
): Promise<void> {
  const asked = [cluster.mirror.requests.length, cluster.api.requests.length];
  const nowhere = { KUBERLR_KUBEMIRRORURL: NOWHERE };
  const forbidden = { KUBERLR_ALLOWDOWNLOAD: "false" };
  for (const env of [{}, nowhere, forbidden]) {
    for (const args of [GET, LOCAL]) {
      const again = await run("kubectl", args, env);
      assertEquals(
        { stdout: again.stdout, stderr: again.stderr },
        { stdout: fakeOutput("1.30.5", args), stderr: "" },
      );
    }
  }
  assertEquals([cluster.mirror.requests.length, cluster.api.requests.length], asked);
}

/** Asserts that a local command waits three seconds for the mirror, and the next one not at all. */
async function assertWaitedOnce(
  run: (args: readonly string[]) => Promise<Run>,
  mirror: string,
): Promise<void> {
  const args = ["completion", "bash"];
  const first = await run(args);
  assertRefused(first, { status: 127, error: /nothing came for 3 seconds/, hint: /Mirror/ });
  assertStringIncludes(first.stderr, `Waiting for ${mirror}`);
  assertRefused(await run(args), { status: 127, error: /next attempt in \d+ s/, hint: /Mirror/ });
}

story("root makes nothing in the home of another user", async (box) => {
  await using cluster = await startCluster(box, {
    kubectls: ["1.30.5"],
    api: { version: "v1.30.5" },
  });
  giveToUser(box.home);
  const place = placeIn(box.env.TMPDIR!, 0);
  const run: World["run"] = async (program, args, env = {}) => {
    const ran = await box.run(program, args, { env });
    const { milliseconds } = ran;
    noteTime({ name: "the home of another user", who: "root", milliseconds });
    return ran;
  };
  for (const folder of ["", "/.kuberlr"]) {
    if (folder !== "") Deno.mkdirSync(`${box.home}${folder}`);
    giveToUser(box.home);
    const before = list(box.home);
    await assertFetchedOnce({ box, cluster, run, place });
    assertEquals(list(box.home), before);
    Deno.removeSync(place, { recursive: true });
  }
}, { unless: missingUser });

for (
  const { name, mode, isFilled, unless } of [
    { name: "folder", mode: 0o755, isFilled: false, unless: missingUser },
    { name: "private folder", mode: 0o700, isFilled: false, unless: missingUser },
    {
      name: "private folder, with folders in it,",
      mode: 0o700,
      isFilled: true,
      unless: missingPlainUser,
    },
  ]
) {
  story(`a user whose ${name} is root's is told how to get it back`, async (box) => {
    await using cluster = await startCluster(box, {
      kubectls: ["1.30.5"],
      api: { version: "v1.30.5" },
    });
    const kuberlrHome = `${box.home}/.kuberlr`;
    for (const path of [box.home, box.env.TMPDIR!]) giveToUser(path);
    for (const path of [kuberlrHome, ...(isFilled ? [box.binaries, box.cache] : [])]) {
      Deno.mkdirSync(path, { mode });
    }
    const env = { USER: "anna" };
    const run: World["run"] = async (program, args, more = {}) => {
      const ran = await runAsUser(box, program, args, { env: { ...env, ...more } });
      const { milliseconds } = ran;
      if (program === "kubectl") {
        noteTime({ name: `a ${name} that is root's`, who: "another user", milliseconds });
      }
      return ran;
    };
    await assertFetchedOnce({ box, cluster, run, place: placeIn(box.env.TMPDIR!, USER) });
    const doctor = await run("kuberlr", ["doctor", "-o", "json"]);
    const [finding] = JSON.parse(doctor.stdout).filter(({ check }: { check: string }) =>
      check === "folders"
    );
    assertEquals(
      finding.hint,
      `Make this user the owner: sudo chown -R anna ${quoteShellWord(kuberlrHome)}`,
    );
    assertEquals(box.files(kuberlrHome), []);
  }, { unless });
}

story("a user with the HOME of root is told to set another one", async (box) => {
  await using cluster = await startCluster(box, {
    kubectls: ["1.30.5"],
    api: { version: "v1.30.5" },
  });
  giveToUser(box.env.TMPDIR!);
  Deno.mkdirSync(`${box.root}/root`, { mode: 0o700 });
  Deno.chmodSync(`${box.home}/.kube/config`, 0o644);
  const env = { HOME: `${box.root}/root`, KUBECONFIG: `${box.home}/.kube/config` };
  const run: World["run"] = async (program, args, more = {}) => {
    const ran = await runAsUser(box, program, args, { env: { ...env, ...more } });
    const { milliseconds } = ran;
    if (program === "kubectl") noteTime({ name: "root's home", who: "another user", milliseconds });
    return ran;
  };
  await assertFetchedOnce({ box, cluster, run, place: placeIn(box.env.TMPDIR!, USER) });
  const doctor = await run("kuberlr", ["doctor", "-o", "json"]);
  const [finding] = JSON.parse(doctor.stdout).filter(({ check }: { check: string }) =>
    check === "folders"
  );
  assertEquals(finding, {
    check: "folders",
    status: "error",
    finding: `"${box.root}/root" cannot be entered: Permission denied: nothing in it is used`,
    hint: "Set HOME to this user's own folder",
  });
}, { unless: missingPlainUser });

function placeIn(tmp: string, uid: number | null): string {
  return `${tmp}/${temporaryPlaceName(uid ?? undefined)}`;
}

function temporaryOf({ env }: Sandbox): string {
  return (env.TMPDIR ?? env.TMP ?? "").replaceAll("\\", "/");
}

/** Returns every file and folder with its owner. */
function list(folder: string): readonly string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
    const path = `${folder}/${name}`;
    return [`${path} ${Deno.lstatSync(path).uid}`, ...(isDirectory ? list(path) : [])];
  }).toSorted();
}

function remount(folder: string, option: string): void {
  const { success } = new Deno.Command("mount", { args: ["-o", `remount,${option}`, folder] })
    .outputSync();
  assert(success);
}

function ownerOf(path: string): number {
  return Deno.statSync(path).uid ?? 0;
}

function isThere(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}
