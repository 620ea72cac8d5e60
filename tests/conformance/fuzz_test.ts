/**
 * With any input, every reader keeps its contract: it answers, or throws the error that it
 * documents, soon, and without taking more memory than the input justifies.
 *
 * The ordinary run has a few hundred inputs for each reader; `FUZZ_RUNS=100000 deno test -A
 * tests/conformance/fuzz_test.ts` is a long run, which prints its figures. The inputs are noise,
 * and real inputs that were cut, repeated, spliced and bit-flipped.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { parse as parseYaml } from "@std/yaml";
import fc from "fast-check";
import { parseVersionAnswer } from "../../lib/api_server/version_answer.ts";
import { parseRetryAfter } from "../../lib/mirror/backoff.ts";
import { versionOfFileName } from "../../lib/kubectls/binaries.ts";
import { parsePemCertificate } from "../../lib/encoding/pem.ts";
import { parseJson } from "../../lib/encoding/json.ts";
import { describeNonProgram, parseChecksum, parseMarker } from "../../lib/mirror/checksum.ts";
import { parseCommandLine } from "../../lib/cli/command_line.ts";
import { completeWords } from "../../lib/cli/completion.ts";
import { mergeConfig } from "../../lib/config/config.ts";
import { parseConfigText } from "../../lib/config/text.ts";
import { KuberlrError } from "../../lib/errors.ts";
import { parseExecCredential } from "../../lib/api_server/exec_credential.ts";
import { checkFacts } from "../../lib/readings/steps/facts.ts";
import { httpReader } from "../../lib/api_server/http_message.ts";
import { isIdTokenFresh } from "../../lib/connection/id_token.ts";
import { readKubeconfig } from "../../lib/kubeconfig/kubeconfig.ts";
import { readCluster, readContext, readUser } from "../../lib/kubeconfig/entries.ts";
import { KubeconfigError } from "../../lib/kubeconfig/fields.ts";
import { parseKubeconfigBytes, parseKubeconfigText } from "../../lib/kubeconfig/text.ts";
import { scanKubectlArgv } from "../../lib/kubectl/argv.ts";
import { applyKuberc, parseKuberc } from "../../lib/kuberc/kuberc.ts";
import { parseLogAnswer } from "../../lib/signature/log_entry.ts";
import { parseMemo } from "../../lib/memory/memo.ts";
import { binaryFile, markerFile, parseMirror } from "../../lib/mirror/mirror.ts";
import { findNetrcCredentials } from "../../lib/mirror/netrc.ts";
import { chooseProxy } from "../../lib/connection/proxy.ts";
import { formatMirrorNotes, parseMirrorNotes } from "../../lib/mirror/mirror_notes.ts";
import { redactUrl } from "../../lib/output/redact.ts";
import { parseReceipt } from "../../lib/kubectls/receipt.ts";
import { sanitize } from "../../lib/output/report.ts";
import { parseServerRecord } from "../../lib/api_server/server_record.ts";
import { parseServerUrl } from "../../lib/connection/server_url.ts";
import { findOtherProgram } from "../../lib/signature/go_binary.ts";
import { SIGSTORE_ROOT } from "../../lib/signature/sigstore_root.ts";
import { verifySignature } from "../../lib/signature/steps/verify_signature.ts";
import { formatVersion, parseVersion } from "../../lib/version/version.ts";
import { parseVersionString } from "../../lib/version/version_string.ts";
import { formatWanted, parseWanted } from "../../lib/version/wanted.ts";
import { fakeEnv, fakeFiles, fakeProgram, LINUX, WINDOWS } from "../support/fake_host.ts";
import {
  args,
  assertInside,
  assertPlain,
  BUNDLE,
  bytes,
  CHECKSUMS,
  CREDENTIAL,
  HEX,
  HTTP,
  KUBECONFIG,
  KUBERC,
  LOG_ANSWER,
  MEMO,
  NETRC,
  RECEIPT,
  RECORD,
  type Target,
  target,
  text,
  TOML,
  VERSION_JSON,
  VERSIONS,
} from "../support/fuzz_inputs.ts";

const RUNS = Number(Deno.env.get("FUZZ_RUNS") ?? 200);
const SEED = Number(Deno.env.get("FUZZ_SEED") ?? 20261121);
const NOWHERE = { env: fakeEnv(), files: fakeFiles(), program: fakeProgram() };
/**
 * Far more than any reader takes on a busy machine; a regular expression that backtracks takes
 * minutes.
 */
const MOST_MS = 30_000;
/** From this size on, a reader must show that its time grows only with the length of the text. */
const SLOW_MS = 1_000;
const MOST_BYTES = 256 * 1024 * 1024;

