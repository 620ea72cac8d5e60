import { assert, assertEquals } from "@std/assert";
import {
  ask,
  ca,
  INSECURE,
  outcome,
  server,
  TRUSTED,
  unusedPort,
} from "../../support/api_client.ts";
import { type Answer, startApiServer } from "../../support/api_server.ts";
import { makeAuthority, makeSelfSigned } from "../../support/certificates.ts";

Deno.test("ask() gets the answer of a server that its CA vouches for", async () => {
  await using api = await startApiServer({ tls: server });
  assertEquals(outcome(await ask(api.url)), "v1.30.2");
  assertEquals(api.requests.map(({ path, authorization }) => ({ path, authorization })), [
    { path: "/version", authorization: "Bearer secret" },
  ]);
});

Deno.test("ask() goes over plain http", async () => {
  await using api = await startApiServer();
  assertEquals(outcome(await ask(api.url)), "v1.30.2");
});

for (
  const [name, tls] of [["http", undefined], ["https", TRUSTED], ["insecure", INSECURE]] as const
) {
  for (const reason of [null, new Error("stray")]) {
    Deno.test(`ask() fails at once, over ${name}, if a promise rejects elsewhere with ${reason}`, async () => {
      const answer = () => {
        // As in a callback of Deno, nothing catches this.
        Promise.reject(reason);
        return { kind: "hang" } as const;
      };
      await using api = await startApiServer({ answer, ...(tls && { tls: server }) });
      const asked = performance.now();
      assertEquals(outcome(await ask(api.url, tls && { tls })), "protocol");
      assert(performance.now() - asked < 2_500);
    });
  }
}

Deno.test("ask() accepts what an intermediate issued, from a bundle with comments", async () => {
  const intermediate = await ca.intermediate();
  await using api = await startApiServer({ tls: await intermediate.server() });
  const other = await makeAuthority();
  const bundle = `# ours\n${other.certificate}\n# theirs\n${ca.certificate}`;
  const tls = { ...TRUSTED, certificateAuthority: bundle };
  assertEquals(outcome(await ask(api.url, { tls })), "v1.30.2");
});

Deno.test("ask() passes over a certificate in the bundle that cannot be read", async () => {
  await using api = await startApiServer({ tls: server });
  const broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  const tls = { ...TRUSTED, certificateAuthority: broken + ca.certificate };
  assertEquals(outcome(await ask(api.url, { tls })), "v1.30.2");
});

const MANY_HEADERS = Object.fromEntries(
  Array.from({ length: 200 }, (_, index) => [`x-header-${index}`, "value"]),
);

Deno.test("ask() reads 200 headers over plain http", async () => {
  await using api = await startApiServer({
    answer: { kind: "body", body: '{"gitVersion":"v1.29.1"}', headers: MANY_HEADERS },
  });
  assertEquals(outcome(await ask(api.url)), "v1.29.1");
});

Deno.test("ask() verifies a server that answers with 200 headers", async () => {
  const elsewhere = await (await makeAuthority()).server();
  const answer: Answer = { kind: "body", body: "{}", headers: MANY_HEADERS };
  for (const http2 of [false, true]) {
    await using api = await startApiServer({ tls: elsewhere, answer, http2 });
    for (const serverName of [undefined, "localhost"]) {
      assertEquals(outcome(await ask(api.url, { tls: { ...TRUSTED, serverName } })), "tls");
    }
    assertEquals(api.requests, []);
  }
});

for (
  const { count, want } of [{ count: 2_048, want: "answer" }, { count: 2_049, want: "failure" }]
) {
  Deno.test(`ask() takes ${count} headers over HTTP/2, read by hand, for ${want}`, async () => {
    // These come in addition to the status and the date.
    const headers = Object.fromEntries(
      Array.from({ length: count - 2 }, (_, index) => [`x-${index}`, "x"]),
    );
    const answer: Answer = { kind: "body", body: "{}", headers };
    await using api = await startApiServer({ tls: server, http2: true, answer });
    assertEquals((await ask(api.url, { tls: INSECURE })).kind, want);
  });
}

