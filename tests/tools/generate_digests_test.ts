import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  addToTable,
  compareWithLastRelease,
  type Comparison,
  type FetchText,
  findNewDigests,
  findOutdated,
  findRewritten,
  parseTable,
  PLATFORMS,
} from "../../tools/generate_digests.ts";

const TABLE = new URL("../../lib/mirror/pinned_digests.ts", import.meta.url);
const ONE = "1".repeat(64);
const TWO = "2".repeat(64);

/**
 * Upstream's releases: 1.23.0 and 1.23.2, neither of them for windows/arm64. 1.23.1 does not
 * exist.
 */
const upstream: FetchText = (path) => {
  if (path === "/release/stable-1.23.txt") return Promise.resolve("v1.23.2");
  const [, version, platform] = /^\/release\/v(1\.23\.\d)\/bin\/(.*)\/kubectl(?:\.exe)?\.sha256$/
    .exec(path) ?? [];
  const exists = version !== undefined && version !== "1.23.1" && platform !== "windows/arm64";
  return Promise.resolve(exists ? `${TWO}\n` : undefined);
};

Deno.test("findNewDigests() finds what is published and not pinned", async () => {
  const known = new Map([["1.23.0 linux/amd64", TWO]]);
  const found = await findNewDigests(known, upstream);
  const platforms = PLATFORMS.filter((platform) => platform !== "windows/arm64");
  const expected = ["1.23.0", "1.23.2"].flatMap((version) =>
    platforms.map((platform) => `${version} ${platform}`)
  ).filter((key) => !known.has(key));
  assertEquals([...found.keys()], expected);
});

Deno.test("findOutdated() names the newest release that is not pinned, and nothing if it is", async () => {
  const found = await findNewDigests(new Map(), upstream);
  assertEquals(await findOutdated(found, upstream), []);
  const older = new Map([...found].filter(([key]) => key !== "1.23.2 linux/amd64"));
  assertEquals(await findOutdated(older, upstream), ["1.23.2 linux/amd64"]);
});

Deno.test("another digest than the pinned one is an error, in every release that is looked at", async () => {
  const wanted = `holds ${TWO}, and ${ONE} is pinned`;
  for (const version of ["1.23.0", "1.23.2"]) {
    const known = new Map([[`${version} darwin/arm64`, ONE]]);
    await assertRejects(() => findNewDigests(known, upstream), Error, wanted);
  }
  const known = new Map([["1.23.2 windows/amd64", ONE]]);
  await assertRejects(() => findOutdated(known, upstream), Error, wanted);
});

Deno.test("findNewDigests() does not take a page for a checksum, nor silence for completeness", async () => {
  const page: FetchText = (path) =>
    path.endsWith(".sha256") ? Promise.resolve("<html>") : upstream(path);
  await assertRejects(() => findNewDigests(new Map(), page), Error, "holds no checksum");
  const nothing: FetchText = () => Promise.resolve(undefined);
  await assertRejects(() => findOutdated(new Map(), nothing), Error, "does not name a release");
});

Deno.test("addToTable() adds in order, and changes nothing that is there", () => {
  const text = `export const PINNED_DIGESTS = \`\n1.23.0 linux/amd64 ${ONE}\n\`;\n`;
  const added = new Map([["1.23.10 linux/amd64", TWO], ["1.23.2 linux/amd64", TWO]]);
  assertEquals(
    addToTable(text, added),
    `export const PINNED_DIGESTS = \`\n1.23.0 linux/amd64 ${ONE}\n1.23.2 linux/amd64 ${TWO}\n1.23.10 linux/amd64 ${TWO}\n\`;\n`,
  );
  const again = new Map([["1.23.0 linux/amd64", TWO]]);
  assertThrows(() => addToTable(text, again), Error, "is pinned already");
});

const module = (...entries: string[]) =>
  `export const PINNED_DIGESTS = \`\n${entries.map((entry) => `${entry}\n`).join("")}\`;\n`;

