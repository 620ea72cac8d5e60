/** The files for package managers: formula, manifest, bill of materials, notes. */
import { assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { parse } from "@std/yaml";
import { parse as parseToml } from "@std/toml";
import {
  parseChecksums,
  type Release,
  renderTemplate,
  TEMPLATES,
} from "../../tools/render_packaging.ts";
import { checkTag, releaseNotes } from "../../tools/release_notes.ts";
import { renderBill } from "../../tools/sbom.ts";
import { archiveName, folderName, TARGETS } from "../../tools/targets.ts";

const SUMS = TARGETS.map((target, index) => `${`${index}`.repeat(64)}  ${archiveName(target)}\n`)
  .join("");

const RELEASE: Release = {
  tag: "v1.2.3",
  repository: "someone/kuberlr",
  checksums: parseChecksums(SUMS),
};

const DOWNLOADS = "https://github.com/someone/kuberlr/releases/download";

Deno.test("the Scoop manifest has the archives of the release, their checksums, and updates itself", async () => {
  const manifest = JSON.parse(renderTemplate(await template("scoop/kuberlr.json.in"), RELEASE));
  const { notes, ...rest } = manifest;
  assertStringIncludes(notes.join("\n"), "kuberlr link");
  assertEquals(rest, {
    version: "1.2.3",
    description: "The right kubectl for every cluster, automatically",
    homepage: "https://github.com/someone/kuberlr",
    license: "Apache-2.0",
    architecture: {
      "64bit": {
        url: `${DOWNLOADS}/v1.2.3/kuberlr-windows-amd64.zip`,
        hash: "4".repeat(64),
        extract_dir: "kuberlr-windows-amd64",
      },
      "arm64": {
        url: `${DOWNLOADS}/v1.2.3/kuberlr-windows-arm64.zip`,
        hash: "5".repeat(64),
        extract_dir: "kuberlr-windows-arm64",
      },
    },
    bin: "kuberlr.exe",
    post_install: `& "$dir\\kuberlr.exe" version`,
    checkver: { github: "https://github.com/someone/kuberlr" },
    autoupdate: {
      architecture: {
        "64bit": { url: `${DOWNLOADS}/v$version/kuberlr-windows-amd64.zip` },
        "arm64": { url: `${DOWNLOADS}/v$version/kuberlr-windows-arm64.zip` },
      },
      hash: { url: "$baseurl/SHA256SUMS" },
    },
  });
});

Deno.test("the Homebrew formula has an archive and its checksum per platform, caveats and a test", async () => {
  const formula = renderTemplate(await template("homebrew/kuberlr.rb.in"), RELEASE);
  const archives = Array.from(
    formula.matchAll(/url "([^"]+)"\n\s+sha256 "([^"]+)"/g),
    ([, url, digest]) => [url, digest],
  );
  assertEquals(archives, [
    [`${DOWNLOADS}/v1.2.3/kuberlr-darwin-arm64.tar.gz`, "3".repeat(64)],
    [`${DOWNLOADS}/v1.2.3/kuberlr-darwin-amd64.tar.gz`, "2".repeat(64)],
    [`${DOWNLOADS}/v1.2.3/kuberlr-linux-arm64.tar.gz`, "1".repeat(64)],
    [`${DOWNLOADS}/v1.2.3/kuberlr-linux-amd64.tar.gz`, "0".repeat(64)],
  ]);
  assertMatch(formula, /version "1\.2\.3"[\s\S]*def caveats[\s\S]*kuberlr link[\s\S]*test do/);
  assertEquals(formula.includes("{{"), false);
});

const load = async (name: string) =>
  // deno-lint-ignore no-explicit-any
  parse(renderTemplate(await template(name), RELEASE), { schema: "core" }) as any;

Deno.test("winget's manifests are of one package and version, and have the archives of Windows", async () => {
  const files = ["kuberlr", "kuberlr.installer", "kuberlr.locale.en-US"];
  const manifests = await Promise.all(files.map((file) => load(`winget/${file}.yaml.in`)));
  const identities = manifests.map(({ PackageIdentifier, PackageVersion, ManifestVersion }) => [
    PackageIdentifier,
    PackageVersion,
    ManifestVersion,
  ]);
  assertEquals(identities, files.map(() => ["kuberlr.kuberlr", "1.2.3", "1.10.0"]));
  const windows = TARGETS.filter(({ os }) => os === "windows");
  assertEquals(
    manifests[1].Installers,
    windows.map((target, index) => ({
      Architecture: { amd64: "x64", arm64: "arm64" }[target.arch],
      NestedInstallerFiles: [{
        RelativeFilePath: `${folderName(target)}\\kuberlr.exe`,
        PortableCommandAlias: "kuberlr",
      }],
      InstallerUrl: `${DOWNLOADS}/v1.2.3/${archiveName(target)}`,
      InstallerSha256: `${4 + index}`.repeat(64),
    })),
  );
});

Deno.test("aqua's entry names the archive of each target as it is called", async () => {
  const [entry] = (await load("aqua/registry.yaml.in")).packages;
  assertEquals([entry.repo_owner, entry.repo_name], ["someone", "kuberlr"]);
  assertEquals(entry.supported_envs, TARGETS.map(({ os, arch }) => `${os}/${arch}`));
  for (const target of TARGETS) {
    const format = entry.overrides.find(({ goos }: { goos: string }) => goos === target.os)?.format;
    const fill = (text: string) =>
      text.replace("{{.OS}}", target.os).replace("{{.Arch}}", target.arch)
        .replace("{{.Format}}", format ?? entry.format);
    assertEquals(fill(entry.asset), archiveName(target));
    assertEquals(fill(entry.files[0].src), `${folderName(target)}/kuberlr`);
  }
});

Deno.test("mise's entry takes aqua's, and tries what it installed", async () => {
  const entry = parseToml(renderTemplate(await template("mise/kuberlr.toml.in"), RELEASE));
  assertEquals(entry["backends"], ["aqua:someone/kuberlr", "github:someone/kuberlr"]);
  assertEquals({ ...entry["test"] as object }, {
    cmd: "kuberlr version",
    expected: "kuberlr v{{version}}",
  });
});

Deno.test("every template in packaging/ is rendered", async () => {
  const folders = Array.from(Deno.readDirSync(new URL("../../packaging", import.meta.url)))
    .filter(({ isDirectory }) => isDirectory);
  const found = folders.flatMap(({ name }) =>
    Array.from(
      Deno.readDirSync(new URL(`../../packaging/${name}`, import.meta.url)),
      (file) => `${name}/${file.name}`,
    )
  ).filter((path) => path.endsWith(".in"));
  assertEquals(found.toSorted(), Object.keys(TEMPLATES).toSorted());
  for (const name of found) {
    const text = renderTemplate(await template(name), RELEASE);
    assertEquals(text.includes("{{url"), false, name);
  }
});

const hasRuby = await runs("ruby");
Deno.test({
  name: `the Homebrew formula is Ruby${hasRuby ? "" : " (ignored: there is no ruby here)"}`,
  ignore: !hasRuby,
  async fn() {
    const path = await Deno.makeTempFile({ suffix: ".rb" });
    try {
      const formula = renderTemplate(await template("homebrew/kuberlr.rb.in"), RELEASE);
      await Deno.writeTextFile(path, formula);
      const { code } = await new Deno.Command("ruby", { args: ["-c", path] }).output();
      assertEquals(code, 0);
    } finally {
      await Deno.remove(path);
    }
  },
});

for (
  const { name, template, error } of [
    { name: "a file that was not released", template: "{{url nothing.zip}}", error: "nothing.zip" },
    { name: "a word that means nothing", template: "{{sha512}}", error: "{{sha512}}" },
  ]
) {
  Deno.test(`renderTemplate() refuses ${name}`, () => {
    assertThrows(() => renderTemplate(template, RELEASE), Error, error);
  });
}

Deno.test("parseChecksums() refuses what sha256sum did not write", () => {
  assertThrows(() => parseChecksums("<html>\n"), Error, "<html>");
});

Deno.test("renderBill() names every package by its purl and hash, the same twice", async () => {
  const bill = {
    tag: "v1.2.3",
    denoVersion: "2.9.6",
    epochSeconds: 0,
    dependencies: [{
      name: "@scope/name",
      version: "4.5.6",
      license: "MIT",
      licenseText: "",
      integrity: `sha512-${btoa("\x01".repeat(64))}`,
    }],
  };
  const text = await renderBill(bill);
  assertEquals(text, await renderBill(bill));
  const { serialNumber, metadata, components } = JSON.parse(text);
  assertMatch(
    serialNumber,
    /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  assertEquals(metadata.component.purl, "pkg:generic/kuberlr@1.2.3");
  assertEquals(components.map(({ purl }: { purl: string }) => purl), [
    "pkg:generic/deno@2.9.6",
    "pkg:npm/%40scope/name@4.5.6",
  ]);
  assertEquals(components[1].hashes, [{ alg: "SHA-512", content: "01".repeat(64) }]);
});

const CHANGELOG = `# Changelog

## 1.2.3 (2026-11-21)

- New.

## 1.2.2

- Old.

## 1.2.1
`;

Deno.test("releaseNotes() are the changelog's section, without its heading", () => {
  assertEquals(releaseNotes(CHANGELOG, "v1.2.3"), "- New.\n");
  assertEquals(releaseNotes(CHANGELOG, "v1.2.2"), "- Old.\n");
});

for (const tag of ["v1.2.1", "v1.2.0", "v1.2"]) {
  Deno.test(`releaseNotes() refuses ${tag}, of which nothing is said`, () => {
    assertThrows(() => releaseNotes(CHANGELOG, tag), Error, tag);
  });
}

Deno.test("checkTag() refuses a tag that deno.json is not about", () => {
  checkTag("v1.2.3", "1.2.3");
  assertThrows(() => checkTag("v1.2.4", "1.2.3"), Error, "v1.2.4");
  assertThrows(() => checkTag("1.2.3", "1.2.3"), Error, "1.2.3");
});

async function template(name: string): Promise<string> {
  return await Deno.readTextFile(new URL(`../../packaging/${name}`, import.meta.url));
}

async function runs(command: string): Promise<boolean> {
  try {
    return (await new Deno.Command(command, { args: ["--version"] }).output()).success;
  } catch {
    return false;
  }
}
