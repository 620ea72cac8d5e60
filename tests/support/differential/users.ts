/**
 * Generates user entries: tokens, passwords, certificates, credential plugins, and entries that
 * kubectl refuses.
 *
 * @module
 */
import fc from "fast-check";
import { type Json, weighted } from "./arbitraries.ts";

const PLUGIN_VERSIONS = "client.authentication.k8s.io/";
const plugin = fc.record({
  version: weighted([20, "v1"], [10, "v1beta1"], [1, "v1alpha1"]),
  command: weighted(
    [5, "cred"],
    [2, "pki/plugin"],
    [1, "./pki/plugin"],
    [1, "{pki}/elsewhere/plugin"],
    [1, "cred-yaml"],
    [1, "cred-certificate"],
    [1, "cred-fails"],
    [1, "cred-noise"],
    [1, "no-such-program"],
  ),
  args: weighted<readonly string[]>([3, []], [2, ["a b"]], [1, ["$HOME"]], [1, ["--", "*"]]),
  env: weighted<unknown>(
    [3, undefined],
    [2, [{ name: "EXTRA", value: "one" }, { name: "EXTRA", value: "two" }]],
    [1, [{ name: "KUBERNETES_EXEC_INFO", value: "mine" }]],
  ),
  clusterInfo: fc.boolean(),
  mode: weighted<string | undefined>([8, "IfAvailable"], [6, "Never"], [1, "Always"], [
    1,
    undefined,
  ]),
}).map(({ version, command, args, env, clusterInfo, mode }): Json => ({
  apiVersion: `${PLUGIN_VERSIONS}${version}`,
  command,
  args: [version, ...args],
  env,
  provideClusterInfo: clusterInfo,
  interactiveMode: mode,
}));

const ALICE = { "client-certificate-data": "{aliceCrt}", "client-key-data": "{aliceKey}" };
const ALICE_FILES = { "client-certificate": "pki/alice.crt", "client-key": "pki/alice.key" };
const ID_TOKEN = `e30.${btoa(JSON.stringify({ exp: 4102444800 })).replaceAll("=", "")}.c2ln`;
const EXPIRED_TOKEN = ID_TOKEN.replace(/\.[^.]*\./, `.${btoa('{"exp":9}').replaceAll("=", "")}.`);
const OIDC = { "idp-issuer-url": "https://127.0.0.1:9", "client-id": "c" };

export const user = fc.oneof(
  {
    weight: 20,
    arbitrary: weighted<Json>(
      [6, { token: "token-in-file" }],
      [1, { token: "tökén with space" }],
      [4, { tokenFile: "pki/token" }],
      [2, { tokenFile: "pki/token", token: "loses" }],
      [1, { tokenFile: "pki/empty", token: "wins" }],
      [1, { tokenFile: "pki/missing", token: "wins" }],
      [3, { username: "üser", password: "p:w" }],
      [1, { username: "only" }],
      [4, ALICE],
      [3, ALICE_FILES],
      [2, { "client-certificate": "pki/bob.pem", "client-key": "pki/bob.pem" }],
      [1, { "client-certificate-data": "{bobPem}", "client-key-data": "{bobPem}" }],
      [1, { "client-certificate-data": "{aliceCrt}", "client-key": "pki/alice.key" }],
      [2, { ...ALICE, token: "beside-certificate" }],
      [1, { ...ALICE, username: "u", password: "p" }],
      [1, { token: "t", as: "somebody", "as-groups": ["g"] }],
      [1, { token: "t", as: "me", "as-uid": "7", "as-user-extra": { "a/b": ["c", "d"] } }],
      [1, { ...ALICE, as: "somebody" }],
      [2, { "auth-provider": { name: "oidc", config: { ...OIDC, "id-token": ID_TOKEN } } }],
    ),
  },
  // kubectl refuses these, or begins to ask questions.
  {
    weight: 3,
    arbitrary: fc.constantFrom<Json>(
      {},
      { token: "two\nlines" },
      { tokenFile: "pki/empty" },
      { tokenFile: "pki/missing" },
      { password: "only" },
      { "client-certificate": "pki/alice.crt" },
      { "client-key": "pki/missing" },
      { "client-certificate": "pki/alice.crt", "client-key": "pki/missing" },
      { ...ALICE, ...ALICE_FILES },
      { "client-certificate-data": "{aliceCrt}", "client-key-data": "{bobPem}" },
      { token: "t", username: "u", password: "p" },
      { token: "t", "as-groups": ["g"] },
      { token: "t", "as-uid": "7" },
      { token: "t", "as-user-extra": { a: ["b"] } },
      { token: "t", "as-groups": "g" },
      { "auth-provider": { name: "gcp" } },
      { "auth-provider": { name: "gcp" }, token: "t" },
      { "auth-provider": { name: "oidc", config: OIDC } },
      { "auth-provider": { name: "oidc", config: { "id-token": ID_TOKEN } } },
      { "auth-provider": { name: "oidc", config: { ...OIDC, "id-token": EXPIRED_TOKEN } } },
    ),
  },
  {
    weight: 9,
    arbitrary: fc.record({
      exec: plugin,
      beside: weighted<Json>([6, {}], [1, { token: "bypasses" }], [1, { username: "u" }], [
        1,
        ALICE,
      ]),
    }).map(({ exec, beside }): Json => ({ exec, ...beside })),
  },
);
