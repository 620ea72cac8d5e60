import type { FileStat } from "../../../lib/ports/files.ts";
import { assertEquals } from "@std/assert";
import { denoFiles } from "../../../lib/host/disk/files.ts";
import type { Fact } from "../../../lib/readings/fact.ts";
import { checkFacts } from "../../../lib/readings/steps/facts.ts";
import { traceReadings } from "../../../lib/readings/steps/trace.ts";
import { fakeProgram } from "../../support/fake_host.ts";
import { NO_LINKS, testButOnWine } from "../../support/wine.ts";
import type { LocalHost } from "../../../lib/ports/host.ts";

const LONG_AFTER_MS = 3_600_000;

/** A folder with a kubeconfig, an environment, and a trace over both. */
async function world(env: Record<string, string> = {}) {
  const path = await Deno.makeTempDir();
  await Deno.writeTextFile(`${path}/config`, "context: a");
  const cwd = { path };
  const program = fakeProgram({ cwd: () => cwd.path });
  const readable: Pick<LocalHost, "env" | "files" | "program"> = {
    env: { get: (name) => env[name] },
    program,
    files: denoFiles({ os: "linux", arch: "amd64" }),
  };
  const check = (facts: readonly Fact[], nowMs = Date.now()) => checkFacts(facts, nowMs, readable);
  return {
    path,
    env,
    cwd,
    readable,
    check,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

function testOfLinks(name: string, fn: () => Promise<void>): void {
  testButOnWine(NO_LINKS, name, fn);
}

/** Windows has to know the kind of a link's target. */
function linkTo(target: string, path: string): void {
  Deno.symlinkSync(target, path, { type: "file" });
}

Deno.test("checkFacts() finds the same where nothing has changed", async () => {
  await using w = await world({ KUBECONFIG: "x" });
  const { host, facts } = traceReadings(Date.now, w.readable);
  host.env.get("KUBECONFIG");
  host.env.get("UNSET");
  host.program.cwd();
  host.files.stat(w.path);
  host.files.readText(`${w.path}/config`);
  host.files.readBytes(`${w.path}/config`);
  host.files.readText(`${w.path}/missing`);
  host.files.list(w.path);
  host.files.lstat(`${w.path}/config`);
  // The list of a folder is checked together with its stat.
  assertEquals(facts().length, 8);
  assertEquals(w.check(facts()), { kind: "same", settled: undefined });
});

type World = Awaited<ReturnType<typeof world>>;
const CHANGES: readonly {
  readonly isOfLinks?: true;
  readonly name: string;
  readonly read: (world: World, host: Pick<LocalHost, "env" | "files" | "program">) => void;
  readonly change: (world: World) => void;
}[] = [
  {
    name: "an edit of the same size, in the same moment",
    read: (w, host) => host.files.readText(`${w.path}/config`),
    change: (w) => {
      const before = Deno.statSync(`${w.path}/config`);
      Deno.writeTextFileSync(`${w.path}/config`, "context: b");
      Deno.utimeSync(`${w.path}/config`, before.atime!, before.mtime!);
    },
  },
  {
    name: "a file that appears",
    read: (w, host) => host.files.readText(`${w.path}/new`),
    change: (w) => Deno.writeTextFileSync(`${w.path}/new`, ""),
  },
  {
    name: "a file that goes",
    read: (w, host) => host.files.stat(`${w.path}/config`),
    change: (w) => Deno.removeSync(`${w.path}/config`),
  },
  {
    name: "a file that is replaced by one that looks alike",
    read: (w, host) => host.files.readBytes(`${w.path}/config`),
    change: (w) => {
      Deno.writeTextFileSync(`${w.path}/other`, "context: a");
      Deno.renameSync(`${w.path}/other`, `${w.path}/config`);
    },
  },
  {
    name: "other permissions",
    read: (w, host) => host.files.stat(`${w.path}/config`),
    change: (w) => Deno.chmodSync(`${w.path}/config`, 0o755),
  },
  {
    name: "a new name in a folder",
    read: (w, host) => host.files.list(w.path),
    change: (w) => Deno.writeTextFileSync(`${w.path}/kubectl1.30.0`, ""),
  },
  {
    name: "a link that leads elsewhere",
    isOfLinks: true,
    read: (w, host) => {
      Deno.writeTextFileSync(`${w.path}/other`, "context: a");
      linkTo("config", `${w.path}/link`);
      host.files.readText(`${w.path}/link`);
    },
    change: (w) => {
      Deno.removeSync(`${w.path}/link`);
      linkTo("other", `${w.path}/link`);
    },
  },
  {
    name: "a link in place of a file",
    read: (w, host) => host.files.lstat(`${w.path}/config`),
    change: (w) => {
      Deno.renameSync(`${w.path}/config`, `${w.path}/other`);
      linkTo("other", `${w.path}/config`);
    },
  },
  {
    name: "a variable that is set",
    read: (_w, host) => host.env.get("KUBECONFIG"),
    change: (w) => w.env.KUBECONFIG = "",
  },
  {
    name: "another working directory",
    read: (_w, host) => host.program.cwd(),
    change: (w) => w.cwd.path = "/",
  },
];
for (const { name, isOfLinks, read, change } of CHANGES) {
  const register = isOfLinks ? testOfLinks : Deno.test;
  register(`checkFacts() notices ${name}`, async () => {
    await using w = await world();
    const { host, facts } = traceReadings(Date.now, w.readable);
    read(w, host);
    assertEquals(w.check(facts()).kind, "same");
    change(w);
    assertEquals(w.check(facts()).kind, "changed");
    assertEquals(w.check(facts(), Date.now() + LONG_AFTER_MS).kind, "changed");
  });
}

testOfLinks("checkFacts() notices that a link which led nowhere leads somewhere", async () => {
  await using w = await world();
  linkTo("nowhere", `${w.path}/dangling`);
  const { host, facts } = traceReadings(Date.now, w.readable);
  host.files.lstat(`${w.path}/dangling`);
  host.files.stat(`${w.path}/dangling`);
  assertEquals(w.check(facts()).kind, "same");
  Deno.writeTextFileSync(`${w.path}/nowhere`, "");
  assertEquals(w.check(facts()).kind, "changed");
});

const STAT: FileStat = {
  kind: "file",
  mode: 0o644,
  uid: 1000,
  dev: 1,
  ino: 2,
  size: 3,
  mtimeMs: 4,
  ctimeMs: 5,
};
const FOLDER: FileStat = { ...STAT, kind: "directory" };
for (
  const [stat, other, kind] of [
    [STAT, { kind: "other" }, "changed"],
    [STAT, { mode: 0o755 }, "changed"],
    [STAT, { uid: 1001 }, "changed"],
    [STAT, { dev: 7 }, "changed"],
    [STAT, { ino: 7 }, "changed"],
    [STAT, { size: 7 }, "changed"],
    [STAT, { mtimeMs: 7 }, "changed"],
    [STAT, { ctimeMs: 7 }, "changed"],
    [STAT, {}, "same"],
    [FOLDER, { kind: "file" }, "changed"],
    [FOLDER, { mode: 0o755 }, "changed"],
    [FOLDER, { uid: 1001 }, "changed"],
    [FOLDER, { dev: 7 }, "changed"],
    [FOLDER, { ino: 7 }, "changed"],
    // Its content is not looked at.
    [FOLDER, { size: 7, mtimeMs: 7, ctimeMs: 7 }, "same"],
  ] as const
) {
  for (const look of ["stat", "lstat"] as const) {
    Deno.test(`checkFacts() takes ${look} of a ${stat.kind} with ${JSON.stringify(other)} for ${kind}`, async () => {
      await using w = await world();
      const seeing = (stat: FileStat) => ({
        ...w.readable,
        files: { ...w.readable.files, stat: () => stat, lstat: () => stat },
      });
      const { host, facts } = traceReadings(Date.now, seeing(stat));
      host.files[look]("/x");
      assertEquals(checkFacts(facts(), Date.now(), seeing({ ...stat, ...other })).kind, kind);
    });
  }
}

const NO_FACTS: readonly (readonly [name: string, fact: unknown])[] = [
  ["of another kind", ["pwd", "", "/here"]],
  ["that is not a tuple", "cwd"],
  ["that is nothing", null],
  ["without a path", ["stat", null, "absent"]],
  ["with a path that is a number", ["text", 7, "absent"]],
  ["without a stat", ["text", "/x", null]],
  ["with half a stat", ["stat", "/", ["directory"]]],
  ["with a number for a variable", ["env", "HOME", 7]],
];
for (const [name, fact] of NO_FACTS) {
  Deno.test(`checkFacts() takes a fact ${name} for one that has changed`, async () => {
    await using w = await world({ HOME: "7" });
    assertEquals(w.check([fact as Fact]).kind, "changed");
  });
}

Deno.test("checkFacts() takes a stat with a number too many for one that has changed", async () => {
  await using w = await world();
  const { host, facts } = traceReadings(Date.now, w.readable);
  host.files.stat(w.path);
  const [kind, path, seen] = facts()[0]!;
  assertEquals(
    w.check([[kind, path, [...seen as readonly unknown[], 0]] as unknown as Fact]).kind,
    "changed",
  );
});

Deno.test("checkFacts() removes the hash of a file without content", async () => {
  await using w = await world();
  const facts = [["env", "UNSET", null, "0"], ["real", "/x/y", null, "0"]] as unknown as Fact[];
  assertEquals(w.check(facts), {
    kind: "same",
    settled: [["env", "UNSET", null], ["real", "/x/y", null]],
  });
});

testOfLinks("traceReadings() keeps a stat only where nothing else checks it", async () => {
  await using w = await world();
  linkTo("config", `${w.path}/link`);
  linkTo("nowhere", `${w.path}/dangling`);
  const { host, facts } = traceReadings(Date.now, w.readable);
  for (const name of ["config", "link", "dangling", "missing"]) {
    host.files.lstat(`${w.path}/${name}`);
    host.files.stat(`${w.path}/${name}`);
  }
  assertEquals(
    facts().map(([kind, path]) => [kind, path.slice(w.path.length + 1)]),
    [
      ["lstat", "config"],
      ["lstat", "link"],
      ["stat", "link"],
      ["lstat", "dangling"],
      ["stat", "dangling"],
      ["lstat", "missing"],
    ],
  );
});

Deno.test("checkFacts() gives up the content's hash once the file has settled", async () => {
  await using w = await world();
  const { host, facts } = traceReadings(Date.now, w.readable);
  host.files.readText(`${w.path}/config`);
  const [fresh] = facts();
  assertEquals(fresh?.length, 4);
  assertEquals(w.check(facts()), { kind: "same", settled: undefined });
  const later = w.check(facts(), Date.now() + LONG_AFTER_MS);
  assertEquals(later, { kind: "same", settled: [fresh?.slice(0, 3) as unknown as Fact] });
});

Deno.test("traceReadings() takes no hash of what settled long ago", async () => {
  await using w = await world();
  const { host, facts } = traceReadings(() => Date.now() + LONG_AFTER_MS, w.readable);
  host.files.readText(`${w.path}/config`);
  assertEquals(facts()[0]?.length, 3);
});

Deno.test({
  name: "traceReadings() notes a file that cannot be read, and notices that it can be",
  // It does not exist there.
  ignore: Deno.build.os === "windows",
  async fn() {
    await using w = await world();
    const { host, facts } = traceReadings(Date.now, w.readable);
    try {
      host.files.readText(`${w.path}/config/below`);
    } catch { /* ENOTDIR */ }
    assertEquals(facts(), [["text", `${w.path}/config/below`, "ENOTDIR"]]);
    assertEquals(w.check(facts()).kind, "same");
    Deno.removeSync(`${w.path}/config`);
    assertEquals(w.check(facts()).kind, "changed");
  },
});

const SECRETS: readonly [name: string, value: string, noted: string][] = [
  ["HTTPS_PROXY", "http://me:secret@proxy:3128", "http://proxy:3128"],
  ["https_proxy", "me:secret@proxy:3128", "proxy:3128"],
  ["https_proxy", "http://me:sec/ret@proxy:3128", "http://proxy:3128"],
  ["https_proxy", "me:sec?r#et@proxy:3128", "proxy:3128"],
  ["KUBERLR_KUBEMIRRORURL", "https://me:secret@m/a,https://x:y@n", "https://m/a,https://n"],
  ["KUBERLR_KUBEMIRRORURL", "https://m/a?sig=secret", "https://m/a?"],
  ["KUBECONFIG", "/home/me@corp/config", "/home/me@corp/config"],
  ["KUBECONFIG", "prod://me@corp/config", "prod://me@corp/config"],
  ["PATH", "/bin://corp/bin?a", "/bin://corp/bin?a"],
];
for (const [name, value, noted] of SECRETS) {
  Deno.test(`traceReadings() notes ${name}=${value} as ${noted}`, async () => {
    await using w = await world({ [name]: value });
    const { host, facts } = traceReadings(Date.now, w.readable);
    assertEquals(host.env.get(name), value);
    assertEquals(facts(), [["env", name, noted]]);
    assertEquals(w.check(facts()).kind, "same");
  });
}
