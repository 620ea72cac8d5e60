/**
 * A package for rpm, whose bytes depend only on its content.
 *
 * @see https://rpm-software-management.github.io/rpm/manual/format_v4.html
 * @module
 */
import { createHash } from "node:crypto";
import { foldersOf, type LinuxPackage, type PackagedFile } from "./linux_package.ts";
import { gzip } from "./released_files.ts";
import { encodeHeader, type TagValue } from "./rpm_header.ts";

const RELEASE = "1";
const REGULAR_FILE = 0o100000;
const FOLDER = 0o040755;
const SHA256 = 8;
/** RPMFILE_CONFIG and RPMFILE_NOREPLACE: rpm keeps the user's version. */
const CONFIGURATION = 1 | 16;
const LESS_EQUAL_RPMLIB = 0x0100000a;
const EQUAL = 8;

/** A file or folder of the package; `mode` has the type. */
interface Entry extends PackagedFile {
  readonly digest: string;
}

/** Returns a lead, which is obsolete but required, the digests, the header, and a cpio archive. */
export async function makeRpm(content: LinuxPackage): Promise<Uint8Array<ArrayBuffer>> {
  const entries = listEntries(content);
  const archive = cpio(entries, content.epochSeconds);
  const payload = await gzip(archive);
  const header = encodeHeader(describe(content, entries, payload), 63);
  const signatures = encodeHeader(
    new Map<number, TagValue>([
      [269, { kind: "string", value: hash("sha1", header) }],
      [273, { kind: "string", value: hash("sha256", header) }],
      [1000, { kind: "int32", value: [header.length + payload.length] }],
      [1004, { kind: "bytes", value: createHash("md5").update(header).update(payload).digest() }],
      [1007, { kind: "int32", value: [archive.length] }],
    ]),
    62,
  );
  const padding = new Uint8Array((8 - signatures.length % 8) % 8);
  const parts = [lead(content), signatures, padding, header, payload];
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** Returns the files, and the folders that only this package has: rpm removes them with it. */
function listEntries({ name, files }: LinuxPackage): readonly Entry[] {
  const own = foldersOf(files).filter((path) => path.endsWith(`/${name}`));
  const nothing = { bytes: new Uint8Array(), isConfiguration: false, digest: "" };
  return [
    ...own.map((path) => ({ path, mode: FOLDER, ...nothing })),
    ...files.map((file) => ({
      ...file,
      mode: REGULAR_FILE | file.mode,
      digest: hash("sha256", file.bytes),
    })),
  ].toSorted((a, b) => a.path < b.path ? -1 : 1);
}

function describe(
  content: LinuxPackage,
  files: readonly Entry[],
  payload: Uint8Array,
): ReadonlyMap<number, TagValue> {
  const { name, summary, description, homepage, architecture, needs, epochSeconds } = content;
  const version = versionOf(content);
  const folders = foldersOf(files).map((folder) => `/${folder}/`);
  const folderOf = (path: string) => `/${path.slice(0, path.lastIndexOf("/"))}/`;
  const text = (value: string): TagValue => ({ kind: "string", value });
  const i18n = (value: string): TagValue => ({ kind: "i18n", value });
  const strings = (value: readonly string[]): TagValue => ({ kind: "strings", value });
  const int16 = (value: readonly number[]): TagValue => ({ kind: "int16", value });
  const int32 = (value: readonly number[]): TagValue => ({ kind: "int32", value });
  const each = <T>(value: T) => files.map(() => value);
  const requires: readonly (readonly [name: string, flags: number, version: string])[] = [
    [`libc.so.6(GLIBC_${needs.glibc})(64bit)`, 0, ""],
    ["rpmlib(CompressedFileNames)", LESS_EQUAL_RPMLIB, "3.0.4-1"],
    ["rpmlib(FileDigests)", LESS_EQUAL_RPMLIB, "4.6.0-1"],
    ["rpmlib(PayloadFilesHavePrefix)", LESS_EQUAL_RPMLIB, "4.0-1"],
  ];
  return new Map<number, TagValue>([
    [100, strings(["C"])],
    [1000, text(name)],
    [1001, text(version)],
    [1002, text(RELEASE)],
    [1004, i18n(summary)],
    [1005, i18n(description.join("\n"))],
    [1006, int32([epochSeconds])],
    [1007, text("kuberlr")],
    [1009, int32([files.reduce((sum, { bytes }) => sum + bytes.length, 0)])],
    [1014, text("Apache-2.0")],
    [1016, i18n("Unspecified")],
    [1020, text(homepage)],
    [1021, text("linux")],
    [1022, text(architecture.rpm)],
    [1028, int32(files.map(({ bytes }) => bytes.length))],
    [1030, int16(files.map(({ mode }) => mode))],
    [1033, int16(each(0))],
    [1034, int32(each(epochSeconds))],
    [1035, strings(files.map(({ digest }) => digest))],
    [1036, strings(each(""))],
    [1037, int32(files.map(({ isConfiguration }) => isConfiguration ? CONFIGURATION : 0))],
    [1039, strings(each("root"))],
    [1040, strings(each("root"))],
    [1044, text(`${name}-${version}-${RELEASE}.src.rpm`)],
    [1045, int32(each(-1))],
    [1047, strings([name])],
    [1048, int32(requires.map(([, flags]) => flags))],
    [1049, strings(requires.map(([requirement]) => requirement))],
    [1050, strings(requires.map(([, , release]) => release))],
    [1064, text("4.18.0")],
    [1095, int32(each(1))],
    [1096, int32(files.map((_, index) => index + 1))],
    [1097, strings(each(""))],
    [1112, int32([EQUAL])],
    [1113, strings([`${version}-${RELEASE}`])],
    [1116, int32(files.map(({ path }) => folders.indexOf(folderOf(path))))],
    [1117, strings(files.map(({ path }) => path.slice(path.lastIndexOf("/") + 1)))],
    [1118, strings(folders)],
    [1124, text("cpio")],
    [1125, text("gzip")],
    [1126, text("9")],
    [5011, int32([SHA256])],
    [5092, strings([hash("sha256", payload)])],
    [5093, int32([SHA256])],
  ]);
}

/** A version of rpm must not have a dash; a tilde sorts a pre-release before its release. */
function versionOf({ version }: LinuxPackage): string {
  return version.replace("-", "~");
}

/** Returns an archive in cpio's "new" ASCII format. */
function cpio(files: readonly Entry[], epochSeconds: number): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const push = (bytes: Uint8Array) => {
    const padded = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
    padded.set(bytes);
    parts.push(padded);
    length += padded.length;
  };
  const add = (name: string, mode: number, inode: number, bytes: Uint8Array) => {
    const fields = [
      inode,
      mode,
      0,
      0,
      1,
      epochSeconds,
      bytes.length,
      0,
      0,
      0,
      0,
      name.length + 1,
      0,
    ];
    const hex = fields.map((field) => field.toString(16).padStart(8, "0")).join("");
    push(new TextEncoder().encode(`070701${hex}${name}\0`));
    push(bytes);
  };
  files.forEach(({ path, mode, bytes }, index) => add(`./${path}`, mode, index + 1, bytes));
  add("TRAILER!!!", 0, 0, new Uint8Array());
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function lead(content: LinuxPackage): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(96);
  bytes.set([0xed, 0xab, 0xee, 0xdb, 3, 0, 0, 0]);
  const name = `${content.name}-${versionOf(content)}-${RELEASE}`;
  bytes.set(new TextEncoder().encode(name.slice(0, 65)), 10);
  // Byte 9 is the architecture, byte 77 is Linux, byte 79 is the signature's type: a header.
  bytes[9] = content.architecture.rpm === "x86_64" ? 1 : 19;
  bytes[77] = 1;
  bytes[79] = 5;
  return bytes;
}

function hash(algorithm: string, bytes: Uint8Array): string {
  return createHash(algorithm).update(bytes).digest("hex");
}
