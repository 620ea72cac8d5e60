import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { KuberlrError } from "../../lib/errors.ts";
import { installKubectl } from "../../lib/steps/install_kubectl.ts";
import { type InstallWorld, installWorld, mirrorConfig, wanted } from "../support/install_world.ts";
import {
  type Fault,
  type MirrorOptions,
  type MirrorRequest,
  startMirror,
} from "../support/mirror.ts";
import { elfBytes } from "../support/mirror_files.ts";

const BYTES = elfBytes(1_500_000);
const OTHER_BYTES = elfBytes(1_500_000, 2);
const STALL_MS = 250;

const isBinary = ({ path }: MirrorRequest) => /\/kubectl(\.exe)?$/.test(path);
const isChecksum = ({ path }: MirrorRequest) => /\.sha\d+$/.test(path);
/** On the first `times` requests for the kubectl itself. */
const binary = (fault: Fault, times = 1) => (request: MirrorRequest) =>
  isBinary(request) && request.nth <= times ? fault : undefined;
const status = (status: number, headers: Record<string, string> = {}): Fault => ({
  kind: "answer",
  status,
  headers,
  body: "<html>sorry</html>",
});
const HTML: Fault = {
  kind: "answer",
  status: 200,
  headers: { "content-type": "text/html" },
  body: "<!DOCTYPE html><html><body>Please log in</body></html>",
};

function install(
  text: string,
  world: InstallWorld,
  config: ReturnType<typeof mirrorConfig>,
) {
  return installKubectl(wanted(text), config, world.layout, world.host, { stallMs: STALL_MS });
}

interface Recovery {
  readonly name: string;
  readonly fault: MirrorOptions["fault"];
  /** How often the kubectl itself was asked for. */
  readonly asked: number;
  /** Each wait at least so long, in milliseconds, and less than three times that. */
  readonly waits: readonly number[];
  /** Where each request for it began. */
  readonly ranges?: readonly (string | undefined)[];
}

const recoveries: readonly Recovery[] = [
  { name: "nothing goes wrong", fault: () => undefined, asked: 1, waits: [] },
  { name: "a 503 is over after two", fault: binary(status(503), 2), asked: 3, waits: [250, 500] },
  {
    name: "a 500 comes for the checksum",
    fault: (request) => isChecksum(request) && request.nth === 1 ? status(500) : undefined,
    asked: 1,
    waits: [250],
  },
  {
    name: "a 429 asks to wait",
    fault: binary(status(429, { "retry-after": "7" })),
    asked: 2,
    waits: [7000],
  },
  {
    name: "a 503 asks to wait longer than all of the back-off",
    fault: binary(status(503, { "retry-after": "55" })),
    asked: 2,
    waits: [55_000],
  },
  {
    name: "the connection breaks in the middle",
    fault: binary({ kind: "cut", afterBytes: 600_000 }),
    asked: 2,
    waits: [250],
    ranges: [undefined, "resumed"],
  },
  {
    name: "the connection breaks before the body",
    fault: binary({ kind: "cut", afterBytes: 0 }),
    asked: 2,
    waits: [250],
    ranges: [undefined, undefined],
  },
  {
    name: "it breaks, and the server ignores ranges",
    fault: (request) =>
      binary({ kind: "cut", afterBytes: 600_000 })(request) ??
        binary({ kind: "ranges-ignored" }, 2)(request),
    asked: 2,
    waits: [250],
  },
  {
    name: "it breaks again and again, and something comes each time",
    fault: binary({ kind: "cut", afterBytes: 200_000 }, 7),
    asked: 8,
    waits: [250, 250, 250, 250, 250, 250, 250],
  },
  {
    name: "it stalls",
    fault: binary({ kind: "stall", afterBytes: 600_000 }),
    asked: 2,
    waits: [250],
    ranges: [undefined, "resumed"],
  },
  {
    name: "nothing is said for too long",
    fault: binary({ kind: "silence" }),
    asked: 2,
    waits: [250],
  },
  {
    name: "bytes come drop by drop",
    fault: binary({ kind: "drip", bytes: 150_000, everyMs: 60 }),
    asked: 1,
    waits: [],
  },
  {
    name: "the length stated is too large",
    fault: binary({ kind: "length", length: 2_000_000 }),
    asked: 2,
    waits: [250],
  },
  {
    name: "the length stated is too small",
    fault: binary({ kind: "length", length: 1_000_000 }),
    asked: 2,
    waits: [250],
    ranges: [undefined, undefined],
  },
  {
    name: "the bytes are wrong once",
    fault: binary({ kind: "answer", status: 200, body: OTHER_BYTES }),
    asked: 2,
    waits: [250],
    ranges: [undefined, undefined],
  },
  { name: "a login page comes once", fault: binary(HTML), asked: 2, waits: [250] },
  { name: "it comes gzipped", fault: binary({ kind: "gzip" }), asked: 1, waits: [] },
  {
    name: "it comes in chunks of unknown number",
    fault: binary({ kind: "chunked" }),
    asked: 1,
    waits: [],
  },
  {
    name: "the kubectl is not there yet",
    fault: binary(status(404), 2),
    asked: 3,
    waits: [250, 500],
  },
  {
    name: "the checksums are not there yet",
    fault: (request) => isChecksum(request) && request.nth === 1 ? status(404) : undefined,
    asked: 2,
    waits: [250],
  },
  {
    name: "a proxy resumes past the end",
    fault: (request) =>
      isBinary(request)
        ? request.nth === 1
          ? { kind: "cut", afterBytes: 9 }
          : request.nth === 2
          ? status(416)
          : undefined
        : undefined,
    asked: 3,
    waits: [250, 500],
    ranges: [undefined, "resumed", undefined],
  },
];

