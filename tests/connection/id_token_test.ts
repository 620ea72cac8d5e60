import { assertEquals } from "@std/assert";
import { isIdTokenFresh } from "../../lib/connection/id_token.ts";

const NOW_MS = Date.parse("2026-11-21T09:00:00Z");
const token = (claims: unknown) =>
  `e30.${
    btoa(JSON.stringify(claims)).replaceAll("=", "").replaceAll("+", "-").replaceAll("/", "_")
  }.sig`;

const ROWS: readonly [name: string, token: string, fresh: boolean][] = [
  ["an hour left", token({ exp: NOW_MS / 1000 + 3600 }), true],
  ["eleven seconds left", token({ exp: NOW_MS / 1000 + 11 }), true],
  ["nine seconds left", token({ exp: NOW_MS / 1000 + 9 }), false],
  ["no exp", token({ sub: "me" }), false],
  ["an exp of words", token({ exp: "tomorrow" }), false],
  ["no claims", token(null), false],
  ["one part", "abc", false],
  ["a payload that is not base64", "a.%%%.c", false],
  ["nothing", "", false],
];
for (const [name, text, fresh] of ROWS) {
  Deno.test(`isIdTokenFresh() says ${fresh} of a token with ${name}`, () => {
    assertEquals(isIdTokenFresh(text, NOW_MS), fresh);
  });
}
