import { assertEquals, assertNotEquals } from "@std/assert";
import { type Credentials, entryFingerprint } from "../../lib/connection/credentials.ts";

const ASKER = {
  user: "ada",
  credentials: {
    exec: {
      apiVersion: "client.authentication.k8s.io/v1",
      command: "aws",
      args: ["eks", "get-token"],
      env: [{ name: "AWS_PROFILE", value: "dev" }],
      interactiveMode: "IfAvailable",
      clusterInfo: undefined,
      forbidden: false,
    },
  },
} as const;
const { exec } = ASKER.credentials;

for (
  const [what, other, certificate] of [
    ["another user", { ...ASKER, user: "bob" }, "pem"],
    ["another certificate", ASKER, "other"],
    ["no certificate", ASKER, undefined],
    ["another plugin", { ...ASKER, credentials: { exec: { ...exec, command: "gke" } } }, "pem"],
    ["other arguments", { ...ASKER, credentials: { exec: { ...exec, args: [] } } }, "pem"],
    ["no plugin", { ...ASKER, credentials: {} }, "pem"],
    [
      "another value of a variable",
      {
        ...ASKER,
        credentials: { exec: { ...exec, env: [{ name: "AWS_PROFILE", value: "prod" }] } },
      },
      "pem",
    ],
    [
      "another user's name for basic authentication",
      { ...ASKER, credentials: { exec, basic: { username: "u", password: "p" } } },
      "pem",
    ],
  ] as const
) {
  Deno.test(`entryFingerprint() tells ${what} apart`, () => {
    assertNotEquals(entryFingerprint(other, certificate), entryFingerprint(ASKER, "pem"));
  });
}

Deno.test("entryFingerprint() knows no token and no password", () => {
  const of = (credentials: Credentials) => entryFingerprint({ user: "u", credentials }, undefined);
  assertEquals(of({ token: "a" }), of({ token: "b" }));
  assertEquals(of({ tokenFile: "a" }), of({}));
  assertEquals(
    of({ basic: { username: "u", password: "a" } }),
    of({ basic: { username: "u", password: "b" } }),
  );
});
