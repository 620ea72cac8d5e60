import { assertEquals } from "@std/assert";
import {
  checksumAlgorithms,
  describeNonProgram,
  parseChecksum,
  parseMarker,
} from "../../lib/mirror/checksum.ts";
import { formatVersion, parseVersion, type Version } from "../../lib/version/version.ts";

const SHA512 = "0123456789abcdef".repeat(8);
const SHA256 = SHA512.slice(0, 64);
const SHA1 = SHA512.slice(0, 40);

for (
  const { version, want } of [
    { version: "1.5.0", want: "sha1" },
    { version: "1.11.10", want: "sha1" },
    { version: "1.12.0", want: "sha512" },
    { version: "1.12.0-rc.1", want: "sha512" },
    { version: "1.38.0", want: "sha512" },
    { version: "2.0.0", want: "sha512" },
  ]
) {
  Deno.test(`checksumAlgorithms() asks for ${want} first of ${version}, and for all in the end`, () => {
    const algorithms = checksumAlgorithms(parseVersion(version) as Version);
    assertEquals(algorithms[0], want);
    assertEquals([...algorithms].sort(), ["sha1", "sha256", "sha512"]);
  });
}

for (
  const { name, text, algorithm = "sha512", want } of [
    { name: "bare hex", text: SHA512, want: SHA512 },
    { name: "bare hex and a newline", text: `${SHA512}\n`, want: SHA512 },
    { name: "Windows' newline", text: `${SHA512}\r\n`, want: SHA512 },
    { name: "a byte order mark", text: `\uFEFF${SHA512}`, want: SHA512 },
    { name: "upper case", text: SHA512.toUpperCase(), want: SHA512 },
    { name: "space around it", text: `\n  ${SHA512} \n\n`, want: SHA512 },
    { name: "a name", text: `${SHA512}  kubectl\n`, want: SHA512 },
    { name: "another name", text: `${SHA512}  v1.30.2/linux-amd64\n`, want: SHA512 },
    { name: "a name read as binary", text: `${SHA512} *kubectl\n`, want: SHA512 },
    { name: "an escaped name", text: `\\${SHA512}  kube\\nctl\n`, want: SHA512 },
    { name: "BSD's form", text: `SHA512 (kubectl) = ${SHA512}\n`, want: SHA512 },
    { name: "sha256", text: SHA256, algorithm: "sha256", want: SHA256 },
    { name: "sha1", text: `${SHA1}\n`, algorithm: "sha1", want: SHA1 },
    {
      name: "the line of a list",
      text: `${SHA512.replaceAll("0", "f")}  kubeadm\n${SHA512}  bin/kubectl\n`,
      want: SHA512,
    },
    {
      name: "the line of a list for Windows",
      text: `# sums\n${SHA512}  bin\\kubectl.exe\n`,
      want: SHA512,
    },
    {
      name: "a list without it",
      text: `${SHA512}  kubeadm\n${SHA512}  kubelet\n`,
      want: undefined,
    },
    {
      name: "a list with two",
      text: `${SHA512}  a/kubectl\n${SHA512.replaceAll("0", "f")}  b/kubectl\n`,
      want: undefined,
    },
    { name: "nothing", text: "", want: undefined },
    { name: "a newline", text: "\n", want: undefined },
    { name: "too short", text: SHA512.slice(1), want: undefined },
    { name: "too long", text: `${SHA512}0`, want: undefined },
    { name: "another algorithm's length", text: SHA256, want: undefined },
    { name: "letters that are no digits", text: SHA512.replaceAll("f", "g"), want: undefined },
    {
      name: "an error page",
      text: "<?xml version='1.0'?><Error><Code>NoSuchKey</Code></Error>",
      want: undefined,
    },
    { name: "JSON", text: `{"sha512":"${SHA512}"}`, want: undefined },
  ] as const
) {
  Deno.test(`parseChecksum() reads ${name}`, () => {
    assertEquals(parseChecksum(text, algorithm), want);
  });
}

const MINOR = { major: 1, minor: 37 };
for (
  const { text, minor = undefined, want } of [
    { text: "v1.37.1", want: "1.37.1" },
    { text: "v1.37.1\n", want: "1.37.1" },
    { text: "v1.37.1\r\n", minor: MINOR, want: "1.37.1" },
    { text: "\uFEFFv1.37.1", want: "1.37.1" },
    { text: "v1.38.0-rc.0", want: "1.38.0-rc.0" },
    { text: "v1.36.1", minor: MINOR, want: undefined },
    { text: "1.37.1", want: undefined },
    { text: "v1.37", want: undefined },
    { text: "v1.37.1 v1.37.2", want: undefined },
    { text: "", want: undefined },
    { text: "<html>v1.37.1</html>", want: undefined },
    { text: "v1.37.1/../../etc", want: undefined },
    { text: `v1.37.1-${"a".repeat(80)}`, want: undefined },
    { text: "v0.9.0", want: undefined },
  ]
) {
  Deno.test(`parseMarker() makes ${want ?? "nothing"} of ${JSON.stringify(text)}`, () => {
    const version = parseMarker(text, minor);
    assertEquals(version && formatVersion(version), want);
  });
}

const encode = (text: string) => new TextEncoder().encode(text);
const utf16 = (text: string) =>
  new Uint8Array([0xff, 0xfe, ...[...text].flatMap((char) => [char.charCodeAt(0), 0])]);
for (
  const { name, head, want } of [
    { name: "ELF", head: new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 2, 1]), want: undefined },
    { name: "Mach-O", head: new Uint8Array([0xcf, 0xfa, 0xed, 0xfe, 7]), want: undefined },
    { name: "a universal Mach-O", head: new Uint8Array([0xca, 0xfe, 0xba, 0xbe]), want: undefined },
    { name: "PE", head: encode("MZ\x90\0"), want: undefined },
    { name: "a script", head: encode("#!/bin/sh\necho '<html>'\n"), want: undefined },
    { name: "nothing", head: new Uint8Array(), want: "is empty" },
    { name: "blanks", head: encode(" \n\n"), want: "is blank" },
    { name: "512 blanks and text", head: encode(`${" ".repeat(512)}x`), want: "is blank" },
    { name: "511 blanks and text", head: encode(`${" ".repeat(511)}x`), want: undefined },
    {
      name: "a bucket's error",
      head: encode("<?xml version='1.0' encoding='UTF-8'?><Error>"),
      want: "is an XML document",
    },
    {
      name: "XML without its declaration",
      head: encode("<Error><Code>"),
      want: "is a page of markup",
    },
    { name: "HTML", head: encode("<!DOCTYPE html><html>"), want: "is an HTML page" },
    {
      name: "HTML in upper case after blanks",
      head: encode("\r\n\t<HTML lang=de>"),
      want: "is an HTML page",
    },
    {
      name: "HTML with a comment first",
      head: encode("<!-- x --><html>"),
      want: "is a page of markup",
    },
    { name: "HTML with a byte order mark", head: encode("\uFEFF<html>"), want: "is an HTML page" },
    { name: "HTML in UTF-16", head: utf16("<html>"), want: "is an HTML page" },
    { name: "JSON", head: encode(`{"error":"not found"}`), want: "is a JSON document" },
    { name: "JSON on several lines", head: encode(`[\n  {\n`), want: "is a JSON document" },
  ]
) {
  Deno.test(`describeNonProgram() says of ${name} that it ${want ?? "may be a program"}`, () => {
    assertEquals(describeNonProgram(head), want);
  });
}
