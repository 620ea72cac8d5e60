import { assertEquals } from "@std/assert";
import { basicAuthorization, parseUserinfo } from "../../lib/encoding/userinfo.ts";

for (
  const { text, want } of [
    { text: "me:s3cr3t", want: { username: "me", password: "s3cr3t" } },
    { text: "me", want: { username: "me", password: "" } },
    { text: "", want: { username: "", password: "" } },
    { text: ":token", want: { username: "", password: "token" } },
    { text: "me:a:b", want: { username: "me", password: "a:b" } },
    { text: "me%40work:a%2Fb%3Ac", want: { username: "me@work", password: "a/b:c" } },
    { text: "%zz:100%", want: { username: "%zz", password: "100%" } },
  ]
) {
  Deno.test(`parseUserinfo() splits "${text}"`, () => {
    assertEquals(parseUserinfo(text), want);
  });
}

Deno.test("basicAuthorization() encodes UTF-8", () => {
  assertEquals(basicAuthorization({ username: "u", password: "ü" }), "Basic dTrDvA==");
});