for (const [way, tls] of [["verified", TRUSTED], ["insecure", INSECURE]] as const) {
  Deno.test(`ask() presents the client certificate (${way})`, async () => {
    await using api = await startApiServer({
      tls: server,
      clientCa: ca.certificate,
      anonymous: false,
    });
    const clientCertificate = await ca.client({ user: "alice" });
    assertEquals(
      outcome(await ask(api.url, { headers: {}, tls: { ...tls, clientCertificate } })),
      "v1.30.2",
    );
    assertEquals(api.requests.map((request) => request.clientCertificate), ["alice"]);
  });

  Deno.test(`ask() shows no TLS server name that is an address (${way})`, async () => {
    await using api = await startApiServer({ tls: server });
    const url = api.url.replace("127.0.0.1", "localhost");
    assertEquals(outcome(await ask(url, { tls: { ...tls, serverName: "127.0.0.1" } })), "v1.30.2");
    assertEquals(api.requests.map(({ sni }) => sni), [undefined]);
  });

  Deno.test(`ask() finds an address as Go does, in brackets or mapped to IPv6 (${way})`, async () => {
    await using api = await startApiServer({ tls: server });
    for (const serverName of ["[127.0.0.1]", "[::1]"]) {
      assertEquals(outcome(await ask(api.url, { tls: { ...tls, serverName } })), "v1.30.2");
    }
    const mapped = api.url.replace("127.0.0.1", "[::ffff:127.0.0.1]");
    assertEquals(outcome(await ask(mapped, { tls })), "v1.30.2");
    assertEquals(api.requests.map(({ sni }) => sni), [undefined, undefined, undefined]);
  });

  Deno.test(`ask() sends the bytes of a header as they are (${way})`, async () => {
    await using api = await startApiServer({ tls: server });
    const authorization = "Bearer t\u00C3\u00B6k\u00C3\u00A9n";
    assertEquals(outcome(await ask(api.url, { tls, headers: { authorization } })), "v1.30.2");
    assertEquals(api.requests.map((request) => request.authorization), [authorization]);
  });

  Deno.test(`ask() shows the TLS server name in the handshake (${way})`, async () => {
    const tlsName = await ca.server({ names: ["kubernetes.default"] });
    await using api = await startApiServer({ tls: tlsName });
    const named = { ...tls, serverName: "kubernetes.default" };
    assertEquals(outcome(await ask(api.url, { tls: named })), "v1.30.2");
    assertEquals(api.requests.map(({ sni, host }) => ({ sni, host })), [
      { sni: "kubernetes.default", host: `127.0.0.1:${api.port}` },
    ]);
  });

  Deno.test(`ask() reaches a server that speaks HTTP/2 alone (${way})`, async () => {
    const identity = await ca.server({ names: ["kubernetes.default", "127.0.0.1"] });
    const clientCertificate = await ca.client({ user: "alice" });
    await using api = await startApiServer({
      tls: identity,
      http2: true,
      clientCa: ca.certificate,
      anonymous: false,
    });
    const authorization = "Bearer t\u00C3\u00B6k\u00C3\u00A9n";
    for (const serverName of [undefined, "kubernetes.default"]) {
      const named = { ...tls, serverName, clientCertificate };
      assertEquals(
        outcome(await ask(api.url, { headers: { authorization }, tls: named })),
        "v1.30.2",
      );
      const seen = api.requests.pop();
      assertEquals(
        [seen?.sni, seen?.clientCertificate, seen?.authorization, seen?.path],
        [serverName, "alice", authorization, "/version"],
      );
      // Over fetch, the name in the handshake is the authority's name.
      const host = way === "verified" ? serverName ?? "127.0.0.1" : "127.0.0.1";
      assertEquals(seen?.host, `${host}:${api.port}`);
    }
  });

  Deno.test(`ask() reads no more of a body over HTTP/2 than it may (${way})`, async () => {
    const bytes = 8 * 1024 * 1024;
    await using api = await startApiServer({
      tls: server,
      http2: true,
      answer: { kind: "huge", bytes },
    });
    const response = await ask(api.url, { tls, maxBytes: 4096 });
    assertEquals(response.kind === "answer" ? response.body.length : response, 4096);
  });

  for (const http2 of [false, true]) {
    Deno.test(`ask() reads 200 headers over HTTP/${http2 ? 2 : 1} (${way})`, async () => {
      await using api = await startApiServer({
        tls: server,
        http2,
        answer: { kind: "body", body: '{"gitVersion":"v1.29.1"}', headers: MANY_HEADERS },
        clientCa: ca.certificate,
      });
      const clientCertificate = await ca.client({ user: "alice" });
      assertEquals(outcome(await ask(api.url, { tls })), "v1.29.1");
      assertEquals(outcome(await ask(api.url, { tls: { ...tls, clientCertificate } })), "v1.29.1");
      assertEquals(api.requests.at(-1)?.clientCertificate, "alice");
      const serverName = "localhost";
      assertEquals(outcome(await ask(api.url, { tls: { ...tls, serverName } })), "v1.29.1");
      assertEquals(api.requests.at(-1)?.sni, serverName);
    });
  }

  for (
    const { name, answer, want } of [
      { name: "silence", answer: { kind: "hang" }, want: "timeout" },
      { name: "a body without end", answer: { kind: "drip" }, want: "timeout" },
      { name: "a redirect", answer: { kind: "redirect", location: "/x" }, want: 302 },
      { name: "a refusal", answer: { kind: "status", status: 401 }, want: 401 },
    ] satisfies { name: string; answer: Answer; want: string | number }[]
  ) {
    Deno.test(`ask() reports ${name} of a server that speaks HTTP/2 alone (${way})`, async () => {
      await using api = await startApiServer({ tls: server, http2: true, answer });
      const patience = want === "timeout" ? 700 : 10_000;
      const deadlineMs = performance.now() + patience;
      const named = { ...tls, serverName: "localhost" };
      assertEquals(outcome(await ask(api.url, { tls: named, deadlineMs })), want);
    });
  }

  for (
    const { name, answer, want } of [
      { name: "a refusal", answer: { kind: "status", status: 403 }, want: 403 },
      { name: "a server in trouble", answer: { kind: "status", status: 503 }, want: 503 },
      { name: "a truncated body", answer: { kind: "truncated" }, want: "protocol" },
      { name: "silence", answer: { kind: "hang" }, want: "timeout" },
      { name: "a body without end", answer: { kind: "drip" }, want: "timeout" },
    ] satisfies { name: string; answer: Answer; want: string | number }[]
  ) {
    Deno.test(`ask() reports ${name} (${way})`, async () => {
      await using api = await startApiServer({ tls: server, answer });
      const patience = want === "timeout" ? 500 : 10_000;
      const deadlineMs = performance.now() + patience;
      assertEquals(outcome(await ask(api.url, { tls, deadlineMs })), want);
    });
  }

  Deno.test(`ask() reports a connection that is cut as refused or cut off (${way})`, async () => {
    await using api = await startApiServer({ tls: server, answer: { kind: "reset" } });
    assert(["refused", "protocol"].includes(String(outcome(await ask(api.url, { tls })))));
  });

  Deno.test(`ask() reads no more of a body than it may (${way})`, async () => {
    await using api = await startApiServer({
      tls: server,
      answer: { kind: "huge", bytes: 8 * 1024 * 1024 },
    });
    const response = await ask(api.url, { tls, maxBytes: 4096 });
    assertEquals(response.kind === "answer" ? response.body.length : response, 4096);
  });

  Deno.test(`ask() hands a redirect back and does not follow it (${way})`, async () => {
    await using elsewhere = await startApiServer({ tls: server });
    const location = `${elsewhere.url}/version`;
    await using api = await startApiServer({ tls: server, answer: { kind: "redirect", location } });
    const response = await ask(api.url, { tls });
    assertEquals(
      response.kind === "answer" && { status: response.status, location: response.location },
      { status: 302, location },
    );
    assertEquals(elsewhere.connections, 0);
  });

  Deno.test(`ask() tells a server that wants a client certificate (${way})`, async () => {
    const port = await unusedPort();
    const { createServer } = await import("node:tls");
    const demanding = createServer({
      cert: server.certificate,
      key: server.key,
      ca: ca.certificate,
      requestCert: true,
      rejectUnauthorized: true,
    });
    demanding.on("tlsClientError", () => {});
    await new Promise<void>((resolve) => demanding.listen(port, "127.0.0.1", resolve));
    try {
      const failure = outcome(await ask(`https://127.0.0.1:${port}`, { tls }));
      // Windows does not report an alert that comes after the handshake.
      if (Deno.build.os !== "windows") assertEquals(failure, "certificate-required");
      else assert(["certificate-required", "reset"].includes(String(failure)), String(failure));
    } finally {
      await new Promise((resolve) => demanding.close(resolve));
    }
  });
}

