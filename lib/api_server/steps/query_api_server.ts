/**
 * Asks an API server for its version with the credentials that kubectl would use, at little risk to
 * them. Static ones are sent at once. A credential plugin runs only if an anonymous request did not
 * bring the version. Credentials are never sent over http, nor after a redirect. One timeout covers
 * all requests; the time that a plugin takes does not count.
 *
 * @module
 */
import { parseVersionAnswer, type ServerAnswer } from "../version_answer.ts";
import type { Credentials, PemSource } from "../../connection/credentials.ts";
import type { Target } from "../../connection/target.ts";
import { orUndefined } from "../../errors.ts";
import { startWait } from "../../output/steps/start_wait.ts";
import type { ApiResponse, ApiTls, DeadlineMs, FailureCause, Host } from "../../ports/host.ts";
import { HOW_TO_PIN } from "../lasting_notice.ts";
import { type RequestCredentials, requestHeaders } from "../request_headers.ts";
import { decodeWithMark } from "../../encoding/utf8.ts";
import { runPlugin } from "./run_plugin.ts";
import { readRegularBytes, readRegularText } from "../../files/steps/read_regular.ts";

export interface Query {
  readonly target: Target;
  /** The timeout of all requests together. */
  readonly timeoutSeconds: number;
  /**
   * Says if the credential plugin may be run: only with the server's lock, and not soon after it
   * has failed.
   */
  readonly plugin: "allowed" | "no-lock" | "failed-before";
  readonly quiet: boolean;
}

const MAX_ANSWER_BYTES = 1024 * 1024;
const MAX_REDIRECTS = 3;

/** Returns the answer. No failure of a network, a server, a file or a plugin makes it throw. */
export async function queryApiServer(
  query: Query,
  host: Pick<Host, "clock" | "env" | "files" | "http" | "platform" | "processes" | "terminal">,
): Promise<ServerAnswer> {
  const { target } = query;
  const startMs = host.clock.monotonicMs();
  const deadlineMs = startMs + query.timeoutSeconds * 1000;
  const secure = target.endpoint.url.startsWith("https:");
  const credentials = secure ? target.credentials : {};
  // The time that a plugin takes does not count.
  const wait = startWait(target.server, query.quiet, host);
  const response = await wait(
    () => request(target, readCredentials(credentials, host), deadlineMs, host),
  );
  const answer = toServerAnswer(response);
  const { exec } = credentials;
  if (exec === undefined || answer.kind === "version" || !mayNeedCredentials(response, host)) {
    return answer;
  }
  if (exec.forbidden) return denied("kuberc forbids its credential plugin");
  if (exec.interactiveMode === "Always") return denied("its credential plugin needs a terminal");
  if (query.plugin === "failed-before") {
    return { ...answer, reason: `${answer.reason}, and its credential plugin has failed before` };
  }
  if (query.plugin === "no-lock") {
    return {
      ...answer,
      reason:
        `${answer.reason}, and its credential plugin runs only under a lock, which cannot be taken`,
    };
  }

  const beforeMs = host.clock.monotonicMs();
  const fromPlugin = await runPlugin(exec, query, host);
  if ("reason" in fromPlugin) {
    return { kind: "unreachable", reason: fromPlugin.reason, ...PLUGIN_FAILED };
  }
  const pluginMs = host.clock.monotonicMs() - beforeMs;
  const second = toServerAnswer(
    await wait(() => request(target, fromPlugin, deadlineMs + pluginMs, host)),
  );
  // If the server is down or slow by now, the plugin is not to blame.
  return second.kind === "denied" || second.kind === "unknown" ||
      (second.kind === "unreachable" && second.lasting !== undefined)
    ? { ...second, ...PLUGIN_FAILED }
    : second;
}

const PLUGIN_FAILED = {
  lasting: "plugin",
  hint: `Repair the plugin and run "kuberlr clusters", or pin the kubectl (${HOW_TO_PIN})`,
} as const;

type Outcome = ApiResponse | { readonly kind: "bad-redirect"; readonly reason: string };

/**
 * Sends a request and follows redirects within the same server. After a redirect no credentials are
 * sent: they are for the path that the kubeconfig names.
 */
