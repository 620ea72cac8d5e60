/**
 * The protocol of exec credential plugins: what a plugin is told in `KUBERNETES_EXEC_INFO`, and the
 * `ExecCredential` that it prints. The rules are as strict as client-go's, since kubectl will run
 * the same plugin and accept no less.
 *
 * Source: client-go, plugin/pkg/client/auth/exec/exec.go;
 * https://kubernetes.io/docs/reference/config-api/client-authentication.v1/
 *
 * @module
 */
import type { ExecPlugin } from "../connection/credentials.ts";
import { isObject, type JsonObject } from "../encoding/json.ts";

/**
 * Returns the value of `KUBERNETES_EXEC_INFO`. It is never interactive: kuberlr does not prompt.
 */
export function formatExecInfo(plugin: Pick<ExecPlugin, "apiVersion" | "clusterInfo">): string {
  const { apiVersion, clusterInfo } = plugin;
  const cluster = clusterInfo === undefined ? {} : { cluster: clusterInfo };
  const info = { kind: "ExecCredential", apiVersion, spec: { ...cluster, interactive: false } };
  // Go's encoder escapes these characters, so that the text can be embedded in HTML.
  return `${
    JSON.stringify(info).replace(
      /[<>&\u2028\u2029]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
    )
  }\n`;
}

export type ExecCredential =
  | {
    readonly kind: "credential";
    readonly token: string | undefined;
    readonly clientCertificate: { readonly certificate: string; readonly key: string } | undefined;
  }
  /** The reason quotes nothing from the output, which may hold a token. */
  | { readonly kind: "invalid"; readonly reason: string };

/**
 * Parses a plugin's output. `apiVersion` is the configured one, which the output has to repeat.
 * `parseYaml` throws for a text that is not YAML or has more than one document; of two equal keys
 * it takes the last.
 */
export function parseExecCredential(
  text: string,
  apiVersion: string,
  parseYaml: (text: string) => unknown,
): ExecCredential {
  const document = parseDocument(text, parseYaml);
  if (document === undefined) return invalid("its output is not a JSON or YAML object");
  const { kind } = document;
  if (kind !== undefined && kind !== null && kind !== "" && kind !== "ExecCredential") {
    return invalid("its output is not an ExecCredential");
  }
  if (document["apiVersion"] !== apiVersion) {
    return invalid(`its output is not of apiVersion "${apiVersion}"`);
  }
  const status = document["status"];
  if (!isObject(status)) return invalid("its output has no status");

  const token = textOf(status["token"]);
  const certificate = textOf(status["clientCertificateData"]);
  const key = textOf(status["clientKeyData"]);
  if (token === undefined || certificate === undefined || key === undefined) {
    return invalid("a value in its status is not a string");
  }
  if (!isTimestamp(status["expirationTimestamp"])) {
    return invalid("its expirationTimestamp is not an RFC 3339 time");
  }
  if ((certificate === "") !== (key === "")) {
    return invalid("it gave a client certificate without a key, or a key without one");
  }
  if (token === "" && certificate === "") return invalid("it gave no credentials");
  return {
    kind: "credential",
    token: token || undefined,
    clientCertificate: certificate === "" ? undefined : { certificate, key },
  };
}

function parseDocument(text: string, parseYaml: (text: string) => unknown): JsonObject | undefined {
  for (const parse of [JSON.parse, parseYaml]) {
    try {
      const value: unknown = parse(text);
      return isObject(value) ? value : undefined;
    } catch {
      // The next parser may accept the text.
    }
  }
  return undefined;
}

/** Returns `""` for an absent value, `undefined` for a value that is not a string. */
function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : undefined;
}

const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:[.,]\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

function isTimestamp(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === "string" && RFC_3339.test(value) &&
    !Number.isNaN(Date.parse(value.replace(",", ".")));
}

function invalid(reason: string): ExecCredential {
  return { kind: "invalid", reason };
}