const MIRROR_NOTES = JSON.stringify({
  format: 1,
  down: { "https://m": { atMs: 1, reason: "r", hint: "h" } },
  missing: { k: { atMs: 1, what: "minor" } },
  renewed: { k: 1 },
});

/** Pieces of correct and mistyped URLs. */
const URL_BEGINNINGS = [
  "https://",
  "HTTP://",
  "https:/",
  "https:",
  "https:///",
  "https:\\\\",
  " https://",
  "ht tps://",
  "socks5://",
  "file://",
  "://",
  "//",
  "/",
  "",
];

/** Characters that a password may hold unescaped, including ends of a host, a word or a string. */
const userinfo = () =>
  fc.string({
    unit: fc.oneof(
      fc.constantFrom(...`"' @/\\%:?#[]{}\t\n$&=;,|<>^`, "%2", "..", "//"),
      fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
    ),
    maxLength: 6,
  });

const TARGETS: readonly Target<never>[] = [
  target("parseVersionAnswer()", bytes(VERSION_JSON), (body) => {
    const answer = parseVersionAnswer(200, body);
    if (answer.kind !== "version") return;
    assertPlain(answer.gitVersion);
    assertInside(formatVersion(answer.version));
  }),
  target("parseKubeconfigBytes()", bytes(KUBECONFIG), readAll, KubeconfigError),
  target("parseKubeconfigText()", text(KUBECONFIG), (each) => {
    const config = readKubeconfig(parseKubeconfigText(each), "/k");
    for (const [, entry] of config.contexts) readContext(entry);
    for (const [, entry] of config.clusters) readCluster(entry, LINUX);
    for (const [, entry] of config.users) readUser(entry, WINDOWS);
  }, KubeconfigError),
  target("parseKuberc()", text(KUBERC), (each) => {
    const kuberc = parseKuberc(parseKubeconfigText(each));
    if (kuberc !== undefined) applyKuberc(scanKubectlArgv(["g", "-n", "x"]), kuberc);
  }, KubeconfigError),
  target("parseConfigText()", text(TOML), (each) => {
    const file = parseConfigText("/c", each);
    mergeConfig([file], { get: () => undefined }, LINUX);
  }, KuberlrError),
  target(
    "mergeConfig() of variables",
    fc.string({ unit: "binary", maxLength: 60 }),
    (each) => mergeConfig([], { get: (name) => name.startsWith("KUBERLR_") ? each : "" }, WINDOWS),
    KuberlrError,
  ),
  target("parseExecCredential()", text(CREDENTIAL), (each) =>
    parseExecCredential(
      each,
      "client.authentication.k8s.io/v1",
      (yaml) => parseYaml(yaml, { schema: "core", allowDuplicateKeys: true }),
    )),
  target("parseChecksum()", text(CHECKSUMS, HEX), (each) => {
    for (const algorithm of ["sha512", "sha256", "sha1"] as const) {
      const hash = parseChecksum(each, algorithm);
      if (hash !== undefined) assertMatch(hash, /^[0-9a-f]+$/);
    }
  }),
  target("parseMarker()", text(...VERSIONS), (each) => {
    const version = parseMarker(each, undefined);
    if (version !== undefined) assertInside(formatVersion(version));
  }),
  target("describeNonProgram()", bytes("<html>", "\x7fELF", "{ }"), describeNonProgram),
  target("findNetrcCredentials()", text(NETRC), (each) => findNetrcCredentials(each, "dl.k8s.io")),
  target("parseReceipt()", text(RECEIPT), parseReceipt),
  target("parseMirrorNotes()", text(MIRROR_NOTES), (each) => {
    const notes = parseMirrorNotes(each);
    for (const { reason } of Object.values(notes.down)) assertEquals(typeof reason, "string");
    assertEquals(parseMirrorNotes(formatMirrorNotes(notes)).renewed, notes.renewed);
  }),
  target(
    "redactUrl()",
    fc.tuple(fc.constantFrom(...URL_BEGINNINGS), userinfo(), userinfo(), userinfo()),
    ([beginning, user, before, after]) => {
      const shown = redactUrl(`${beginning}${user}:${before}s3cret${after}@host/path`);
      assert(!shown.includes("s3cret"), shown);
    },
  ),
  target("parseMemo()", text(MEMO), (each) => {
    const memo = parseMemo(each, "k", 5);
    if (memo === undefined) return;
    assertEquals(typeof memo.path, "string");
    checkFacts(memo.facts, 5, NOWHERE);
  }),
  target("parseServerRecord()", text(RECORD), (each) => parseServerRecord(each, "i")),
  target(
    "verifySignature()",
    text(BUNDLE),
    (each) => verifySignature(new Uint8Array(9), parseJson(each), SIGSTORE_ROOT),
  ),
  target(
    "findOtherProgramOfBytes()",
    bytes("\xff Go buildinf:path\tk8s.io\nv1.2.3\0v1.2.3\0"),
    (each) => findOtherProgram(each, parseVersion("1.2.3")!),
  ),
  target("parseLogAnswer()", text(LOG_ANSWER), parseLogAnswer),
  target("parsePemCertificate()", text("-----BEGIN CERTIFICATE-----\nAA==\n"), parsePemCertificate),
  target(
    "httpReader()",
    fc.tuple(bytes(HTTP), fc.boolean()),
    ([each, ended]) => {
      const reader = httpReader(1000);
      const message = reader.push(each);
      return ended ? reader.end() : message;
    },
  ),
  target("scanKubectlArgv()", args, scanKubectlArgv),
  target("parseCommandLine()", args, parseCommandLine, KuberlrError),
  target("completeWords()", args, completeWords),
  target("parseVersion()", text(...VERSIONS), (each) => {
    const version = parseVersion(each);
    if (version !== undefined) assertInside(formatVersion(version));
    parseVersionString(each);
  }),
  target("parseWanted()", text(...VERSIONS), (each) => {
    const wanted = parseWanted(each);
    if (wanted !== undefined) assertInside(formatWanted(wanted));
  }),
  target("versionOfFileName()", text("kubectl1.30.2", "kubectl1.2.exe"), (each) => {
    const version = versionOfFileName(LINUX, each);
    if (version !== undefined) assertInside(formatVersion(version));
  }),
  target(
    "parseMirror()",
    text("https://u:p@dl.k8s.io/{version}/x?y=z", "file:///a/release"),
    (each) => {
      const mirror = parseMirror(each);
      if (mirror === undefined) return;
      markerFile(mirror, { major: 1, minor: 30 });
      const { url } = binaryFile(mirror, parseVersion("1.30.2")!, LINUX);
      assert(URL.canParse(url), url);
    },
  ),
  target("parseServerUrl()", text("https://a:1/p?q", "[::1]:443", "a b"), parseServerUrl),
  target(
    "chooseProxy()",
    fc.tuple(text("http://u:p@h:1", "socks5://h"), text("10.0.0.0/8,.x,*.y:1,*")),
    ([proxy, no]) =>
      chooseProxy(
        { scheme: "https", host: "10.1.2.3", port: "443" },
        proxy,
        (name) => name === "NO_PROXY" ? no : proxy,
      ),
  ),
  target(
    "parseRetryAfter()",
    text("120", "Wed, 21 Oct 2026 07:28:00 GMT"),
    (each) => parseRetryAfter(each, 0),
  ),
  target("isIdTokenFresh()", text(`a.${btoa('{"exp":1}')}.c`), (each) => isIdTokenFresh(each, 0)),
  target("sanitize()", text("\x1b[31m\u202e\x9b"), (each) => assertPlain(sanitize(each))),
] as readonly unknown[] as readonly Target<never>[];