for (const { name, fault, asked, waits, ranges } of recoveries) {
  Deno.test(`installKubectl() succeeds when ${name}`, async () => {
    using world = installWorld();
    await using mirror = await startMirror({
      kubectls: [{ version: "1.30.2", bytes: BYTES }],
      ...(fault === undefined ? {} : { fault }),
    });
    const { path } = await install("1.30.2", world, mirrorConfig(mirror.url));
    assertEquals(Deno.readFileSync(path), BYTES);
    assertEquals(world.kubectls(), ["kubectl1.30.2"]);
    const requests = mirror.binaryRequests();
    assertEquals(requests.length, asked);
    assertEquals(world.waits.length, waits.length, `waited ${world.waits}`);
    for (const [index, wait] of waits.entries()) {
      const waited = world.waits[index] ?? 0;
      assert(waited >= wait && waited < wait * 3, `waited ${waited}, not about ${wait}`);
    }
    if (ranges !== undefined) {
      assertEquals(requests.map(({ headers }) => headers.range && "resumed"), ranges);
    }
  });
}

interface Refusal {
  readonly name: string;
  readonly mirror: Partial<MirrorOptions>;
  readonly code: KuberlrError["code"];
  /** Parts of the message. */
  readonly says: readonly string[];
  readonly want?: string;
  /** Most that may have been waited, in milliseconds: 15 s if absent. */
  readonly maxWaitMs?: number;
}

const page = new TextEncoder().encode(
  `<?xml version='1.0' encoding='UTF-8'?><Error><Code>NoSuchKey</Code></Error>`,
);
const refusals: readonly Refusal[] = [
  {
    name: "the bytes are always wrong",
    mirror: { fault: binary({ kind: "answer", status: 200, body: OTHER_BYTES }, 99) },
    code: "checksum-mismatch",
    says: ["/release/v1.30.2/bin/", "has the sha512"],
  },
  {
    name: "the mirror hashed its own error page",
    mirror: { kubectls: [{ version: "1.30.2", bytes: page }] },
    code: "download-failed",
    says: ["is an XML document, not a kubectl"],
  },
  {
    name: "the mirror hashed a login page",
    mirror: {
      kubectls: [{ version: "1.30.2", bytes: new TextEncoder().encode("\n <!doctype HTML>…") }],
    },
    code: "download-failed",
    says: ["is an HTML page, not a kubectl"],
  },
  {
    name: "the mirror hashed nothing",
    mirror: { kubectls: [{ version: "1.30.2", bytes: new Uint8Array() }] },
    code: "download-failed",
    says: ["is empty, not a kubectl"],
  },
  {
    name: "it is down for long",
    mirror: { fault: () => status(503) },
    code: "download-failed",
    says: ["answered 503"],
  },
  {
    name: "it asks to wait for an hour",
    mirror: { fault: () => status(503, { "retry-after": "3600" }) },
    code: "download-failed",
    says: ["answered 503"],
    maxWaitMs: 0,
  },
  {
    name: "it asks to wait again and again",
    mirror: { fault: () => status(429, { "retry-after": "20" }) },
    code: "download-failed",
    says: ["answered 429"],
    maxWaitMs: 60_000,
  },
  {
    name: "it wants credentials",
    mirror: { credentials: "me:secret" },
    code: "download-failed",
    says: ["answered 401"],
    maxWaitMs: 0,
  },
  {
    name: "it always stalls at the same byte",
    mirror: {
      fault: (request) => isBinary(request) ? { kind: "stall", afterBytes: 0 } : undefined,
    },
    code: "download-failed",
    says: ["nothing came for 0.25 seconds"],
  },
  {
    name: "it never has a word to say",
    mirror: { fault: () => ({ kind: "silence" }) },
    code: "download-failed",
    says: ["nothing came for 0.25 seconds"],
    maxWaitMs: 1000,
  },
  {
    name: "it redirects in a circle",
    mirror: { fault: ({ path }) => ({ kind: "redirect", location: path }) },
    code: "download-failed",
    says: ["more than 10 redirects"],
    maxWaitMs: 0,
  },
  {
    name: "it redirects to a file",
    mirror: { fault: () => ({ kind: "redirect", location: "file:///etc/passwd" }) },
    code: "download-failed",
    says: ["redirected to file:"],
    maxWaitMs: 0,
  },
  {
    name: "it has the kubectl and never a checksum",
    mirror: { algorithms: [] },
    code: "download-failed",
    says: [".sha512", "answered 404", "the other half"],
  },
  {
    name: "every checksum is a page",
    mirror: { fault: (request) => isChecksum(request) ? HTML : undefined },
    code: "download-failed",
    says: ["holds no sha512", "holds no sha256", "holds no sha1"],
  },
  {
    name: "it has nothing of that minor",
    mirror: {},
    code: "download-failed",
    says: ["Cannot download kubectl 1.25.3", "/release/v1.25.3/bin/", "answered 404"],
    want: "1.25.3",
    maxWaitMs: 0,
  },
  {
    name: "stable.txt is a page",
    mirror: { fault: () => HTML },
    code: "download-failed",
    says: ["Cannot download the stable kubectl", "/release/stable.txt", "names no release"],
    want: "stable",
    maxWaitMs: 0,
  },
];

