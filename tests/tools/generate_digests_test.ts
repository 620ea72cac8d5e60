import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import {
  addToTable,
  type FetchText,
  findNewDigests,
  findOutdated,
  parseTable,
  PLATFORMS,
} from "../../tools/generate_digests.ts";

const TABLE = new URL("../../lib/mirror/pinned_digests.ts", import.meta.url);
const ONE = "1".repeat(64);
const TWO = "2".repeat(64);

/**
 * Upstream with 1.23.0 and 1.23.1, which was never built for windows/arm64, and a patch that was
 * called off.
 */
const upstream: FetchText = (path) => {
  if (path === "/release/stable-1.23.txt") return Promise.resolve("v1.23.2");
  const [, version, platform] = /^\/release\/v(1\.23\.\d)\/bin\/(.*)\/kubectl(?:\.exe)?\.sha256$/
    .exec(path) ?? [];
  const exists = version !== undefined && version !== "1.23.1" && platform !== "windows/arm64";
  return Promise.resolve(exists ? `${TWO}\n` : undefined);
};

Deno.test("findNewDigests() finds what is published and not pinned", async () => {
  const known = new Map([["1.23.0 linux/amd64", ONE]]);
  const found = await findNewDigests(known, upstream);
  const platforms = PLATFORMS.filter((platform) => platform !== "windows/arm64");
  const expected = ["1.23.0", "1.23.2"].flatMap((version) =>
    platforms.map((platform) => `${version} ${platform}`)
  ).filter((key) => !known.has(key));
  assertEquals([...found.keys()], expected);
});

Deno.test("findOutdated() names the newest release that is not pinned, and is content with a table that has it", async () => {
  const found = await findNewDigests(new Map(), upstream);
  assertEquals(await findOutdated(found, upstream), []);
  const older = new Map([...found].filter(([key]) => key !== "1.23.2 linux/amd64"));
  assertEquals(await findOutdated(older, upstream), ["1.23.2 linux/amd64"]);
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

Deno.test("parseTable() reads the whole table of kuberlr, which is sorted", async () => {
  const text = await Deno.readTextFile(TABLE);
  const digests = parseTable(text);
  assertEquals(digests.size >= 712, true);
  assertEquals(addToTable(text, new Map()), text);
  assertStringIncludes(text, "\n1.15.0 linux/amd64 ecec7fe4ffa0");
});
