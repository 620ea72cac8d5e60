import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { BUILD_INFO, isStamped, parseStamp, splitVersion } from "../../lib/build_info.ts";
import { readStamp, stampOf, stampText } from "../../tools/stamp.ts";

/** The values outside of an archive: the tests themselves may run in one. */
const NO_ARCHIVE = { marker: "", commit: "", refs: "" };

/** The version after the last release. */
const DEVELOPED = `v${config.version}-dev`;
const [NEXT_MAJOR = "", NEXT_MINOR = ""] = config.version.split(".").map((part, at) =>
  at === 1 ? `${part}+` : part
);

const hasGit = await runs("git", ["--version"]);

interface Row {
  readonly name: string;
  /** The tag of the first commit. */
  readonly tag?: string;
  readonly commitsAfter?: number;
  readonly dirty?: boolean;
  /** `COMMIT` stands for the abbreviated commit. */
  readonly gitVersion: string;
  readonly minor: string;
}

/** One row per state of a checkout; the last of them is refused. */
const rows: readonly Row[] = [
  { name: "on a release", tag: "v1.34.1", gitVersion: "v1.34.1", minor: "34" },
  {
    name: "on a release with an untracked file",
    tag: "v1.34.1",
    dirty: true,
    gitVersion: "v1.34.1-dirty",
    minor: "34+",
  },
  {
    name: "after a release",
    tag: "v1.34.1",
    commitsAfter: 3,
    gitVersion: "v1.34.1-3+COMMIT",
    minor: "34+",
  },
  {
    name: "after a release, dirty",
    tag: "v1.34.1",
    commitsAfter: 3,
    dirty: true,
    gitVersion: "v1.34.1-3+COMMIT-dirty",
    minor: "34+",
  },
  { name: "on a candidate", tag: "v1.36.0-rc.1", gitVersion: "v1.36.0-rc.1", minor: "36+" },
  {
    name: "after a pre-release",
    tag: "v1.36.0-alpha.1",
    commitsAfter: 2,
    gitVersion: "v1.36.0-alpha.1.2+COMMIT",
    minor: "36+",
  },
  {
    name: "after a candidate, dirty",
    tag: "v1.36.0-rc.1",
    commitsAfter: 2,
    dirty: true,
    gitVersion: "v1.36.0-rc.1.2+COMMIT-dirty",
    minor: "36+",
  },
  {
    name: "on a vendor's tag",
    tag: "v1.33.5-eks-113cf36",
    gitVersion: "v1.33.5-eks-113cf36",
    minor: "33+",
  },
  {
    name: "after a vendor's tag",
    tag: "v1.33.5-eks-113cf36",
    commitsAfter: 1,
    gitVersion: "v1.33.5-eks-113cf36-1-gCOMMIT",
    minor: "33+",
  },
  { name: "on a tag with a plus", tag: "v1.33.5+k3s1", gitVersion: "v1.33.5+k3s1", minor: "33" },
  { name: "on a tag without a patch", tag: "v1.37", gitVersion: "v1.37", minor: "37" },
  { name: "without a tag", gitVersion: `${DEVELOPED}+COMMIT`, minor: NEXT_MINOR },
  {
    name: "without a tag, dirty",
    dirty: true,
    gitVersion: `${DEVELOPED}+COMMIT-dirty`,
    minor: NEXT_MINOR,
  },
  {
    name: "with a tag of another kind",
    tag: "release-1",
    gitVersion: `${DEVELOPED}+COMMIT`,
    minor: NEXT_MINOR,
  },
];

for (const row of rows) {
  gitTest(`readStamp() stamps a build ${row.name}`, async () => {
    using repository = scratchRepository(row);
    const commit = repository.git("rev-parse", "HEAD");
    const info = await readStamp(repository.root, NO_ARCHIVE, { SOURCE_DATE_EPOCH: "1700000000" });
    assertEquals({ ...info, ...splitVersion(info.gitVersion) }, {
      gitVersion: row.gitVersion.replace("COMMIT", commit.slice(0, 14)),
      gitCommit: commit,
      gitTreeState: row.dirty ? "dirty" : "clean",
      buildDate: "2023-11-14T22:13:20Z",
      major: row.minor === NEXT_MINOR ? NEXT_MAJOR : "1",
      minor: row.minor,
    });
  });
}

gitTest("readStamp() refuses what makes no semantic version", async () => {
  using repository = scratchRepository({ tag: "v1.33.5+k3s1", commitsAfter: 1 });
  await assertRejects(
    () => readStamp(repository.root, NO_ARCHIVE, {}),
    Error,
    "is not a semantic version",
  );
});

const COMMIT = "0123456789abcdef0123456789abcdef01234567";
for (
  const { name, refs, gitVersion } of [
    { name: "on a tag", refs: "HEAD -> main, tag: v1.38.0, origin/main", gitVersion: "v1.38.0" },
    { name: "off a tag", refs: "HEAD -> main", gitVersion: `${DEVELOPED}+0123456789abcd` },
  ]
) {
  Deno.test(`stampOf() stamps an archive ${name}`, () => {
    assertEquals(stampOf({ archive: { marker: "%", commit: COMMIT, refs } }, "now"), {
      gitVersion,
      gitCommit: COMMIT,
      gitTreeState: "archive",
      buildDate: "now",
    });
  });
}