for (const { name, input, read, throws } of TARGETS) {
  Deno.test(`${name} keeps its contract for ${RUNS} inputs`, () => {
    const startBytes = Deno.memoryUsage().rss;
    const startMs = performance.now();
    let worstMs = 0;
    let refused = 0;
    fc.assert(
      fc.property(input, (value) => {
        const beganMs = performance.now();
        try {
          read(value);
        } catch (error) {
          if (throws === undefined || !(error instanceof throws)) throw error;
          refused++;
        }
        const tookMs = performance.now() - beganMs;
        worstMs = Math.max(worstMs, tookMs);
        assert(tookMs < MOST_MS, `it took ${tookMs} ms`);
      }),
      { seed: SEED, numRuns: RUNS, verbose: 1 },
    );
    const grownBytes = Deno.memoryUsage().rss - startBytes;
    assert(grownBytes < MOST_BYTES, `it took ${grownBytes} bytes`);
    if (RUNS > 10_000) {
      const seconds = (performance.now() - startMs) / 1000;
      const figures = [RUNS, refused, seconds.toFixed(1), worstMs.toFixed(1)];
      // deno-lint-ignore no-console
      console.log(`| \`${name}\` | ${figures.join(" | ")} |`);
    }
  });
}

Deno.test("the real inputs are accepted, so that what is made of them reaches all parts of a reader", () => {
  const accepted: Readonly<Record<string, () => unknown>> = {
    version: () =>
      parseVersionAnswer(200, new TextEncoder().encode(VERSION_JSON)).kind === "version" && "read",
    kubeconfig: () => readAll(new TextEncoder().encode(KUBECONFIG)) ?? "read",
    kuberc: () => parseKuberc(parseKubeconfigText(KUBERC)) && "read",
    config: () =>
      mergeConfig([parseConfigText("/c", TOML)], { get: () => undefined }, LINUX).warnings[0] ??
        "read",
    credential: () =>
      parseExecCredential(CREDENTIAL, "client.authentication.k8s.io/v1", JSON.parse).kind ===
        "credential" && "read",
    checksums: () => parseChecksum(CHECKSUMS, "sha512") && "read",
    netrc: () => findNetrcCredentials(NETRC, "dl.k8s.io") && "read",
    receipt: () => parseReceipt(RECEIPT) && "read",
    memo: () => parseMemo(MEMO, "k", 5) && "read",
    record: () => parseServerRecord(RECORD, "i") && "read",
    // Another party has signed it, so all of it has been read.
    bundle: () => {
      const verdict = verifySignature(new Uint8Array(9), parseJson(BUNDLE), SIGSTORE_ROOT);
      return verdict.kind === "bad" && /another file/.test(verdict.reason) && "read";
    },
    log: () => parseLogAnswer(LOG_ANSWER)?.length === 1 && "read",
    http: () => httpReader(9).push(new TextEncoder().encode(HTTP)).kind === "complete" && "read",
  };
  for (const [name, read] of Object.entries(accepted)) assertEquals(read(), "read", name);
});

