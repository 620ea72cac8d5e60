import { assertEquals } from "@std/assert";
import { type Identity, requestHeaders } from "../../lib/api_server/request_headers.ts";

for (
  const { name, identity, want } of [
    { name: "nothing for nobody", identity: {}, want: undefined },
    { name: "a token", identity: { token: "abc" }, want: "Bearer abc" },
    {
      name: "a token before basic authentication",
      identity: { token: "abc", basic: { username: "u", password: "p" } },
      want: "Bearer abc",
    },
    {
      name: "a user without a password",
      identity: { basic: { username: "u", password: "" } },
      want: "Basic dTo=",
    },
    {
      name: "a password beyond ASCII",
      identity: { basic: { username: "u", password: "ü" } },
      want: "Basic dTrDvA==",
    },
    {
      name: "a token beyond ASCII, as UTF-8",
      identity: { token: "ü" },
      want: "Bearer \u00c3\u00bc",
    },
    { name: "a token with spaces", identity: { token: "a b\tc" }, want: "Bearer a b\tc" },
    {
      name: "nothing for a token with a line break",
      identity: { token: "a\r\nX: y" },
      want: undefined,
    },
    { name: "nothing for a token with a NUL", identity: { token: "a\0b" }, want: undefined },
  ] satisfies { name: string; identity: Identity; want: string | undefined }[]
) {
  Deno.test(`requestHeaders() sends ${name}`, () => {
    const authorization = want === undefined ? {} : { authorization: want };
    assertEquals(requestHeaders(identity), {
      "accept": "application/json, */*",
      "user-agent": "kuberlr",
      ...authorization,
    });
  });
}
