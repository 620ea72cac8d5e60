/** Every relative link of the Markdown files leads to a file. */
import { assertEquals } from "@std/assert";

const ROOT = new URL("../", import.meta.url);
const PAGES = [
  ...pagesOf(""),
  ...pagesOf("docs/"),
];

for (const page of PAGES) {
  Deno.test(`the links of ${page} lead somewhere`, () => {
    assertEquals(linksOf(page).filter((link) => !exists(new URL(link, new URL(page, ROOT)))), []);
  });
}

function pagesOf(folder: string): readonly string[] {
  return [...Deno.readDirSync(new URL(folder, ROOT))]
    .filter(({ name }) => name.endsWith(".md"))
    .map(({ name }) => `${folder}${name}`)
    .toSorted();
}

/** Targets of links and pictures, without those to other hosts and within the page. */
function linksOf(page: string): readonly string[] {
  const text = Deno.readTextFileSync(new URL(page, ROOT));
  return Array.from(text.matchAll(/\]\(([^)\s#]+)[^)]*\)/g), ([, target = ""]) => target)
    .filter((target) => !/^[a-z]+:/i.test(target));
}

function exists(url: URL): boolean {
  try {
    Deno.statSync(url);
    return true;
  } catch {
    return false;
  }
}
