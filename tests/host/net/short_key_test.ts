/**
 * RSA keys that Go's TLS accepts and Deno's does not. kubectl 1.36 was tried with the same chains:
 * it got 200 for each that is reported as a short key.
 */
import { assertEquals } from "@std/assert";
import type { ApiTls } from "../../../lib/ports/host.ts";
import { ask, INSECURE, outcome, TRUSTED } from "../../support/api_client.ts";
import { startApiServer } from "../../support/api_server.ts";
import { type Identity, makeAuthority, makeSelfSigned } from "../../support/certificates.ts";
import { hasNode, startNodeServer } from "../../support/node_server.ts";
import { startHttpProxy, startSocksProxy } from "../../support/proxies.ts";

const rsaBits = 1024;
const ca = await makeAuthority();
const shortCa = await makeAuthority({ rsaBits });
const otherShortCa = await makeAuthority({ rsaBits });
const shortLeaf = await ca.server({ rsaBits });
const shortSelf = await makeSelfSigned({ rsaBits });
const underShort = await shortCa.server();
const shortBetween = await (await ca.intermediate({ rsaBits })).server();
const UNREADABLE = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
const trusting = ({ certificate }: { certificate: string }): ApiTls => ({
  ...TRUSTED,
  certificateAuthority: `${UNREADABLE}${certificate}`,
});

for (
  const { name, presents, tls, want } of [
    { name: "a short authority", presents: underShort, tls: trusting(shortCa), want: "tls-key" },
    { name: "a short intermediate", presents: shortBetween, tls: trusting(ca), want: "tls-key" },
    {
      name: "a short authority of the same name, which has not signed",
      presents: underShort,
      tls: trusting(otherShortCa),
      want: "tls",
    },
    {
      name: "an authority of the same name beside a short one that is not used",
      presents: await (await makeAuthority()).server(),
      tls: trusting({ certificate: ca.certificate + shortCa.certificate }),
      want: "tls",
    },
    { name: "a short authority (insecure)", presents: underShort, tls: INSECURE, want: "v1.30.2" },
    {
      name: "a short authority, the leaf being trusted itself",
      presents: underShort,
      tls: trusting(underShort),
      want: "v1.30.2",
    },
  ]
) {
  Deno.test(`ask() meets ${name}: ${want}`, async () => {
    await using api = await startApiServer({ tls: presents });
    const response = await ask(api.url, { tls });
    assertEquals(outcome(response), want);
    assertEquals(api.requests.length, want === "v1.30.2" ? 1 : 0);
  });
}

const NODE = hasNode() ? undefined : " (ignored: there is no node, whose TLS has such keys)";
for (
  const { name, presents, tls, want } of [
    { name: "a short leaf", presents: shortLeaf, tls: trusting(ca), want: "tls-key" },
    { name: "a short leaf (insecure)", presents: shortLeaf, tls: INSECURE, want: "tls-key" },
    {
      name: "a short leaf that is trusted itself",
      presents: shortLeaf,
      tls: trusting(shortLeaf),
      want: "tls-key",
    },
    {
      name: "a short leaf that signs itself",
      presents: shortSelf,
      tls: trusting(shortSelf),
      want: "tls-key",
    },
    {
      name: "a short leaf of an authority of the same name",
      presents: shortLeaf,
      tls: trusting(shortCa),
      want: "tls",
    },
  ]
) {
  Deno.test({
    name: `ask() meets ${name}: ${want}${NODE ?? ""}`,
    ignore: NODE !== undefined,
    async fn() {
      // A server that asks for client certificates shows its authority, too.
      for (const withClients of [false, true]) await meet(presents, tls, want, withClients);
    },
  });
}

async function meet(presents: Identity, tls: ApiTls, want: string, withClients: boolean) {
  await using api = await startNodeServer({
    version: "v1.30.2",
    tls: presents,
    ...(withClients && { clientCa: ca.certificate }),
    options: { ciphers: "DEFAULT@SECLEVEL=0" },
  });
  await using http = startHttpProxy();
  await using socks = startSocksProxy();
  for (const proxy of [undefined, http.url, socks.url]) {
    for (const serverName of [undefined, "localhost"]) {
      assertEquals(outcome(await ask(api.url, { proxy, tls: { ...tls, serverName } })), want);
    }
  }
  assertEquals(api.requests, []);
}
