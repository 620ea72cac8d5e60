import { assertEquals, assertRejects } from "@std/assert";
import { askUnverified } from "../../../lib/host/net/unverified_tls.ts";
import { startApiServer } from "../../support/api_server.ts";
import { makeAuthority, makeSelfSigned } from "../../support/certificates.ts";

const HOUR_MS = 60 * 60 * 1000;
type Options = Parameters<typeof makeSelfSigned>[0];

/** `fetch` refuses some of these before it checks the pin; the pin must hold without that. */
for (
  const { name, options } of [
    {
      name: "has expired",
      options: {
        notBefore: new Date(Date.now() - 2 * HOUR_MS),
        notAfter: new Date(Date.now() - HOUR_MS),
      },
    },
    {
      name: "is not yet valid",
      options: {
        notBefore: new Date(Date.now() + HOUR_MS),
        notAfter: new Date(Date.now() + 2 * HOUR_MS),
      },
    },
    { name: "is of version 1", options: { version1: true, names: ["127.0.0.1"] } },
    { name: "is for another name", options: { names: ["other.example"] } },
  ] satisfies { name: string; options: Options }[]
) {
  Deno.test(`askUnverified() says nothing to a server whose pinned certificate ${name}`, async () => {
    const identity = await makeSelfSigned(options);
    await using server = await startApiServer({ tls: identity });
    await assertRejects(() => ask(server.port, [identity.certificate]));
    assertEquals([server.connections, server.requests], [1, []]);
  });
}

for (
  const { usage, options, isTaken } of [
    { usage: "clients", options: { forClients: true }, isTaken: false },
    { usage: "any usage", options: { forAnyUsage: true }, isTaken: true },
    { usage: "servers", options: {}, isTaken: true },
  ]
) {
  Deno.test(`askUnverified() ${isTaken ? "takes" : "refuses"} a pinned certificate for ${usage}`, async () => {
    const identity = await (await makeAuthority()).server(options);
    await using server = await startApiServer({ tls: identity });
    const asked = ask(server.port, [identity.certificate]);
    if (isTaken) await asked;
    else await assertRejects(() => asked, Error, "is not meant for servers");
    assertEquals(server.requests.length, isTaken ? 1 : 0);
  });
}

Deno.test("askUnverified() talks to a server with one of the pinned certificates", async () => {
  const identity = await makeSelfSigned({ authority: true });
  const other = await makeSelfSigned({ authority: true });
  await using server = await startApiServer({ tls: identity });
  const message = await ask(server.port, [other.certificate + identity.certificate]);
  assertEquals(message.kind === "complete" && message.status, 200);
});

function ask(port: number, pinned: readonly string[]) {
  return askUnverified({
    destination: { hostname: "127.0.0.1", port },
    serverName: "127.0.0.1",
    proxy: undefined,
    clientCertificate: undefined,
    pinned,
    request: { url: new URL(`https://127.0.0.1:${port}/version`), headers: {}, maxBytes: 1024 },
    signal: new AbortController().signal,
  });
}