async function request(
  { endpoint }: Target,
  credentials: RequestCredentials,
  deadlineMs: DeadlineMs,
  { http }: Pick<Host, "http">,
): Promise<Outcome> {
  const secure = endpoint.url.startsWith("https:");
  let url = endpoint.url;
  let sent = credentials;
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    const tls: ApiTls = {
      certificateAuthority: endpoint.certificateAuthority,
      insecure: endpoint.insecure,
      serverName: endpoint.tlsServerName,
      clientCertificate: sent.clientCertificate,
    };
    const response = await http.ask({
      url,
      headers: requestHeaders(sent),
      // An https proxy of an http server is verified with the same authorities.
      tls: secure || /^https:/i.test(endpoint.proxy ?? "") ? tls : undefined,
      proxy: endpoint.proxy,
      deadlineMs,
      maxBytes: MAX_ANSWER_BYTES,
    });
    if (response.kind === "failure" || !REDIRECTS.has(response.status)) return response;
    const next = resolveRedirect(response.location, url);
    if (next === undefined) return badRedirect("its redirect has no usable address");
    if (next.origin !== new URL(url).origin) return badRedirect("it redirects to another server");
    url = next.href;
    sent = {};
  }
  return badRedirect("it redirects too often");
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

function badRedirect(reason: string): Outcome {
  return { kind: "bad-redirect", reason };
}

/**
 * Returns the target of a redirect without userinfo, which would be a credential that the user did
 * not configure; `undefined` if it is missing or malformed.
 */
function resolveRedirect(location: string | undefined, base: string): URL | undefined {
  if (location === undefined || !URL.canParse(location, base)) return undefined;
  const url = new URL(location, base);
  url.username = "";
  url.password = "";
  url.hash = "";
  return url;
}

/**
 * Returns true if credentials may bring the version. Any answer is a reason to try, and so is a TLS
 * alert that may ask for a certificate. On Windows the alert is lost when the server closes the
 * connection.
 */
function mayNeedCredentials(response: Outcome, { platform }: Pick<Host, "platform">): boolean {
  if (response.kind !== "failure") return true;
  return ASKS_FOR_CERTIFICATE.has(response.cause) ||
    (response.cause === "reset" && platform.os === "windows");
}

const ASKS_FOR_CERTIFICATE: ReadonlySet<FailureCause> = new Set([
  "certificate-required",
  "handshake-refused",
  "tls-client-certificate",
]);

function toServerAnswer(outcome: Outcome): ServerAnswer {
  switch (outcome.kind) {
    case "answer":
      return parseVersionAnswer(outcome.status, outcome.body);
    case "bad-redirect":
      return { kind: "unknown", reason: outcome.reason };
    case "failure": {
      const { cause, message, hint } = outcome;
      if (cause === "certificate-required") return denied(message);
      return {
        kind: "unreachable",
        reason: message,
        ...(hint !== undefined && { hint }),
        ...(REFUSED_BY_DENO.has(cause) && { lasting: "tls" }),
      };
    }
  }
}

/** Deno's TLS refuses these, and Go's does not. */
const REFUSED_BY_DENO: ReadonlySet<FailureCause> = new Set([
  "tls-extension",
  "tls-strict",
  "tls-key",
  "tls-client-certificate",
  "handshake-refused",
]);

function denied(reason: string): ServerAnswer {
  return { kind: "denied", reason };
}

/**
 * Reads the files of static credentials. Files that cannot be read are left out: kubectl will
 * report them, and many servers tell their version without credentials.
 */
function readCredentials(
  credentials: Credentials,
  { files }: Pick<Host, "files">,
): RequestCredentials {
  const { basic, token, tokenFile, clientCertificate, clientKey } = credentials;
  const text = (path: string) => orUndefined(() => readRegularText(path, "credential", files));
  const pem = (source: PemSource | undefined) =>
    source && ("text" in source ? source.text : text(source.file));
  const certificate = pem(clientCertificate);
  const key = pem(clientKey);
  // A token file that is not empty wins over a token, even over `--token`.
  const fromFile = tokenFile === undefined ? undefined : readToken(tokenFile, files);
  return {
    token: fromFile || token,
    basic,
    clientCertificate: certificate && key ? { certificate, key } : undefined,
  };
}

/**
 * Returns the token as client-go reads it: without the blanks of Go's `strings.TrimSpace`, but with
 * a byte order mark.
 */
function readToken(path: string, files: Host["files"]): string | undefined {
  const bytes = orUndefined(() => readRegularBytes(path, "credential", files));
  return bytes && decodeWithMark(bytes).replace(/^\p{White_Space}+|\p{White_Space}+$/gu, "");
}
