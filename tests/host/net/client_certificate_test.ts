/**
 * Client certificates that kubectl 1.33 presented to a server of OpenSSL, which took them, and that
 * Deno refuses to load.
 */
import { assertEquals } from "@std/assert";
import { ask, ca, INSECURE, outcome, server, TRUSTED } from "../../support/api_client.ts";
import { startApiServer } from "../../support/api_server.ts";

const alice = await ca.client({ user: "alice" });
const identities = {
  "version 1": await ca.client({ user: "old", version1: true }),
  "a short key": await ca.client({ user: "short", rsaBits: 1024 }),
};
const other = { ...alice, key: (await ca.client({ user: "bob" })).key };

for (const [name, clientCertificate] of Object.entries(identities)) {
  for (
    const { anonymous, want } of [
      { anonymous: true, want: "v1.30.2" },
      { anonymous: false, want: "tls-client-certificate" },
    ]
  ) {
    Deno.test(`ask() goes without a client certificate of ${name}: ${want}`, async () => {
      await using api = await startApiServer({ tls: server, clientCa: ca.certificate, anonymous });
      const tls = { ...TRUSTED, clientCertificate };
      assertEquals(outcome(await ask(api.url, { tls, headers: {} })), want);
      assertEquals(api.requests.map((seen) => seen.clientCertificate), [undefined]);
    });
  }
}

Deno.test("ask() goes without a client certificate whose key is another's", async () => {
  await using api = await startApiServer({ tls: server, clientCa: ca.certificate });
  const tls = { ...TRUSTED, clientCertificate: other };
  assertEquals(outcome(await ask(api.url, { tls })), "v1.30.2");
});

for (
  const { status, want } of [
    { status: 203, want: 203 },
    { status: 206, want: 206 },
    { status: 207, want: "tls-client-certificate" },
    { status: 404, want: "tls-client-certificate" },
  ]
) {
  Deno.test(`ask() without its client certificate, answered ${status}: ${want}`, async () => {
    const answer = { kind: "body", status, body: '{"gitVersion":"v1.30.2"}' } as const;
    await using api = await startApiServer({ tls: server, answer });
    const tls = { ...TRUSTED, clientCertificate: identities["version 1"] };
    assertEquals(outcome(await ask(api.url, { tls })), want);
  });
}

Deno.test("ask() reports a server that cannot be reached, whatever the client certificate", async () => {
  const clientCertificate = identities["version 1"];
  for (const tls of [TRUSTED, INSECURE]) {
    const response = await ask("https://127.0.0.1:2", { tls: { ...tls, clientCertificate } });
    assertEquals(outcome(response), "refused");
  }
});
