import { assertEquals } from "@std/assert";
import { findCommand, findShorthand } from "../../lib/kubectl/argv.ts";
import { testScans } from "../support/command_line.ts";

testScans([
  { args: [], line: {} },
  { args: ["get", "pods"], line: { command: ["get"], positionals: ["get", "pods"] } },
  {
    args: ["create", "secret", "tls", "x"],
    line: { command: ["create", "secret", "tls"], positionals: ["create", "secret", "tls", "x"] },
  },
  {
    args: ["create", "svc", "clusterip"],
    line: {
      command: ["create", "service", "clusterip"],
      positionals: ["create", "svc", "clusterip"],
    },
  },
  { args: ["svc"], line: { positionals: ["svc"] } },
  { args: ["mine", "get"], line: { positionals: ["mine", "get"] } },
  { args: ["create secret"], line: { positionals: ["create secret"] } },
  { args: ["get,create"], line: { positionals: ["get,create"] } },
  {
    args: ["create", "cj:cronjob,create cm"],
    line: { command: ["create"], positionals: ["create", "cj:cronjob,create cm"] },
  },
  { args: ["\n"], line: { positionals: ["\n"] } },
  { args: ["constructor"], line: { positionals: ["constructor"] } },
  { args: ["get", "create"], line: { command: ["get"], positionals: ["get", "create"] } },
  // kubectl 1.27 to 1.36 were seen to take this for "get".
  { args: ["", "-", "get"], line: { command: ["get"], positionals: ["", "-", "get"] } },
  {
    args: ["create", "-", "secret", "tls"],
    line: {
      command: ["create", "secret", "tls"],
      positionals: ["create", "-", "secret", "tls"],
    },
  },
  {
    args: ["get", "--context", "yy", "pods"],
    line: {
      command: ["get"],
      positionals: ["get", "pods"],
      globals: { context: "yy" },
      flags: { context: "yy" },
    },
  },
  {
    args: ["--context=a=b", "get"],
    line: {
      command: ["get"],
      positionals: ["get"],
      globals: { context: "a=b" },
      flags: { context: "a=b" },
    },
  },
  {
    args: ["get", "--context", "--help"],
    line: {
      command: ["get"],
      positionals: ["get"],
      globals: { context: "--help" },
      flags: { context: "--help" },
    },
  },
  {
    args: ["get", "--context", "--", "x"],
    line: {
      command: ["get"],
      positionals: ["get", "x"],
      globals: { context: "--" },
      flags: { context: "--" },
    },
  },
  {
    args: ["get", "--context", "yy", "--context="],
    line: {
      command: ["get"],
      positionals: ["get"],
      globals: { context: "" },
      flags: { context: "" },
    },
  },
  {
    args: ["get", "pods", "-l", "--context=yy"],
    line: {
      command: ["get"],
      positionals: ["get", "pods"],
      flags: { selector: "--context=yy" },
    },
  },
  {
    args: ["run", "x", "--image", "i", "--", "sh", "--context", "z"],
    line: {
      command: ["run"],
      positionals: ["run", "x"],
      rest: ["sh", "--context", "z"],
      flags: { image: "i" },
    },
  },
  {
    args: ["exec", "p", "cmd", "--context", "yy"],
    line: {
      command: ["exec"],
      positionals: ["exec", "p", "cmd"],
      globals: { context: "yy" },
      flags: { context: "yy" },
    },
  },
  { args: ["--", "get", "pods"], line: { rest: ["get", "pods"] } },
  { args: ["get", "--"], line: { command: ["get"], positionals: ["get"], rest: [] } },
  {
    args: ["get", "--tls_server_name", "z", "--as_group=g"],
    line: {
      command: ["get"],
      positionals: ["get"],
      globals: { "tls-server-name": "z", "as-group": "g" },
      flags: { "tls-server-name": "z", "as-group": "g" },
    },
  },
  {
    args: ["get", "--insecure-skip-tls-verify", "false"],
    line: {
      command: ["get"],
      positionals: ["get", "false"],
      globals: { "insecure-skip-tls-verify": "true" },
      flags: { "insecure-skip-tls-verify": "" },
    },
  },
  {
    args: ["get", "--insecure-skip-tls-verify=false"],
    line: {
      command: ["get"],
      positionals: ["get"],
      globals: { "insecure-skip-tls-verify": "false" },
      flags: { "insecure-skip-tls-verify": "false" },
    },
  },
  {
    args: ["delete", "pod", "x", "--cascade", "--context", "yy"],
    line: {
      command: ["delete"],
      positionals: ["delete", "pod", "x"],
      globals: { context: "yy" },
      flags: { cascade: "", context: "yy" },
    },
  },
  {
    args: ["create", "ns", "x", "--dry-run", "client"],
    line: {
      command: ["create", "namespace"],
      positionals: ["create", "ns", "x", "client"],
      flags: { "dry-run": "" },
    },
  },
  {
    args: ["config", "view", "--raw", "x"],
    line: { command: ["config", "view"], positionals: ["config", "view", "x"], flags: { raw: "" } },
  },
  {
    args: ["top", "pods", "--containers", "x"],
    line: {
      command: ["top", "pod"],
      positionals: ["top", "pods", "x"],
      flags: { containers: "" },
    },
  },
  {
    args: ["--user", "u2", "create", "rolebinding", "x"],
    line: {
      command: ["create", "rolebinding"],
      positionals: ["create", "rolebinding", "x"],
      flags: { user: "u2" },
    },
  },
  {
    args: ["set", "subject", "x", "--user=jane", "--cluster=c"],
    line: {
      command: ["set", "subject"],
      positionals: ["set", "subject", "x"],
      globals: { cluster: "c" },
      flags: { user: "jane", cluster: "c" },
    },
  },
  {
    args: ["config", "set-context", "x", "--cluster=c", "--user=u", "--context=y"],
    line: {
      command: ["config", "set-context"],
      positionals: ["config", "set-context", "x"],
      globals: { context: "y" },
      flags: { cluster: "c", user: "u", context: "y" },
    },
  },
  {
    args: ["get", "--unheard-of", "x", "--new=1"],
    line: {
      command: ["get"],
      positionals: ["get", "x"],
      flags: { "unheard-of": "", new: "1" },
    },
  },
  {
    args: ["get", "---context", "x", "--=y"],
    line: { command: ["get"], positionals: ["get", "x"] },
  },
  {
    args: ["get", "pods", "-o"],
    line: { command: ["get"], positionals: ["get", "pods"], incomplete: "output" },
  },
  {
    args: ["get", "--context"],
    line: { command: ["get"], positionals: ["get"], incomplete: "context" },
  },
  {
    args: ["__complete", "logs", "-f", "--context", "yy", ""],
    line: {
      command: ["logs"],
      positionals: ["__complete", "logs", ""],
      globals: { context: "yy" },
      flags: { follow: "", context: "yy" },
    },
  },
  {
    args: ["get", "--toString", "--__proto__=x", "-s", "a"],
    line: {
      command: ["get"],
      positionals: ["get"],
      globals: { server: "a" },
      flags: { toString: "", server: "a" },
    },
  },
]);

Deno.test("findCommand() stops at the first word that is not a command", () => {
  assertEquals(findCommand(["create", "cm", "x"]), ["create", "configmap"]);
  assertEquals(findCommand(["get", "create"]), ["get"]);
  assertEquals(findCommand(["x", "get"]), []);
});

Deno.test("findShorthand() knows which letter a flag has in a command", () => {
  assertEquals(findShorthand("server", "get"), "s");
  assertEquals(findShorthand("filename", "get"), "f");
  assertEquals(findShorthand("filename", "logs"), undefined);
  assertEquals(findShorthand("follow", "logs"), "f");
  assertEquals(findShorthand("follow", "get"), undefined);
  assertEquals(findShorthand("context", "get"), undefined);
});
