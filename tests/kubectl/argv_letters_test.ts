/** Flags that are written as letters. */
import { testScans } from "../support/command_line.ts";

testScans([
  {
    args: ["get", "-s=http://h", "-nfoo"],
    line: {
      command: ["get"],
      positionals: ["get"],
      globals: { server: "http://h" },
      flags: { server: "http://h", namespace: "foo" },
    },
  },
  {
    args: ["get", "-s="],
    line: {
      command: ["get"],
      positionals: ["get"],
      globals: { server: "=" },
      flags: { server: "=" },
    },
  },
  {
    args: ["get", "-As", "http://h", "pods"],
    line: {
      command: ["get"],
      positionals: ["get", "pods"],
      globals: { server: "http://h" },
      flags: { "all-namespaces": "", server: "http://h" },
    },
  },
  {
    args: ["get", "-w=false", "-Ashttp://h"],
    line: {
      command: ["get"],
      positionals: ["get"],
      globals: { server: "http://h" },
      flags: { watch: "false", "all-namespaces": "", server: "http://h" },
    },
  },
  {
    args: ["exec", "-itc", "box", "p"],
    line: {
      command: ["exec"],
      positionals: ["exec", "p"],
      flags: { stdin: "", tty: "", container: "box" },
    },
  },
  {
    args: ["get", "-Zs", "http://h"],
    line: { command: ["get"], positionals: ["get", "http://h"] },
  },
  {
    args: ["logs", "-f", "p", "--context", "yy"],
    line: {
      command: ["logs"],
      positionals: ["logs", "p"],
      globals: { context: "yy" },
      flags: { follow: "", context: "yy" },
    },
  },
  {
    args: ["patch", "x", "-p", "--context=y"],
    line: { command: ["patch"], positionals: ["patch", "x"], flags: { patch: "--context=y" } },
  },
  {
    args: ["proxy", "-w", "dir", "-p", "0"],
    line: { command: ["proxy"], positionals: ["proxy"], flags: { www: "dir", port: "0" } },
  },
  // cobra finds the command first: kubectl 1.27 to 1.36 ask the server of zz.
  {
    args: ["-f", "--context=zz", "logs", "p"],
    line: {
      command: ["logs"],
      positionals: ["logs", "p"],
      globals: { context: "zz" },
      flags: { follow: "", context: "zz" },
    },
  },
  {
    args: ["--raw", "/x", "get"],
    line: { command: ["get"], positionals: ["get"], flags: { raw: "/x" } },
  },
]);