Deno.test("ask() reads chunked bodies and answers that end with the connection (insecure)", async () => {
  for (const headers of [{}, { "transfer-encoding": "chunked" }, { connection: "close" }]) {
    const body = JSON.stringify({ gitVersion: "v1.29.1" });
    await using api = await startApiServer({
      tls: server,
      answer: { kind: "body", body, headers },
    });
    assertEquals(outcome(await ask(api.url, { tls: INSECURE })), "v1.29.1");
  }
});

Deno.test("ask() decodes gzip as kubectl does", async () => {
  const plain = new Blob([JSON.stringify({ gitVersion: "v1.29.1" })]).stream();
  const body = await new Response(plain.pipeThrough(new CompressionStream("gzip"))).bytes();
  const headers = { "content-encoding": "gzip" };
  await using api = await startApiServer({ tls: server, answer: { kind: "body", body, headers } });
  assertEquals(outcome(await ask(api.url)), "v1.29.1");
  // Asked without Accept-Encoding, only an odd server compresses.
  assertEquals(outcome(await ask(api.url, { tls: INSECURE })), "v1.29.1");
});

Deno.test("ask() keeps as little of an answer that gzip makes small (insecure)", async () => {
  const plain = new Blob([new Uint8Array(50_000_000)]).stream();
  const body = await new Response(plain.pipeThrough(new CompressionStream("gzip"))).bytes();
  const headers = { "content-encoding": "gzip" };
  await using api = await startApiServer({ tls: server, answer: { kind: "body", body, headers } });
  const response = await ask(api.url, { tls: INSECURE });
  assertEquals(response.kind === "answer" && response.body.length, 1024 * 1024);
});

