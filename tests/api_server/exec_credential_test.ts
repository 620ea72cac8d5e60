import { assert, assertEquals } from "@std/assert";
import { parse } from "@std/yaml";
import fc from "fast-check";
import {
  type ExecCredential,
  formatExecInfo,
  parseExecCredential,
} from "../../lib/api_server/exec_credential.ts";

const V1 = "client.authentication.k8s.io/v1";
const HEAD = { apiVersion: V1, kind: "ExecCredential" };
const parseYaml = (text: string) => parse(text, { schema: "core", allowDuplicateKeys: true });

Deno.test("formatExecInfo() writes what kubectl writes, and is never interactive", () => {
  assertEquals(
    formatExecInfo({ apiVersion: V1, clusterInfo: undefined }),
    `{"kind":"ExecCredential","apiVersion":"${V1}","spec":{"interactive":false}}\n`,
  );
});

Deno.test("formatExecInfo() puts the cluster before interactive, escaped as Go's encoder does", () => {
  const clusterInfo = { server: "https://a.example/?x=<1>&y", config: null };
  assertEquals(
    formatExecInfo({ apiVersion: V1, clusterInfo }),
    `{"kind":"ExecCredential","apiVersion":"${V1}","spec":{"cluster":` +
      `{"server":"https://a.example/?x=\\u003c1\\u003e\\u0026y","config":null},"interactive":false}}\n`,
  );
});

const token = (value: string): ExecCredential => ({
  kind: "credential",
  token: value,
  clientCertificate: undefined,
});
const invalid = (reason: string): ExecCredential => ({ kind: "invalid", reason });

for (
  const { name, text, want } of [
    {
      name: "a token",
      text: JSON.stringify({ ...HEAD, status: { token: "t" } }),
      want: token("t"),
    },
    {
      name: "a client certificate",
      text: JSON.stringify({
        ...HEAD,
        status: { clientCertificateData: "cert", clientKeyData: "key" },
      }),
      want: {
        kind: "credential",
        token: undefined,
        clientCertificate: { certificate: "cert", key: "key" },
      },
    },
    {
      name: "both",
      text: JSON.stringify({
        ...HEAD,
        status: { token: "t", clientCertificateData: "cert", clientKeyData: "key" },
      }),
      want: {
        kind: "credential",
        token: "t",
        clientCertificate: { certificate: "cert", key: "key" },
      },
    },
    {
      name: "YAML",
      text: `apiVersion: ${V1}\nkind: ExecCredential\nstatus:\n  token: t\n`,
      want: token("t"),
    },
    {
      name: "no kind",
      text: JSON.stringify({ apiVersion: V1, status: { token: "t" } }),
      want: token("t"),
    },
    {
      name: "unknown fields and null ones",
      text: JSON.stringify({
        ...HEAD,
        spec: {},
        status: { token: "t", more: 1, clientKeyData: null, expirationTimestamp: null },
      }),
      want: token("t"),
    },
    {
      name: "a key that comes twice",
      text: `{"apiVersion":"${V1}","status":{"token":"a","token":"b"}}`,
      want: token("b"),
    },
    {
      name: "white space around it",
      text: `\n ${JSON.stringify({ ...HEAD, status: { token: "t" } })}\n\n`,
      want: token("t"),
    },
    {
      name: "a time to expire",
      text: JSON.stringify({
        ...HEAD,
        status: { token: "t", expirationTimestamp: "2024-06-11T20:21:00+02:00" },
      }),
      want: token("t"),
    },
    { name: "nothing", text: "", want: invalid("its output is not a JSON or YAML object") },
    { name: "a text", text: "token", want: invalid("its output is not a JSON or YAML object") },
    { name: "a list", text: "[]", want: invalid("its output is not a JSON or YAML object") },
    {
      name: "a line of log before it",
      text: `fetching a token\n${JSON.stringify({ ...HEAD, status: { token: "t" } })}`,
      want: invalid("its output is not a JSON or YAML object"),
    },
    {
      name: "a line of log after it",
      text: `${JSON.stringify({ ...HEAD, status: { token: "t" } })}\ndone`,
      want: invalid("its output is not a JSON or YAML object"),
    },
    {
      name: "two documents",
      text: `apiVersion: ${V1}\nstatus: {token: t}\n---\na: 1\n`,
      want: invalid("its output is not a JSON or YAML object"),
    },
    {
      name: "another apiVersion",
      text: JSON.stringify({ ...HEAD, apiVersion: `${V1}beta1`, status: { token: "t" } }),
      want: invalid(`its output is not of apiVersion "${V1}"`),
    },
    {
      name: "no apiVersion",
      text: JSON.stringify({ status: { token: "t" } }),
      want: invalid(`its output is not of apiVersion "${V1}"`),
    },
    {
      name: "another kind",
      text: JSON.stringify({ apiVersion: V1, kind: "Status", status: { token: "t" } }),
      want: invalid("its output is not an ExecCredential"),
    },
    { name: "no status", text: JSON.stringify(HEAD), want: invalid("its output has no status") },
    {
      name: "an empty status",
      text: JSON.stringify({ ...HEAD, status: {} }),
      want: invalid("it gave no credentials"),
    },
    {
      name: "a number for a token",
      text: JSON.stringify({ ...HEAD, status: { token: 1 } }),
      want: invalid("a value in its status is not a string"),
    },
    {
      name: "a certificate without its key",
      text: JSON.stringify({ ...HEAD, status: { token: "t", clientCertificateData: "cert" } }),
      want: invalid("it gave a client certificate without a key, or a key without one"),
    },
    {
      name: "an invalid time",
      text: JSON.stringify({ ...HEAD, status: { token: "t", expirationTimestamp: "tomorrow" } }),
      want: invalid("its expirationTimestamp is not an RFC 3339 time"),
    },
  ] satisfies { name: string; text: string; want: ExecCredential }[]
) {
  Deno.test(`parseExecCredential() reads ${name}`, () => {
    assertEquals(parseExecCredential(text, V1, parseYaml), want);
  });
}

Deno.test("parseExecCredential() never throws, and quotes nothing of what it read", () => {
  const status = fc.record({
    token: fc.anything(),
    clientCertificateData: fc.anything(),
    clientKeyData: fc.anything(),
    expirationTimestamp: fc.anything(),
  }, { requiredKeys: [] });
  const documents = fc.oneof(
    fc.string(),
    fc.json(),
    status.map((value) => JSON.stringify({ ...HEAD, status: value })),
  );
  fc.assert(
    fc.property(documents, (text) => {
      const credential = parseExecCredential(text, V1, parseYaml);
      assert(credential.kind === "invalid" || credential.token || credential.clientCertificate);
      assert(credential.kind !== "invalid" || REASONS.has(credential.reason));
    }),
    { seed: 1, numRuns: 2000 },
  );
});

const REASONS: ReadonlySet<string> = new Set([
  "its output is not a JSON or YAML object",
  `its output is not of apiVersion "${V1}"`,
  "its output is not an ExecCredential",
  "its output has no status",
  "a value in its status is not a string",
  "its expirationTimestamp is not an RFC 3339 time",
  "it gave a client certificate without a key, or a key without one",
  "it gave no credentials",
]);