gitTest("readStamp() reads what git archive wrote, by .gitattributes", async () => {
  using repository = scratchRepository({});
  for (const path of [".gitattributes", "lib/build_info.ts", "tools/stamp.ts"]) {
    repository.copy(path);
  }
  repository.git("add", "-A");
  repository.git("commit", "-q", "-m", "all");
  repository.git("tag", "v1.38.0");
  const commit = repository.git("rev-parse", "HEAD");
  repository.git("archive", "--format=tar", "-o", "../archive.tar", "HEAD");
  repository.extract("../archive.tar", "out");
  const url = (path: string) => new URL(`file://${repository.root}/out/${path}`).href;
  const stamp = await import(url("tools/stamp.ts"));
  assertEquals(await stamp.readStamp(repository.root, stamp.ARCHIVE, { SOURCE_DATE_EPOCH: "0" }), {
    gitVersion: "v1.38.0",
    gitCommit: commit,
    gitTreeState: "archive",
    buildDate: "1970-01-01T00:00:00Z",
  });
  const { BUILD_INFO: unbuilt } = await import(url("lib/build_info.ts"));
  assertEquals([unbuilt.gitVersion, unbuilt.gitCommit], [
    `${DEVELOPED}+${commit.slice(0, 14)}`,
    commit,
  ]);
});

Deno.test("readStamp() believes KUBE_GIT_VERSION_FILE first", async () => {
  const file = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(
      file,
      `KUBE_GIT_COMMIT='${COMMIT}'\nKUBE_GIT_TREE_STATE='clean'\nKUBE_GIT_VERSION='v2.0.0'\n`,
    );
    const env = { KUBE_GIT_VERSION_FILE: file, SOURCE_DATE_EPOCH: "0" };
    assertEquals(await readStamp("/", NO_ARCHIVE, env), {
      gitVersion: "v2.0.0",
      gitCommit: COMMIT,
      gitTreeState: "clean",
      buildDate: "1970-01-01T00:00:00Z",
    });
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("stampText() fills in the one stamp of a built file", async () => {
  const source = await Deno.readTextFile(new URL("../../lib/build_info.ts", import.meta.url));
  const info = {
    gitVersion: "v1.2.3-4+0123456789abcd-dirty",
    gitCommit: COMMIT,
    gitTreeState: "dirty",
    buildDate: "2026-11-21T00:00:00Z",
  } as const;
  const stamp = /"(kuberlr-stamp.*)"/.exec(stampText(source, info))?.[1] ?? "";
  assertEquals(parseStamp(stamp), info);
  assertThrows(() => stampText("nothing", info), Error, "0 stamps");
});

Deno.test("a checkout says the version of deno.json, and that it has not been built", () => {
  const [version] = BUILD_INFO.gitVersion.split("+");
  assertEquals({ ...BUILD_INFO, version, stamped: isStamped(BUILD_INFO) }, {
    ...BUILD_INFO,
    version: DEVELOPED,
    gitTreeState: "",
    buildDate: "1970-01-01T00:00:00Z",
    stamped: false,
  });
});

function gitTest(name: string, fn: () => Promise<void>): void {
  Deno.test({
    name: hasGit ? name : `${name} (ignored: there is no git)`,
    ignore: !hasGit,
    fn,
  });
}

function scratchRepository(
  { tag, commitsAfter = 0, dirty = false }: Pick<Row, "tag" | "commitsAfter" | "dirty">,
) {
  const parent = Deno.makeTempDirSync({ prefix: "kuberlr-git-" });
  const root = `${parent}/repository`;
  Deno.mkdirSync(root);
  const run = (command: string, args: readonly string[]) => {
    const { success, stdout, stderr } = new Deno.Command(command, {
      args: [...args],
      cwd: root,
      env: {
        GIT_CONFIG_GLOBAL: "/dev/null",
        GIT_CONFIG_NOSYSTEM: "1",
        GIT_AUTHOR_NAME: "a",
        GIT_AUTHOR_EMAIL: "a@example.com",
        GIT_COMMITTER_NAME: "c",
        GIT_COMMITTER_EMAIL: "c@example.com",
      },
    }).outputSync();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    return new TextDecoder().decode(stdout).trimEnd();
  };
  const git = (...args: readonly string[]) => run("git", args);
  git("init", "-q");
  git("commit", "-q", "--allow-empty", "-m", "first");
  if (tag !== undefined) git("tag", tag);
  for (let count = 0; count < commitsAfter; count++) {
    git("commit", "-q", "--allow-empty", "-m", `after ${count}`);
  }
  if (dirty) Deno.writeTextFileSync(`${root}/untracked`, "");
  return {
    root,
    git,
    copy(path: string) {
      const folder = path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
      Deno.mkdirSync(`${root}/${folder}`, { recursive: true });
      Deno.copyFileSync(new URL(`../../${path}`, import.meta.url), `${root}/${path}`);
    },
    extract(archive: string, folder: string) {
      Deno.mkdirSync(`${root}/${folder}`);
      run("tar", ["-xf", archive, "-C", folder]);
    },
    [Symbol.dispose]: () => Deno.removeSync(parent, { recursive: true }),
  };
}

async function runs(command: string, args: readonly string[]): Promise<boolean> {
  try {
    return (await new Deno.Command(command, { args: [...args], stdout: "null" }).output()).success;
  } catch {
    return false;
  }
}