// kubectl 1.36 was tried with the same answers: it read the version from each.
const ODD_ANSWERS = {
  "a header that is continued on the next line": "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n",
  "a space before a header's colon": "HTTP/1.1 200 OK\r\nA : b\r\n",
  "two spaces before the status": "HTTP/1.1  200 OK\r\n",
  "Brotli that is none": "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n",
};

for (const [name, head] of Object.entries(ODD_ANSWERS)) {
  Deno.test(`ask() reads an answer with ${name}`, async () => {
    const answer = `${head}Content-Length: 24\r\n\r\n{"gitVersion":"v1.29.1"}`;
    for (const tls of [TRUSTED, INSECURE, undefined]) {
      await using api = await startRawServer(answer, tls !== undefined);
      assertEquals(outcome(await ask(api.url, { tls })), "v1.29.1");
    }
  });
}

/** Answers each first piece of a request with the text, and ends the connection. */
async function startRawServer(answer: string, isTls: boolean) {
  const answerTo = (socket: import("node:net").Socket) => {
    socket.on("error", () => {});
    socket.once("data", () => socket.end(answer, "latin1"));
  };
  const sockets = isTls
    ? (await import("node:tls")).createServer(
      { cert: server.certificate, key: server.key },
      answerTo,
    )
    : (await import("node:net")).createServer(answerTo);
  await new Promise<void>((resolve) => sockets.listen(0, "127.0.0.1", resolve));
  const { port } = sockets.address() as { port: number };
  return {
    url: `${isTls ? "https" : "http"}://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => sockets.close(() => resolve())),
  };
}

Deno.test("ask() reports a port where nothing listens", async () => {
  assertEquals(outcome(await ask(`https://127.0.0.1:${await unusedPort()}`)), "refused");
});

Deno.test("ask() reports a name that does not resolve", async () => {
  assertEquals(outcome(await ask("https://no-such-host.invalid")), "dns");
});

