/**
 * Asks one API server for its version, with the credentials that kubectl would use and as little
 * risk to them as possible: static ones are sent at once, a credential plugin runs only where an
 * anonymous request did not bring the version, and nothing goes over http or follows a redirect.
 * One budget of time covers all requests; the time that a plugin takes does not count.
 *
 * @module
 */
import { parseVersionAnswer, type ServerAnswer } from "../version_answer.ts";
import type { Credentials, ExecPlugin, PemSource } from "../../connection/credentials.ts";
import type { Target } from "../../connection/target.ts";
import { orUndefined } from "../../errors.ts";
import { formatExecInfo, parseExecCredential } from "../exec_credential.ts";
import { renderNote } from "../../output/report.ts";
import type { ApiResponse, ApiTls, DeadlineMs, FailureCause, Host } from "../../ports/host.ts";
import { PIN } from "../lasting_notice.ts";
import { requestHeaders } from "../request_headers.ts";
import { decodeUtf8 } from "../../encoding/utf8.ts";
import { lookPath } from "../../files/steps/look_path.ts";
import { readRegularText } from "../../files/steps/read_regular.ts";

export interface Query {
  readonly target: Target;
  /** For all requests together. */
  readonly timeoutSeconds: number;
  /**
   * Whether the credential plugin may be run: it may not where another command holds the server's
   * lock, or where it has failed before.
   */
  readonly plugin: "allowed" | "not-mine" | "failed-before";
  readonly quiet: boolean;
}

const MAX_ANSWER_BYTES = 1024 * 1024;
const MAX_REDIRECTS = 3;

/** Returns the answer; nothing that a network, a server, a file or a plugin does makes it throw. */
export async function queryApiServer(
  query: Query,
  host: Pick<Host, "clock" | "env" | "files" | "http" | "platform" | "processes" | "terminal">,
): Promise<ServerAnswer> {
  const { target } = query;
  const startMs = host.clock.monotonicMs();
  const deadlineMs = startMs + query.timeoutSeconds * 1000;
  const secure = target.endpoint.url.startsWith("https:");
  const credentials = secure ? target.credentials : {};
  const response = await ask(target, readIdentity(credentials, host), deadlineMs, host);
  const answer = describe(response);
  const { exec } = credentials;
  if (exec === undefined || answer.kind === "version" || !mayWantPlugin(response, host)) {
    return answer;
  }
  if (exec.forbidden) return denied("kuberc forbids its credential plugin");
  if (exec.interactiveMode === "Always") return denied("its credential plugin wants a terminal");
  if (query.plugin === "failed-before") {
    return { ...answer, reason: `${answer.reason}, and its credential plugin has failed before` };
  }
  if (query.plugin === "not-mine") {
    return { ...answer, reason: `${answer.reason}, and its credential plugin was not run` };
  }

  const beforeMs = host.clock.monotonicMs();
  const identity = await runPlugin(exec, query, host);
  if ("reason" in identity) {
    return { kind: "unreachable", reason: identity.reason, ...PLUGIN_IN_VAIN };
  }
  const pluginMs = host.clock.monotonicMs() - beforeMs;
  const second = describe(await ask(target, identity, deadlineMs + pluginMs, host));
  // A server that is down by now, or slow, says nothing against the plugin.
  return second.kind === "denied" || second.kind === "unknown" ||
      (second.kind === "unreachable" && second.lasting !== undefined)
    ? { ...second, ...PLUGIN_IN_VAIN }
    : second;
}

const PLUGIN_IN_VAIN = {
  lasting: "plugin",
  hint: `Mend the plugin and run "kuberlr clusters", or pin the kubectl (${PIN})`,
} as const;

/** The credentials of one request. */
interface RequestIdentity {
  readonly token?: string | undefined;
  readonly basic?: Credentials["basic"] | undefined;
  readonly clientCertificate?: ApiTls["clientCertificate"];
}

type Answer = ApiResponse | { readonly kind: "astray"; readonly reason: string };

/**
 * Follows redirects within the same server, and anonymously: a credential is for the path that the
 * kubeconfig names.
 */
async function ask(
  { endpoint }: Target,
  identity: RequestIdentity,
  deadlineMs: DeadlineMs,
  { http }: Pick<Host, "http">,
): Promise<Answer> {
  const secure = endpoint.url.startsWith("https:");
  let url = endpoint.url;
  let asker = identity;
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    const tls: ApiTls = {
      certificateAuthority: endpoint.certificateAuthority,
      insecure: endpoint.insecure,
      serverName: endpoint.tlsServerName,
      clientCertificate: asker.clientCertificate,
    };
    const response = await http.ask({
      url,
      headers: requestHeaders(asker),
      // An https proxy in front of an http server is checked against the same authorities.
      tls: secure || /^https:/i.test(endpoint.proxy ?? "") ? tls : undefined,
      proxy: endpoint.proxy,
      deadlineMs,
      maxBytes: MAX_ANSWER_BYTES,
    });
    if (response.kind === "failure" || !REDIRECTS.has(response.status)) return response;
    const next = resolve(response.location, url);
    if (next === undefined) return astray("it redirects nowhere");
    if (next.origin !== new URL(url).origin) return astray("it redirects to another server");
    url = next.href;
    asker = {};
  }
  return astray("it redirects in circles");
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

