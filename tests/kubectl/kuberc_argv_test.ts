import { assertEquals } from "@std/assert";
import { findKubercFlag, mentionsFlag } from "../../lib/kubectl/kuberc_argv.ts";

Deno.test("findKubercFlag() takes the text between the first two equal signs", () => {
  assertEquals(findKubercFlag(["--kuberc=a=b"]), "a");
  assertEquals(findKubercFlag(["x--kuberc=a"]), "a");
  assertEquals(findKubercFlag(["--kuberc", "--", "x"]), "--");
  assertEquals(findKubercFlag([]), undefined);
});

const MENTIONS: readonly [args: readonly string[], flag: string, path: string, found: boolean][] = [
  [["--server", "x"], "server", "get", true],
  [["--server=x"], "server", "get", true],
  [["--servers"], "server", "get", false],
  [["--tls_server_name=x"], "tls-server-name", "get", false],
  [["-sx"], "server", "get", true],
  [["-As"], "server", "get", true],
  [["-nprods"], "server", "get", true],
  [["-nprod-s"], "server", "get", false],
  [["-", "s", ""], "server", "get", false],
  [["-f"], "filename", "get", true],
  [["-f"], "filename", "logs", false],
  [["-s"], "context", "get", false],
];

for (const [args, flag, path, found] of MENTIONS) {
  Deno.test(`mentionsFlag() ${found ? "finds" : "does not find"} --${flag} in ${path} ${args.join(" ")}`, () => {
    assertEquals(mentionsFlag(args, flag, path), found);
  });
}