Deno.test("ask() reports a server that takes connections and says nothing", async () => {
  for (const tls of [TRUSTED, INSECURE, { ...TRUSTED, serverName: "kubernetes" }]) {
    using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const deadlineMs = performance.now() + 300;
    const url = `https://127.0.0.1:${silent.addr.port}`;
    assertEquals(outcome(await ask(url, { tls, deadlineMs })), "timeout");
  }
});

Deno.test("ask() does not even connect when the deadline has passed", async () => {
  await using api = await startApiServer({ tls: server });
  assertEquals(outcome(await ask(api.url, { deadlineMs: performance.now() - 1 })), "timeout");
  assertEquals(api.connections, 0);
});

Deno.test("ask() reports plain http behind https", async () => {
  await using api = await startApiServer();
  assertEquals(outcome(await ask(api.url.replace("http:", "https:"))), "tls");
});

Deno.test("ask() reaches a port that fetch refuses to talk to", async () => {
  // Port 6697 belongs to ircs-u.
  await using api = await startApiServer({ tls: server, port: 6697 });
  assertEquals(outcome(await ask(api.url)), "v1.30.2");
  assertEquals(api.requests.map(({ host }) => host), ["127.0.0.1:6697"]);
});

Deno.test("ask() accepts a server whose certificate is its own CA", async () => {
  for (const authority of [true, false]) {
    const own = await makeSelfSigned({ authority });
    await using api = await startApiServer({ tls: own });
    // Go skips a certificate that it cannot read.
    for (const before of ["", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]) {
      const tls = { ...TRUSTED, certificateAuthority: before + own.certificate };
      assertEquals(outcome(await ask(api.url, { tls })), "v1.30.2");
    }
  }
});

const inter = await ca.intermediate();
const policed = await ca.intermediate({ name: "policed", policies: true });
const expired = await ca.intermediate({ name: "expired", notAfter: new Date(Date.now() - 60_000) });
const [below, belowPoliced, belowExpired, authorityLeaf, anyUsage, wildcard] = await Promise.all([
  inter.server(),
  policed.server(),
  expired.server(),
  ca.server({ authority: true }),
  ca.server({ forAnyUsage: true }),
  ca.server({ names: ["*.test", "127.0.0.1"] }),
]);

// kubectl 1.36 was tried with the same chains: it got 200 for each of them.
for (
  const { name, presents, trusts, serverName, want } of [
    { name: "a leaf that is trusted itself", presents: server, trusts: server, want: "v1.30.2" },
    {
      name: "a leaf below an intermediate that is trusted itself",
      presents: below,
      trusts: firstOf(below),
      want: "v1.30.2",
    },
    {
      name: "a leaf below critical policies that is trusted itself",
      presents: belowPoliced,
      trusts: firstOf(belowPoliced),
      want: "v1.30.2",
    },
    {
      name: "a leaf below an expired intermediate that is trusted itself",
      presents: belowExpired,
      trusts: { certificate: ca.certificate + firstOf(belowExpired).certificate },
      want: "v1.30.2",
    },
    {
      name: "a leaf below an expired intermediate",
      presents: belowExpired,
      trusts: ca,
      want: "tls",
    },
    {
      name: "a leaf of CA:TRUE that is trusted itself",
      presents: authorityLeaf,
      trusts: authorityLeaf,
      want: "v1.30.2",
    },
    {
      name: "a leaf of CA:TRUE whose issuer is trusted",
      presents: authorityLeaf,
      trusts: ca,
      want: "tls-strict",
    },
    {
      name: "a leaf for any usage whose issuer is trusted",
      presents: anyUsage,
      trusts: ca,
      want: "tls-strict",
    },
    {
      name: "a leaf for any usage that is trusted itself",
      presents: anyUsage,
      trusts: { certificate: ca.certificate + anyUsage.certificate },
      want: "v1.30.2",
    },
    {
      name: "a wildcard right below a top-level domain",
      presents: wildcard,
      trusts: ca,
      serverName: "main.test",
      want: "tls-strict",
    },
    {
      name: "an intermediate with critical policies",
      presents: belowPoliced,
      trusts: ca,
      want: "tls-extension",
    },
    {
      name: "an intermediate with critical policies that is trusted itself",
      presents: belowPoliced,
      trusts: policed,
      want: "v1.30.2",
    },
  ]
) {
  Deno.test(`ask() meets ${name}: ${want}`, async () => {
    await using api = await startApiServer({ tls: presents });
    const tls = { ...TRUSTED, certificateAuthority: trusts.certificate, serverName };
    assertEquals(outcome(await ask(api.url, { tls })), want);
  });
}

