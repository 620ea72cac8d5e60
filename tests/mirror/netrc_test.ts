import { assertEquals } from "@std/assert";
import { findNetrcCredentials } from "../../lib/mirror/netrc.ts";

for (
  const { name, text, want } of [
    {
      name: "one line",
      text: "machine h login me password secret",
      want: { username: "me", password: "secret" },
    },
    {
      name: "many lines",
      text: "machine h\n\tlogin me\n\tpassword secret\n",
      want: { username: "me", password: "secret" },
    },
    {
      name: "Windows' newlines and a byte order mark",
      text: "\uFEFFmachine h\r\nlogin me\r\npassword secret\r\n",
      want: { username: "me", password: "secret" },
    },
    {
      name: "another machine first",
      text: "machine g login you password x\nmachine h login me password secret",
      want: { username: "me", password: "secret" },
    },
    {
      name: "the first of two entries",
      text: "machine h login me password one\nmachine h login me password two",
      want: { username: "me", password: "one" },
    },
    {
      name: "upper case in the host name",
      text: "machine H login me password secret",
      want: { username: "me", password: "secret" },
    },
    {
      name: "quotes",
      text: `machine h login "m e" password "a \\"b\\" \\\\c"`,
      want: { username: "m e", password: `a "b" \\c` },
    },
    {
      name: "a password that begins with #",
      text: "machine h login me password #1",
      want: { username: "me", password: "#1" },
    },
    {
      name: "comments",
      text: "# machine h login x password y\nmachine h # mine\nlogin me password secret # ok",
      want: { username: "me", password: "secret" },
    },
    {
      name: "a macro",
      text: "macdef init\nmachine h login x password y\n\nmachine h login me password secret",
      want: { username: "me", password: "secret" },
    },
    {
      name: "an account",
      text: "machine h login me account login password secret",
      want: { username: "me", password: "secret" },
    },
    {
      name: "a login called machine",
      text: "machine h login machine password password",
      want: { username: "machine", password: "password" },
    },
    {
      name: "a password alone",
      text: "machine h password token",
      want: { username: "", password: "token" },
    },
    { name: "no entry", text: "machine g login you password x", want: undefined },
    {
      name: "default, which is not for hosts that are not named",
      text: "default login me password secret",
      want: undefined,
    },
    {
      name: "an entry before default",
      text: "machine h login me password a\ndefault login x password b",
      want: { username: "me", password: "a" },
    },
    {
      name: "a name that only begins alike",
      text: "machine h.example login me password secret",
      want: undefined,
    },
    { name: "nothing", text: "", want: undefined },
    { name: "an end in the middle", text: "machine h login", want: undefined },
  ]
) {
  Deno.test(`findNetrcCredentials() reads ${name}`, () => {
    assertEquals(findNetrcCredentials(text, "h"), want);
  });
}