const LARGE: Readonly<Record<string, string>> = {
  "a deep list": "[".repeat(500_000),
  "a deep object": '{"a":'.repeat(200_000),
  "deep YAML": Array.from({ length: 2_000 }, (_, i) => `${" ".repeat(i)}a:`).join("\n"),
  "a chain of aliases": "a: &a [x, x, x]\n" +
    Array.from({ length: 26 }, (_, i) => {
      const [from, to] = [String.fromCharCode(97 + i), String.fromCharCode(98 + i)];
      return `${to}: &${to} [*${from}, *${from}, *${from}, *${from}]`;
    }).join("\n"),
  "a million spaces": " ".repeat(1_000_000),
  "a million digits": "1".repeat(1_000_000),
  "a million dots": "1.".repeat(500_000),
  "a million line ends": "\n".repeat(1_000_000),
  "a million quotes": '"'.repeat(1_000_000),
  "a million commas": ",".repeat(1_000_000),
  "a million slashes": "/".repeat(1_000_000),
  "a million hyphens": "-".repeat(1_000_000),
  "many early responses": "HTTP/1.1 100 Continue\r\n\r\n".repeat(40_000),
};

for (const [name, large] of Object.entries(LARGE)) {
  Deno.test(`every reader is done soon with ${name}`, () => {
    const wrong: string[] = [];
    for (const { name: reader, read, throws } of TARGETS) {
      const timed = (text: string) => {
        const beganMs = performance.now();
        try {
          read(inputOf(reader, text) as never);
        } catch (error) {
          if (throws === undefined || !(error instanceof throws)) {
            wrong.push(`${reader} throws ${error}`);
          }
        }
        return performance.now() - beganMs;
      };
      const tookMs = timed(large);
      if (tookMs < SLOW_MS) continue;
      // On a busy machine, a quarter of the text may be slow, too. A reader whose time grows with
      // the square of the length needs only a sixteenth of the time for it.
      const quarterMs = timed(large.slice(0, large.length / 4));
      if (tookMs > 10 * quarterMs) {
        wrong.push(
          `${reader} took ${Math.round(tookMs)} ms, and ${Math.round(quarterMs)} ms for a quarter`,
        );
      }
    }
    assertEquals(wrong, []);
  });
}

/** Returns the reader's input, made from the text. */
function inputOf(reader: string, text: string): unknown {
  if (/httpReader/.test(reader)) return [new TextEncoder().encode(text), true];
  if (/Proxy/.test(reader)) return [text, text];
  if (/Argv|CommandLine|completeWords/.test(reader)) return [text];
  const isBytes = /Bytes|Answer\(|NonProgram|Certificate\(|Der\(/.test(reader) &&
    !/Log|Pem/.test(reader);
  return isBytes ? new TextEncoder().encode(text) : text;
}

function readAll(each: Uint8Array): void {
  readKubeconfig(parseKubeconfigBytes(each), "/k");
}
