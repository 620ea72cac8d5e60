/**
 * Every relative link of the Markdown files leads to a file, and its fragment to a heading; files
 * that are named exist.
 */
import { assertEquals } from "@std/assert";

const ROOT = new URL("../../", import.meta.url);
const PAGES = [
  ...pagesOf(""),
  ...pagesOf("docs/"),
  ...pagesOf("docs/commands/"),
  ...pagesOf("docs/dev/"),
];
const SOURCES = ["lib/", "tests/", "tools/", "std/", "demo/", "bench/"].flatMap((folder) => [
  ...walk(folder),
]);

for (const page of PAGES) {
  Deno.test(`the links of ${page} lead somewhere`, () => {
    assertEquals(linksOf(page).filter((link) => !leadsSomewhere(page, link)), []);
  });

  Deno.test(`the sources that ${page} names are there`, () => {
    const named = read(page).matchAll(/(?<=[`/ ])[a-z]\w*(?:\/\w+)*\.ts\b/g);
    const isThere = (name: string) =>
      /\bX/.test(name) ||
      SOURCES.some((path) => `/${path}`.endsWith(`/${name}`)) || exists(name);
    assertEquals(Array.from(named, ([name]) => name).filter((name) => !isThere(name)), []);
  });
}

function pagesOf(folder: string): readonly string[] {
  return [...Deno.readDirSync(new URL(folder, ROOT))]
    .filter(({ name }) => name.endsWith(".md"))
    .map(({ name }) => `${folder}${name}`)
    .toSorted();
}

/** Returns the targets of links and pictures, except those on other hosts. */
function linksOf(page: string): readonly string[] {
  return Array.from(read(page).matchAll(/\]\(([^)\s]+)[^)]*\)/g), ([, target = ""]) => target)
    .filter((target) => !/^[a-z]+:/i.test(target));
}

function leadsSomewhere(page: string, link: string): boolean {
  const [path = "", fragment] = link.split("#");
  const target = path === ""
    ? page
    : decodeURIComponent(new URL(path, new URL(page, ROOT)).pathname);
  return exists(target) && (fragment === undefined || fragmentsOf(target).includes(fragment));
}

/** Returns the fragments that GitHub makes from headings. */
function fragmentsOf(page: string): readonly string[] {
  return Array.from(
    read(page).matchAll(/^#+ (.*)$/gm),
    ([, heading = ""]) =>
      heading.toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(" ", "-"),
  );
}

function read(path: string): string {
  return Deno.readTextFileSync(new URL(path, ROOT));
}

function exists(path: string): boolean {
  try {
    Deno.statSync(new URL(path, ROOT));
    return true;
  } catch {
    return false;
  }
}

function* walk(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(new URL(folder, ROOT))) {
    if (isDirectory) yield* walk(`${folder}${name}/`);
    else yield `${folder}${name}`;
  }
}
