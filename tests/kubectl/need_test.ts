import { assertEquals } from "@std/assert";
import { scanKubectlArgv } from "../../lib/kubectl/argv.ts";
import { findNeed } from "../../lib/kubectl/need.ts";

const ROWS: readonly [args: string, env: Readonly<Record<string, string>>, kind: string][] = [
  ["get pods", {}, "server"],
  ["get pods", { KUBERNETES_EXEC_INFO: "{}" }, "local"],
  ["get pods", { KUBERLR_RESOLVING_VERSION: "1" }, "local"],
  ["get pods", { KUBERNETES_EXEC_INFO: "" }, "server"],
  ["config view", {}, "local"],
  ["completion bash", {}, "local"],
  ["__complete get pods", { KUBERNETES_EXEC_INFO: "{}" }, "completion"],
];
for (const [args, env, kind] of ROWS) {
  Deno.test(`findNeed() of "${args}" with ${JSON.stringify(env)} is ${kind}`, () => {
    const line = scanKubectlArgv(args.split(" "));
    assertEquals(findNeed(line, { get: (name) => env[name] }).kind, kind);
  });
}

Deno.test("findNeed() names the variable by which a plugin is known", () => {
  const env = { get: (name: string) => name === "KUBERNETES_EXEC_INFO" ? "{}" : undefined };
  assertEquals(findNeed(scanKubectlArgv(["get", "pods"]), env), {
    kind: "local",
    reason: "called by a credential plugin (KUBERNETES_EXEC_INFO is set)",
  });
});
