import { assertEquals } from "@std/assert";
import { type Invocation, parseInvocation } from "../lib/invocation.ts";
import { DARWIN, LINUX, WINDOWS } from "./support/fake_host.ts";
import type { Platform } from "../lib/platform.ts";

const ROWS: readonly [
  platform: Platform,
  argv0: string,
  args: readonly string[],
  kind: Invocation["kind"],
  rest: readonly string[],
][] = [
  [LINUX, "kubectl", ["get", "pods"], "kubectl", ["get", "pods"]],
  [LINUX, "/usr/local/bin/kubectl", [], "kubectl", []],
  [LINUX, "my-kubectl", ["bins"], "kubectl", ["bins"]],
  [LINUX, "kubectl.exe", ["x"], "kubectl", ["x"]],
  [LINUX, "kubectl", ["kubectl", "get"], "kubectl", ["kubectl", "get"]],
  [LINUX, "KUBECTL", ["get"], "command", ["get"]],
  [LINUX, "kubectl1.30.2", ["get"], "command", ["get"]],
  [LINUX, "/opt/kubectl/kuberlr", ["get"], "command", ["get"]],
  [LINUX, "bin\\kubectl", ["get"], "kubectl", ["get"]],
  [LINUX, "kuberlr", [], "command", []],
  [LINUX, "kuberlr", ["bins", "kubectl"], "command", ["bins", "kubectl"]],
  [LINUX, "kuberlr", ["kubectl", "get", "kubectl"], "kubectl", ["get", "kubectl"]],
  [LINUX, "kuberlr", ["--as-kubectl", "get"], "kubectl", ["get"]],
  [LINUX, "deno", ["--as-kubectl", "kubectl"], "kubectl", ["kubectl"]],
  [LINUX, "deno", ["bins", "--as-kubectl"], "command", ["bins", "--as-kubectl"]],
  [LINUX, "", ["bins"], "unknown", ["bins"]],
  [LINUX, "", ["--as-kubectl", "get"], "kubectl", ["get"]],
  [DARWIN, "/opt/homebrew/bin/kubectl", ["get"], "kubectl", ["get"]],
  [WINDOWS, "C:\\Tools\\kubectl.exe", ["get"], "kubectl", ["get"]],
  [WINDOWS, "C:/Tools/KUBECTL.EXE", ["get"], "kubectl", ["get"]],
  [WINDOWS, "kubectl", ["get"], "kubectl", ["get"]],
  [WINDOWS, "C:\\kubectl\\kuberlr.exe", ["get"], "command", ["get"]],
  [WINDOWS, "kuberlr.exe", ["kubectl", "get"], "kubectl", ["get"]],
];

for (const [platform, argv0, args, kind, rest] of ROWS) {
  Deno.test(`parseInvocation() reads ${argv0} ${args.join(" ")} on ${platform.os} as ${kind}`, () => {
    assertEquals(parseInvocation(argv0, args, platform), { kind, args: rest });
  });
}

Deno.test("parseInvocation() takes the name of the launcher's shortcut off", () => {
  assertEquals(parseInvocation("kuberlr", ["--as-kubectl=server.gnu3", "get"], LINUX), {
    kind: "kubectl",
    args: ["get"],
    shortcut: "server.gnu3",
  });
});