Deno.test("findRewritten() names what was changed and what is gone, not what was added", () => {
  const older = parseTable(
    module(`1.23.0 linux/amd64 ${ONE}`, `1.23.1 linux/amd64 ${ONE}`, `1.23.2 linux/amd64 ${ONE}`),
  );
  const newer = parseTable(
    module(`1.23.0 linux/amd64 ${ONE}`, `1.23.1 linux/amd64 ${TWO}`, `1.23.3 linux/amd64 ${TWO}`),
  );
  assertEquals(findRewritten(older, newer), ["1.23.1 linux/amd64", "1.23.2 linux/amd64"]);
  assertEquals(findRewritten(older, older), []);
});

/** A repository with the tool, whose last release pinned 1.23.0 as all ones. */
async function released(): Promise<
  AsyncDisposable & { check(...entries: string[]): Promise<Comparison> }
> {
  const root = await Deno.makeTempDir({ prefix: "digests-" });
  const table = `${root}/lib/mirror/pinned_digests.ts`;
  const git = async (...args: string[]) => {
    const identity = ["-c", "user.name=t", "-c", "user.email=t@example.com"];
    const { code, stderr } = await new Deno.Command("git", {
      args: [
        "-C",
        root,
        ...identity,
        "-c",
        "commit.gpgsign=false",
        "-c",
        "tag.gpgsign=false",
        ...args,
      ],
    }).output();
    assertEquals(code, 0, new TextDecoder().decode(stderr));
  };
  const commit = async (text: string, tag: string) => {
    await Deno.writeTextFile(table, text);
    await git("add", ".");
    await git("commit", "--allow-empty", "--message", tag);
    await git("tag", "--annotate", tag, "--message", tag);
  };
  await Deno.mkdir(`${root}/lib/mirror`, { recursive: true });
  await git("init", "--quiet");
  await commit("// A release before there was a table.\n", "v0.9.0");
  await commit(module(`1.23.0 linux/amd64 ${ONE}`), "v1.0.0");
  return {
    async check(...entries) {
      await commit(module(...entries), `v1.1.0-rc.${entries.length}`);
      const result = await compareWithLastRelease(root);
      await git("reset", "--quiet", "--hard", "v1.0.0");
      await git("tag", "--delete", `v1.1.0-rc.${entries.length}`);
      return result;
    },
    [Symbol.asyncDispose]: () => Deno.remove(root, { recursive: true }),
  };
}

Deno.test({
  name: "compareWithLastRelease() takes the tag before this commit's, and sees a rewritten digest",
  ignore: !await hasGit(),
  async fn() {
    await using repository = await released();
    const entry = `1.23.0 linux/amd64 ${ONE}`;
    const added = `1.23.1 linux/amd64 ${TWO}`;
    const comparedWith = "v1.0.0";
    assertEquals(await repository.check(entry, added), { comparedWith, rewritten: [] });
    const rewritten = ["1.23.0 linux/amd64"];
    assertEquals(await repository.check(`1.23.0 linux/amd64 ${TWO}`, added), {
      comparedWith,
      rewritten,
    });
    assertEquals(await repository.check(added), { comparedWith, rewritten });
  },
});

Deno.test("parseTable() reads the whole table of kuberlr, which is sorted", async () => {
  const text = await Deno.readTextFile(TABLE);
  const digests = parseTable(text);
  assertEquals(digests.size >= 712, true);
  assertEquals(addToTable(text, new Map()), text);
  assertStringIncludes(text, "\n1.15.0 linux/amd64 ecec7fe4ffa0");
});

Deno.test("the table has every release for Linux from 1.23 on, and every minor for other platforms", async () => {
  const digests = parseTable(await Deno.readTextFile(TABLE));
  const patchesOf = (minor: number, platform: string) =>
    [...digests.keys()].filter((key) => key.startsWith(`1.${minor}.`) && key.endsWith(platform))
      .map((key) => Number(/^1\.\d+\.(\d+) /.exec(key)?.[1]));
  for (let minor = 23; minor <= 36; minor++) {
    for (const platform of PLATFORMS) {
      const patches = patchesOf(minor, ` ${platform}`);
      assert(patches.length > 0, `1.${minor} ${platform}`);
      if (platform.startsWith("linux/")) assertEquals(patches, [...patches.keys()]);
    }
  }
});

async function hasGit(): Promise<boolean> {
  try {
    return (await new Deno.Command("git", { args: ["--version"], stdout: "null" }).output())
      .success;
  } catch {
    return false;
  }
}