for (const { name, mirror: options, code, says, want = "1.30.2", maxWaitMs = 15_000 } of refusals) {
  Deno.test(`installKubectl() refuses, and leaves nothing behind, when ${name}`, async () => {
    using world = installWorld();
    await using mirror = await startMirror({
      kubectls: [{ version: "1.30.2", bytes: BYTES }],
      ...options,
    });
    const error = await assertRejects(
      () => install(want, world, mirrorConfig(mirror.url)),
      KuberlrError,
    );
    assertEquals(error.code, code, error.message);
    for (const part of [mirror.url, ...says]) assertStringIncludes(error.message, part);
    assert(error.hint !== undefined);
    assertEquals(world.kubectls(), []);
    assertEquals(world.receipts(), []);
    const waited = world.waits.reduce((sum, wait) => sum + wait, 0);
    assert(waited <= maxWaitMs, `waited ${waited} ms`);
  });
}

Deno.test("installKubectl() says what it waits for when that takes long", async () => {
  using world = installWorld();
  await using mirror = await startMirror({
    kubectls: [{ version: "1.30.2", bytes: BYTES }],
    fault: binary(status(503, { "retry-after": "9" })),
  });
  await install("1.30.2", world, mirrorConfig(mirror.url));
  assertStringIncludes(world.stderr(), `/kubectl" answered 503; trying again in 9 s\n`);
});

Deno.test("installKubectl() refuses when nobody listens, after one more attempt", async () => {
  using world = installWorld();
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const error = await assertRejects(
    () => install("1.30.2", world, mirrorConfig(`http://127.0.0.1:${port}`)),
    KuberlrError,
    "refused",
  );
  assertEquals(error.code, "download-failed");
  assertEquals(world.waits.length, 1);
});

Deno.test("installKubectl() refuses a mirror whose certificate nobody vouches for", async () => {
  const { makeAuthority } = await import("../support/certificates.ts");
  const authority = await makeAuthority();
  const { certificate, key } = await authority.server();
  using world = installWorld();
  await using mirror = await startMirror({
    kubectls: [{ version: "1.30.2", bytes: BYTES }],
    tls: { certificate, key },
  });
  const error = await assertRejects(
    () => install("1.30.2", world, mirrorConfig(mirror.url)),
    KuberlrError,
    "certificate",
  );
  assertStringIncludes(error.hint ?? "", "SSL_CERT_FILE");
  assertEquals(mirror.requests, []);
});

for (const variable of ["NODE_EXTRA_CA_CERTS", "DENO_CERT"]) {
  Deno.test(`installKubectl() trusts the authority that ${variable} names`, async () => {
    const { makeAuthority } = await import("../support/certificates.ts");
    const authority = await makeAuthority();
    const { certificate, key } = await authority.server();
    using world = installWorld();
    Deno.writeTextFileSync(`${world.home}/ca.pem`, authority.certificate);
    world.variables[variable] = `${world.home}/ca.pem`;
    await using mirror = await startMirror({
      kubectls: [{ version: "1.30.2", bytes: BYTES }],
      tls: { certificate, key },
    });
    const { path } = await install("1.30.2", world, mirrorConfig(mirror.url));
    assertEquals(Deno.readFileSync(path), BYTES);
  });
}