function astray(reason: string): Answer {
  return { kind: "astray", reason };
}

/** Without userinfo: it would be a credential that the user did not configure. */
function resolve(location: string | undefined, base: string): URL | undefined {
  if (location === undefined || !URL.canParse(location, base)) return undefined;
  const url = new URL(location, base);
  url.username = "";
  url.password = "";
  url.hash = "";
  return url;
}

/**
 * Whether credentials may bring what this answer did not: any answer is a reason to try, and so is
 * a TLS alert that may ask for a certificate. On Windows the alert is lost when the server closes
 * the connection.
 */
function mayWantPlugin(response: Answer, { platform }: Pick<Host, "platform">): boolean {
  if (response.kind !== "failure") return true;
  return response.cause === "certificate-required" || response.cause === "handshake-refused" ||
    (response.cause === "reset" && platform.os === "windows");
}

function describe(answer: Answer): ServerAnswer {
  switch (answer.kind) {
    case "answer":
      return parseVersionAnswer(answer.status, answer.body);
    case "astray":
      return { kind: "unknown", reason: answer.reason };
    case "failure": {
      const { cause, message, hint } = answer;
      if (cause === "certificate-required") return denied(message);
      return {
        kind: "unreachable",
        reason: message,
        ...(hint !== undefined && { hint }),
        ...(LASTING.has(cause) && { lasting: "tls" }),
      };
    }
  }
}

/** What Deno's TLS refuses and Go's accepts. */
const LASTING: ReadonlySet<FailureCause> = new Set([
  "tls-extension",
  "tls-authority",
  "tls-key",
  "handshake-refused",
]);

function denied(reason: string): ServerAnswer {
  return { kind: "denied", reason };
}

/**
 * The static credentials, their files read. What cannot be read is left out: kubectl will complain
 * of it, and many servers tell their version to anybody.
 */
function readIdentity(
  credentials: Credentials,
  { files }: Pick<Host, "files">,
): RequestIdentity {
  const { basic, token, tokenFile, clientCertificate, clientKey } = credentials;
  const text = (path: string) => orUndefined(() => readRegularText(path, "credential", files));
  const pem = (source: PemSource | undefined) =>
    source && ("text" in source ? source.text : text(source.file));
  const certificate = pem(clientCertificate);
  const key = pem(clientKey);
  // The file wins over the token, even over one from the command line, as long as it holds
  // something.
  const fromFile = tokenFile === undefined ? undefined : text(tokenFile)?.trim();
  return {
    token: fromFile || token,
    basic,
    clientCertificate: certificate && key ? { certificate, key } : undefined,
  };
}

const MAX_PLUGIN_BYTES = 1024 * 1024;

async function runPlugin(
  plugin: ExecPlugin,
  { quiet }: Query,
  host: Pick<Host, "env" | "files" | "platform" | "processes" | "terminal">,
): Promise<RequestIdentity | { readonly reason: string }> {
  // In the PATH of this process, not in that of the plugin's own environment, as client-go does.
  const command = lookPath(plugin.command, host);
  if (command === undefined) {
    return { reason: `its credential plugin failed: there is no executable "${plugin.command}"` };
  }
  const { processes, terminal } = host;
  let isFirst = true;
  const result = await processes.run({
    command,
    args: plugin.args,
    env: {
      ...Object.fromEntries(plugin.env.map(({ name, value }) => [name, value])),
      KUBERNETES_EXEC_INFO: formatExecInfo(plugin),
      // A plugin that calls kubectl must not make it ask for the version in turn.
      KUBERLR_RESOLVING_VERSION: "1",
    },
    maxOutputBytes: MAX_PLUGIN_BYTES,
    stderr: {
      afterMs: SHOW_STDERR_AFTER_MS,
      show(text) {
        if (isFirst && !quiet) {
          const name = plugin.command.replace(/^.*[\\/]/, "");
          terminal.stderr.write(renderNote(`Waiting for the credential plugin "${name}"`));
        }
        isFirst = false;
        if (text !== "") terminal.stderr.write(text);
      },
    },
  });
  if (result.kind === "failed") {
    return { reason: `its credential plugin failed: ${result.message}` };
  }
  if (result.status !== 0) {
    return { reason: `its credential plugin failed with exit status ${result.status}` };
  }
  const { parseDocument } = await import("../../kubeconfig/text.ts");
  const credential = parseExecCredential(
    decodeUtf8(result.stdout),
    plugin.apiVersion,
    parseDocument,
  );
  return credential.kind === "credential"
    ? credential
    : { reason: `its credential plugin failed: ${credential.reason}` };
}

/** Faster plugins stay silent, as kubectl runs them again and shows what they say. */
const SHOW_STDERR_AFTER_MS = 1_000;
