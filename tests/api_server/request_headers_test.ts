import { assertEquals } from "@std/assert";
import { type RequestCredentials, requestHeaders } from "../../lib/api_server/request_headers.ts";

for (
  const { name, credentials, want } of [
    { name: "nothing for nobody", credentials: {}, want: undefined },
    { name: "a token", credentials: { token: "abc" }, want: "Bearer abc" },
    {
      name: "a token before basic authentication",
      credentials: { token: "abc", basic: { username: "u", password: "p" } },
      want: "Bearer abc",
    },
    {
      name: "a user without a password",
      credentials: { basic: { username: "u", password: "" } },
      want: "Basic dTo=",
    },
    {
      name: "a password beyond ASCII",
      credentials: { basic: { username: "u", password: "ü" } },
      want: "Basic dTrDvA==",
    },
    {
      name: "a token beyond ASCII, as UTF-8",
      credentials: { token: "ü" },
      want: "Bearer \u00c3\u00bc",
    },
    { name: "a token with spaces", credentials: { token: "a b\tc" }, want: "Bearer a b\tc" },
    {
      name: "nothing for a token with a line break",
      credentials: { token: "a\r\nX: y" },
      want: undefined,
    },
    { name: "nothing for a token with a NUL", credentials: { token: "a\0b" }, want: undefined },
  ] satisfies { name: string; credentials: RequestCredentials; want: string | undefined }[]
) {
  Deno.test(`requestHeaders() sends ${name}`, () => {
    const authorization = want === undefined ? {} : { authorization: want };
    assertEquals(requestHeaders(credentials), {
      "accept": "application/json, */*",
      "user-agent": "kuberlr",
      ...authorization,
    });
  });
}
