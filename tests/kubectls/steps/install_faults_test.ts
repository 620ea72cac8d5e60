import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { KuberlrError } from "../../../lib/errors.ts";
import { installWorld, mirrorConfig } from "../../support/install_world.ts";
import { type MirrorOptions, startMirror } from "../../support/mirror.ts";
import {
  binary,
  BYTES,
  HTML,
  install,
  isBinary,
  isChecksum,
  OTHER_BYTES,
  status,
} from "../../support/mirror_faults.ts";

interface Refusal {
  readonly name: string;
  readonly mirror: Partial<MirrorOptions>;
  readonly code: KuberlrError["code"];
  /** Parts of the message. */
  readonly says: readonly string[];
  readonly want?: string;
  /** The longest wait that is allowed, in milliseconds; 15 s if absent. */
  readonly maxWaitMs?: number;
  /** Milliseconds without a byte after which a request is given up. */
  readonly stallMs?: number;
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
    stallMs: 250,
  },
  {
    name: "it never has a word to say",
    mirror: { fault: () => ({ kind: "silence" }) },
    code: "download-failed",
    says: ["nothing came for 0.25 seconds"],
    stallMs: 250,
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
    says: [".sha512", "answered 404", "the other of the two files"],
  },
  {
    name: "every checksum is a page",
    mirror: { fault: (request) => isChecksum(request) ? HTML : undefined },
    code: "download-failed",
    says: ["is a web page, not a checksum: perhaps the page of a login or a proxy"],
  },
  {
    name: "it has nothing of that minor",
    mirror: {},
    code: "release-missing",
    says: ["Cannot download kubectl 1.25.3", "/release/v1.25.3/bin/", "answered 404"],
    want: "1.25.3",
    maxWaitMs: 0,
  },
  {
    name: "stable.txt is a page",
    mirror: { fault: () => HTML },
    code: "download-failed",
    says: [
      "Cannot download the stable kubectl",
      "/release/stable.txt",
      "is a web page, not a version",
    ],
    want: "stable",
    maxWaitMs: 0,
  },
];

for (
  const { name, mirror: options, code, says, want = "1.30.2", maxWaitMs = 15_000, ...stall }
    of refusals
) {
  Deno.test(`installKubectl() refuses, and leaves nothing behind, when ${name}`, async () => {
    using world = installWorld();
    await using mirror = await startMirror({
      kubectls: [{ version: "1.30.2", bytes: BYTES }],
      ...options,
    });
    const error = await assertRejects(
      () => install(want, world, mirrorConfig(mirror.url), stall),
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
  assertMatch(world.stderr(), /\/kubectl(?:\.exe)?" answered 503; trying again in 9 s\n/);
});

Deno.test("installKubectl() refuses when nothing listens, after one more attempt", async () => {
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

Deno.test("installKubectl() refuses a mirror whose certificate no authority has signed", async () => {
  const { makeAuthority } = await import("../../support/certificates.ts");
  const authority = await makeAuthority();
  const { certificate, key } = await authority.server();
  using world = installWorld();
  await using mirror = await startMirror({
    kubectls: [{ version: "1.30.2", bytes: BYTES }],
    tls: { certificate, key },
  });
  const error = await assertRejects(
    // A handshake is slow on a busy machine.
    () => install("1.30.2", world, mirrorConfig(mirror.url)),
    KuberlrError,
    "certificate",
  );
  assertStringIncludes(error.hint ?? "", "SSL_CERT_FILE");
  assertEquals(mirror.requests, []);
});

for (const variable of ["NODE_EXTRA_CA_CERTS", "DENO_CERT"]) {
  Deno.test(`installKubectl() trusts the authority that ${variable} names`, async () => {
    const { makeAuthority } = await import("../../support/certificates.ts");
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
