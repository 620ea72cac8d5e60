import { assertEquals, assertThrows } from "@std/assert";
import { readCluster, readUser } from "../../lib/kubeconfig/entries.ts";
import { KubeconfigError } from "../../lib/kubeconfig/fields.ts";
import { LINUX, WINDOWS } from "../support/fake_host.ts";

for (
  const { platform, file, path, want } of [
    {
      platform: LINUX,
      file: "/home/me/.kube/config",
      path: "ca.crt",
      want: "/home/me/.kube/ca.crt",
    },
    { platform: LINUX, file: "/home/me/.kube/config", path: "../ca", want: "/home/me/ca" },
    { platform: LINUX, file: "/home/me/./k/../config", path: "./ca", want: "/home/me/ca" },
    { platform: LINUX, file: "/config", path: "ca", want: "/ca" },
    { platform: LINUX, file: "/k/config", path: "~/ca", want: "/k/~/ca" },
    { platform: LINUX, file: "/k/config", path: "$HOME/ca", want: "/k/$HOME/ca" },
    { platform: LINUX, file: "/k/config", path: "/etc/../ca", want: "/etc/../ca" },
    { platform: LINUX, file: "/k/config", path: "", want: "" },
    {
      platform: WINDOWS,
      file: "C:\\Users\\me\\.kube\\config",
      path: "ca.crt",
      want: "C:\\Users\\me\\.kube\\ca.crt",
    },
    { platform: WINDOWS, file: "C:\\k\\config", path: "..\\ca", want: "C:\\ca" },
    { platform: WINDOWS, file: "C:\\k\\config", path: "D:\\ca", want: "D:\\ca" },
    { platform: WINDOWS, file: "C:\\k\\config", path: "D:/ca", want: "D:/ca" },
    { platform: WINDOWS, file: "C:\\k\\config", path: "\\\\s\\x\\ca", want: "\\\\s\\x\\ca" },
    { platform: WINDOWS, file: "C:\\k\\config", path: "\\ca", want: "C:\\k\\ca" },
    { platform: WINDOWS, file: "\\\\s\\x\\k\\config", path: "ca", want: "\\\\s\\x\\k\\ca" },
  ]
) {
  Deno.test(`readCluster() finds "${path}" of ${file} at "${want}"`, () => {
    const entry = { value: { "certificate-authority": path }, file };
    assertEquals(readCluster(entry, platform).certificateAuthority, want);
  });
}

for (
  const { platform, command, want } of [
    { platform: LINUX, command: "aws", want: "aws" },
    { platform: LINUX, command: "./aws", want: "/k/aws" },
    { platform: LINUX, command: "sub/../aws", want: "/k/aws" },
    { platform: LINUX, command: "/usr/bin/aws", want: "/usr/bin/aws" },
    { platform: LINUX, command: "a\\b", want: "a\\b" },
    { platform: WINDOWS, command: "aws.exe", want: "aws.exe" },
    { platform: WINDOWS, command: "bin\\aws.exe", want: "C:\\k\\bin\\aws.exe" },
    { platform: WINDOWS, command: "bin/aws.exe", want: "bin/aws.exe" },
  ]
) {
  Deno.test(`readUser() of ${platform.os} runs the plugin "${command}" as "${want}"`, () => {
    const file = platform.os === "windows" ? "C:\\k\\config" : "/k/config";
    const entry = { value: { exec: { command } }, file };
    assertEquals(readUser(entry, platform).exec?.command, want);
  });
}

for (
  const [apiVersion, mode, want] of [
    ["client.authentication.k8s.io/v1beta1", undefined, "IfAvailable"],
    ["client.authentication.k8s.io/v1alpha1", undefined, "IfAvailable"],
    ["client.authentication.k8s.io/v1beta1", "Never", "Never"],
    ["client.authentication.k8s.io/v1", undefined, ""],
    ["client.authentication.k8s.io/v1", "Always", "Always"],
  ] as const
) {
  Deno.test(`readUser() takes "${want}" for interactiveMode ${mode} of ${apiVersion}`, () => {
    const entry = { value: { exec: { apiVersion, interactiveMode: mode } }, file: "/k/config" };
    assertEquals(readUser(entry, LINUX).exec?.interactiveMode, want);
  });
}

for (
  const [name, data, want] of [
    ["base64", "aGVsbG8=", "hello"],
    ["base64 in lines", "aGVs\r\nbG8=\n", "hello"],
    ["numbers", [104, 105], "hi"],
    ["no numbers", [], ""],
    ["nothing", null, ""],
    ["UTF-8", "w6k=", "é"],
  ] as const
) {
  Deno.test(`readCluster() decodes ${name} as PEM`, () => {
    const entry = { value: { "certificate-authority-data": data }, file: "/k" };
    assertEquals(readCluster(entry, LINUX).certificateAuthorityData, want);
  });
}

for (
  const [name, value] of [
    ["base64 of another alphabet", { "certificate-authority-data": "_-8=" }],
    ["a number for the server", { server: 1 }],
    ["a number for a boolean", { "insecure-skip-tls-verify": 1 }],
    ["any text for a boolean", { "insecure-skip-tls-verify": "maybe" }],
    ["a mapping of extensions", { extensions: {} }],
  ] as const
) {
  Deno.test(`readCluster() refuses ${name}`, () => {
    assertThrows(() => readCluster({ value, file: "/k" }, LINUX), KubeconfigError);
  });
}