/** Returns the first certificate of a chain. */
function firstOf({ certificate }: { readonly certificate: string }) {
  return { certificate: `${certificate.split("-----END")[0]}-----END CERTIFICATE-----\n` };
}

Deno.test("ask() leaves no session key in the file that SSLKEYLOGFILE names", async () => {
  await using api = await startApiServer({ tls: server });
  const folder = await Deno.makeTempDir();
  try {
    const module = new URL("../../../lib/host/net/api_client.ts", import.meta.url).href;
    const tls = [TRUSTED, INSECURE, { ...TRUSTED, certificateAuthority: server.certificate }];
    const script = `
      import { apiHttp } from ${JSON.stringify(module)};
      const http = apiHttp({ monotonicMs: () => performance.now() });
      // A runtime that sees the variable at its start opens the file at once: the launcher hides
      // it.
      Deno.env.set("SSLKEYLOGFILE", ${JSON.stringify(`${folder}/keys`)});
      for (const tls of ${JSON.stringify(tls)}) {
        const { kind } = await http.ask({ url: "${api.url}/version", headers: {}, tls,
          proxy: undefined, deadlineMs: performance.now() + 10_000, maxBytes: 1000 });
        console.log(kind, Deno.env.get("SSLKEYLOGFILE") !== "");
      }`;
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        "--no-lock",
        "--no-check",
        `data:text/typescript,${encodeURIComponent(script)}`,
      ],
    }).output();
    assertEquals(new TextDecoder().decode(stdout), "answer true\n".repeat(3));
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

for (const authority of [true, false]) {
  Deno.test(`ask() accepts a pinned certificate (CA:${authority}) of a server that speaks HTTP/2 alone`, async () => {
    const own = await makeSelfSigned({ authority, names: ["127.0.0.1", "kubernetes.default"] });
    await using api = await startApiServer({ tls: own, http2: true });
    for (const serverName of [undefined, "kubernetes.default"]) {
      const tls = { ...TRUSTED, certificateAuthority: own.certificate, serverName };
      assertEquals(outcome(await ask(api.url, { tls })), "v1.30.2");
      assertEquals(api.requests.at(-1)?.sni, serverName);
    }
    const tls = { ...TRUSTED, certificateAuthority: own.certificate, serverName: "other.example" };
    assertEquals(outcome(await ask(api.url, { tls })), "tls");
    assertEquals(api.requests.length, 2);
  });
}

Deno.test("ask() reads an answer of HTTP/1.0 that the end of the connection ends", async () => {
  const { createServer } = await import("node:tls");
  const sockets = createServer({ cert: server.certificate, key: server.key }, (socket) => {
    socket.on("error", () => {});
    socket.once("data", () => {
      socket.write('HTTP/1.0 200 OK\r\n\r\n{"gitVersion":"v1.30.2"}', () => {
        // The connection ends without TLS' closing message.
        setTimeout(() => socket.destroy(), 50);
      });
    });
  });
  await new Promise<void>((resolve) => sockets.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = sockets.address() as { port: number };
    assertEquals(outcome(await ask(`https://127.0.0.1:${port}`)), "v1.30.2");
    assertEquals(outcome(await ask(`https://127.0.0.1:${port}`, { tls: INSECURE })), "v1.30.2");
  } finally {
    await new Promise((resolve) => sockets.close(resolve));
  }
});

Deno.test("ask() says that a key cannot be used, and quotes nothing of it", async () => {
  await using api = await startApiServer({ tls: server, token: "other" });
  const clientCertificate = { certificate: ca.certificate, key: "MARKED" };
  const response = await ask(api.url, { tls: { ...TRUSTED, clientCertificate } });
  assertEquals(response, {
    kind: "failure",
    cause: "tls",
    message: "the client certificate or its key cannot be used",
    hint: `"kubectl config view --minify" shows where the user's certificate and key come from`,
  });
});
