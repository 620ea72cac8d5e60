/**
 * The inputs of the fuzz tests: real inputs of every reader, and mutations of them.
 *
 * @module
 */
import { assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";

export interface Target<Input> {
  readonly name: string;
  readonly input: fc.Arbitrary<Input>;
  readonly read: (input: Input) => unknown;
  /** The errors that the reader may throw. */
  readonly throws?: new (...args: never[]) => Error;
}

export const VERSION_JSON =
  `{"major":"1","minor":"30+","gitVersion":"v1.30.2-gke.1587003","platform":"a"}`;
export const KUBECONFIG = `apiVersion: v1
kind: Config
current-context: a
contexts: [{name: a, context: {cluster: a, user: a, namespace: "x"}}]
clusters:
- name: a
  cluster:
    <<: &c {disable-compression: true}
    server: https://127.0.0.1:6443
    certificate-authority-data: ${btoa("-----BEGIN CERTIFICATE-----")}
    proxy-url: socks5://a:b@c:1
users:
- name: a
  user:
    token: !!str 1
    exec: {apiVersion: client.authentication.k8s.io/v1, command: x, args: [a], env: [{name: A, value: b}], interactiveMode: Never}
    auth-provider: {name: oidc, config: {id-token: a.b.c}}
`;
export const KUBERC = `apiVersion: kubectl.config.k8s.io/v1beta1
kind: Preference
credentialPluginPolicy: Allowlist
credentialPluginAllowlist: [{name: aws}]
aliases: [{name: g, command: get, prependArgs: [pods], appendArgs: [-A], options: [{name: context, default: b}]}]
defaults: [{command: get, options: [{name: server, default: "https://x"}]}]
`;
export const TOML = `AllowDownload = true
SystemPath = ["/usr/bin", "/opt"]
Timeout = 5.5
KubeMirrorUrl = "https://user:pass@dl.k8s.io/{version}"
[Contexts."prod-*"]
Kubectl = "1.29"
`;
export const CREDENTIAL =
  `{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential",` +
  `"status":{"token":"t","expirationTimestamp":"2030-01-01T00:00:00Z"}}`;
export const HEX = "0123456789abcdef".repeat(8);
export const CHECKSUMS = `${HEX}  bin/linux/amd64/kubectl\nSHA512 (kubectl) = ${HEX}\r\n`;
export const NETRC =
  `machine dl.k8s.io login me password "a b" account x\nmacdef m\n a\n\ndefault login a\n`;
export const RECEIPT =
  `{"version":"1.30.2","platform":"linux-amd64","url":"https://x","algorithm":"sha512",` +
  `"hash":"${HEX}","digestFrom":"mirror","file":{"size":1,"mtimeMs":2,"ctimeMs":2,"ino":3},` +
  `"installedAt":"2026-01-01T00:00:00.000Z"}`;
export const MEMO = `{"key":"k","writtenAtMs":1,"expiresAtMs":null,"facts":[["env","A",null],` +
  `["text","/x",["file",384,0,1,2,3,4,5],"h"],["stat","/","absent"]],"path":"/k","mode":"exec","skipsLoopGuard":true,"warning":null,"shortcut":null}`;
export const RECORD =
  `{"format":2,"identity":"i","gitVersion":"v1.30.2","toldAtMs":1,"toldTo":["e"],"failedFor":null,` +
  `"failedAs":null,"failedWaitSeconds":null,` +
  `"pluginFailedAtMs":null,"warnedAtMs":null,"failedAtMs":null,` +
  `"failure":null,"lastUsed":"/k"}`;
export const BUNDLE = Deno.readTextFileSync(
  new URL("../testdata/conformance.sigstore.json", import.meta.url),
);
export const LOG_ANSWER = JSON.stringify([{
  ab: {
    body: "e30=",
    integratedTime: 1,
    logID: "ab",
    logIndex: 2,
    verification: {
      signedEntryTimestamp: "AA==",
      inclusionProof: {
        checkpoint: "a\n1\nAA==\n\n\u2014 a AAAAAAAA\n",
        hashes: [HEX.slice(0, 64)],
        logIndex: 0,
        rootHash: HEX.slice(0, 64),
        treeSize: 1,
      },
    },
  },
}]);
export const HTTP =
  "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n" +
  "x: y\r\n\r\n3;a=b\r\nabc\r\n0\r\n\r\n";
export const WORDS = [
  ..."get pods -n kube-system --context a -s https://x --server=y -o json -- --token t -A __complete"
    .split(" "),
  ..."--kubeconfig=/x -v=9 config view exec -it completion bash --help -- '' = --= - -- kuberlr"
    .split(" "),
];

export const bytes = (...seeds: string[]) =>
  mutated(seeds.map((seed) => new TextEncoder().encode(seed)));
export const text = (...seeds: string[]) =>
  fc.oneof(
    bytes(...seeds).map((each) => new TextDecoder().decode(each)),
    fc.string({ unit: "binary", maxLength: 200 }),
    fc.json({ maxDepth: 6 }),
    deep(),
  );

export const args = fc.array(
  fc.oneof(fc.constantFrom(...WORDS), fc.string({ unit: "binary", maxLength: 12 })),
  { maxLength: 40 },
);
export const VERSIONS = ["v1.30.2", "1.30", "v1.17.0-alpha.3.227+7d13dfe3c34f44-dirty", "stable"];

export function target<Input>(
  name: string,
  input: fc.Arbitrary<Input>,
  read: (input: Input) => unknown,
  throws?: Target<Input>["throws"],
): Target<Input> {
  return { name, input, read, ...(throws && { throws }) };
}

/** A version becomes part of a path. */
export function assertInside(version: string): void {
  assertMatch(version, /^(?:stable|\d+\.\d+(?:\.\d+(?:-(?:alpha|beta|rc)\.\d+)?)?)$/);
}

export function assertPlain(shown: string): void {
  // deno-lint-ignore no-control-regex
  assertEquals(/[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/.test(shown), false);
}

/** Returns real inputs, and mutations in which bytes are flipped, cut out, doubled and inserted. */
function mutated(seeds: readonly Uint8Array[]): fc.Arbitrary<Uint8Array<ArrayBuffer>> {
  const change = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.nat({ max: 20 }),
    put: fc.oneof(
      fc.uint8Array({ maxLength: 8 }),
      fc.constantFrom(..."{}[]\",:&*!|>#\n-'<=%@\\".split("")).map((sign) =>
        new TextEncoder().encode(sign)
      ),
    ),
    twice: fc.boolean(),
  });
  return fc.tuple(fc.constantFrom(...seeds), fc.array(change, { maxLength: 6 })).map(
    ([seed, changes]) => {
      let whole: number[] = [...seed];
      for (const { at, cut, put, twice } of changes) {
        const start = Math.floor(at * whole.length);
        const kept = twice ? whole.slice(start, start + cut) : [];
        whole = [...whole.slice(0, start), ...kept, ...kept, ...put, ...whole.slice(start + cut)];
      }
      return new Uint8Array(whole);
    },
  );
}

export function deep(): fc.Arbitrary<string> {
  return fc.tuple(fc.constantFrom("[", '{"a":', "- ", "a: ", "("), fc.nat({ max: 3_000 }))
    .map(([part, count]) => part.repeat(count));
}
