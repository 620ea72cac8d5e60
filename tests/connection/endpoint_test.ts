import { assertEquals, assertNotEquals } from "@std/assert";
import { type Endpoint, endpointIdentity } from "../../lib/connection/endpoint.ts";

const ENDPOINT: Endpoint = {
  url: "https://h:6443/version",
  certificateAuthority: "CA",
  insecure: false,
  tlsServerName: "n",
  proxy: "http://p:1",
};

for (
  const [name, change] of [
    ["URL", { url: "https://h:6443/p/version" }],
    ["authority", { certificateAuthority: undefined }],
    ["trust", { insecure: true }],
    ["TLS name", { tlsServerName: undefined }],
    ["proxy", { proxy: undefined }],
  ] as const
) {
  Deno.test(`endpointIdentity() differs with another ${name}`, () => {
    assertNotEquals(endpointIdentity({ ...ENDPOINT, ...change }), endpointIdentity(ENDPOINT));
  });
}

Deno.test("endpointIdentity() holds no userinfo of the proxy", () => {
  const withUser = { ...ENDPOINT, proxy: "http://user:secret@p:1" };
  assertEquals(endpointIdentity(withUser), endpointIdentity(ENDPOINT));
});
