/**
 * A package for dpkg, whose bytes depend only on its content.
 *
 * @see https://man7.org/linux/man-pages/man5/deb.5.html
 * @module
 */
import { tarGz } from "./archive.ts";
import type { LinuxPackage } from "./linux_package.ts";
import { foldersOf } from "./linux_package.ts";

/** Returns an `ar` archive of the format's version, the control files, and the files. */
export async function makeDeb(content: LinuxPackage): Promise<Uint8Array<ArrayBuffer>> {
  const { epochSeconds } = content;
  const files = content.files.map((file) => ({ ...file, path: onDebian(file.path) }));
  const text = (path: string, lines: string) => ({
    path,
    mode: 0o644,
    bytes: new TextEncoder().encode(lines),
  });
  const configuration = files.filter(({ isConfiguration }) => isConfiguration);
  const control = await tarGz([
    text("./control", renderControl(content)),
    text("./conffiles", configuration.map(({ path }) => `/${path}\n`).join("")),
  ], epochSeconds);
  const data = await tarGz([
    ...foldersOf(files).map((path) => ({
      path: `./${path}/`,
      mode: 0o755,
      bytes: new Uint8Array(),
    })),
    ...files.map(({ path, ...file }) => ({ ...file, path: `./${path}` })),
  ], epochSeconds);
  const members: readonly (readonly [name: string, bytes: Uint8Array])[] = [
    ["debian-binary", new TextEncoder().encode("2.0\n")],
    ["control.tar.gz", control],
    ["data.tar.gz", data],
  ];
  const parts: BlobPart[] = ["!<arch>\n"];
  for (const [name, bytes] of members) {
    parts.push(arHeader(name, bytes.length, epochSeconds), bytes as Uint8Array<ArrayBuffer>);
    if (bytes.length % 2 === 1) parts.push("\n");
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** Returns the path on Debian, whose zsh has another folder for the completions of packages. */
function onDebian(path: string): string {
  return path.replace("/zsh/site-functions/", "/zsh/vendor-completions/");
}

function renderControl(
  { name, version, architecture, files, summary, description, homepage, needs }: LinuxPackage,
): string {
  const kibibytes = files.reduce((sum, { bytes }) => sum + Math.ceil(bytes.length / 1024), 0);
  return [
    `Package: ${name}`,
    // A tilde sorts a pre-release before its release.
    `Version: ${version.replace("-", "~")}`,
    `Architecture: ${architecture.deb}`,
    "Maintainer: The kuberlr authors <noreply@github.com>",
    `Installed-Size: ${kibibytes}`,
    `Depends: libc6 (>= ${needs.glibc})`,
    "Recommends: ca-certificates",
    "Section: utils",
    "Priority: optional",
    `Homepage: ${homepage}`,
    `Description: ${summary}`,
    ...description.map((line) => ` ${line}`),
    "",
  ].join("\n");
}

function arHeader(name: string, size: number, epochSeconds: number): string {
  const fields: readonly (readonly [value: string | number, width: number])[] = [
    [name, 16],
    [epochSeconds, 12],
    [0, 6],
    [0, 6],
    ["100644", 8],
    [size, 10],
  ];
  return `${fields.map(([value, width]) => `${value}`.padEnd(width)).join("")}\`\n`;
}
