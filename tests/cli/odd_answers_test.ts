/**
 * Servers that answer without a version: a login page, a refusal, half an answer. kuberlr never
 * fails.
 */
import { assertEquals } from "@std/assert";
import { type Answer, startApiServer } from "../support/api_server.ts";
import { versionBody } from "../support/api_documents.ts";
import { kubeconfig } from "../support/kubeconfig_builder.ts";
import { story } from "../support/sandbox.ts";
import { assertRan } from "../support/verdicts.ts";

const ODD: Readonly<Record<string, Answer>> = {
  "401": { kind: "status", status: 401 },
  "403": { kind: "status", status: 403 },
  "404": { kind: "status", status: 404 },
  "500": { kind: "status", status: 500 },
  "503": { kind: "status", status: 503 },
  "a login page": { kind: "html" },
  "an empty body": { kind: "body", body: "" },
  "JSON that is not an object": { kind: "body", body: "[1.30]" },
  "no gitVersion": { kind: "body", body: `{"major":"","minor":""}` },
  "a gitVersion that is not a text": { kind: "body", body: `{"gitVersion":130}` },
  "an unset gitVersion": {
    kind: "body",
    body: JSON.stringify(versionBody("v0.0.0-master+$Format:%H$")),
  },
  "half an answer": { kind: "truncated" },
  "a cut connection": { kind: "reset" },
  "more than a mebibyte": { kind: "huge", bytes: 2 ** 21 },
  "a redirect to nowhere": { kind: "redirect", location: "http://127.0.0.1:9/version" },
};

for (const [name, answer] of Object.entries(ODD)) {
  story(`a server that answers ${name} gets the newest installed kubectl`, async (box) => {
    await using api = await startApiServer({ answer });
    box.kubeconfig(kubeconfig().context("odd", { server: api.url }));
    box.fakeKubectl("1.29.4");
    box.fakeKubectl("1.31.0");

    assertRan(await box.run("kubectl", ["get", "pods"]), "1.31.0", ["get", "pods"]);
    assertEquals(api.requests.length > 0, true);
  });
}

const MAIN = new URL("../../main.ts", import.meta.url).href;

// Deno itself has rejected so, in a callback of `node:tls`.
const STRAY = `
const real = fetch;
globalThis.fetch = (...args) => {
  setInterval(() => { Promise.reject(null); }, 0);
  setInterval(() => { throw new Error("stray"); }, 0);
  return real(...args);
};`;

story("errors that nothing can catch cost the server's version, not the command", async (box) => {
  await using api = await startApiServer({ delayMs: 100 });
  box.kubeconfig(kubeconfig().context("odd", { server: api.url }));
  box.config('HandOff = "spawn"\n');
  box.fakeKubectl("1.31.0", { then: "sleep 0.2" });
  const preload = box.write("stray.js", STRAY);

  const args = ["run", "-A", "--no-check", "--preload", preload, MAIN, "kubectl", "get", "pods"];
  assertRan(await box.exec(Deno.execPath(), args), "1.31.0", ["get", "pods"]);
}, { unix: "the fake kubectl runs no shell code, and would not wait" });
