/**
 * Asks one API server for its version, with the credentials that kubectl would use and as little risk to them as
 * possible: static ones are sent at once, a credential plugin runs only for a server that has refused an anonymous
 * request, nothing goes over http or follows a redirect to elsewhere. One budget of time covers it all, and whatever
 * servers, files and plugins do is an answer.
 *
 * @module
 */
import { parseVersionAnswer, type ServerAnswer } from "../version_answer.ts";
import type { Credentials, ExecPlugin, PemSource, Target } from "../../connection/connection.ts";
import { orUndefined } from "../../errors.ts";
import { formatExecInfo, parseExecCredential } from "../exec_credential.ts";
import type { ApiResponse, ApiTls, DeadlineMs, Host } from "../../ports/host.ts";
import { requestHeaders } from "../request_headers.ts";
import { decodeUtf8 } from "../../encoding/utf8.ts";
import { readRegularText } from "../../files/steps/read_regular.ts";

type Ports = Pick<Host, "http" | "processes" | "files" | "clock">;

const MAX_ANSWER_BYTES = 1024 * 1024;
const MAX_REDIRECTS = 3;

/** Never throws for what a network, a server, a file or a plugin does. */
export async function queryApiServer(
  target: Target,
  timeoutSeconds: number,
  host: Ports,
): Promise<ServerAnswer> {
  const deadlineMs = host.clock.monotonicMs() + timeoutSeconds * 1000;
  const secure = target.endpoint.url.startsWith("https:");
  const credentials = secure ? target.credentials : {};
  const response = await ask(target, readIdentity(credentials, host), deadlineMs, host);
  const { exec } = credentials;
  if (exec === undefined || !isDenied(response)) return describe(response);
  if (exec.forbidden) return denied("kuberc forbids its credential plugin");
  if (exec.interactiveMode === "Always") return denied("its credential plugin wants a terminal");

  const identity = await runPlugin(exec, deadlineMs, host);
  if ("reason" in identity) return { kind: "unreachable", reason: identity.reason };
  return describe(await ask(target, identity, deadlineMs, host));
}

/** Who asks. */
interface Identity {
  readonly token?: string | undefined;
  readonly basic?: Credentials["basic"] | undefined;
  readonly clientCertificate?: ApiTls["clientCertificate"];
}

type Answer = ApiResponse | { readonly kind: "astray"; readonly reason: string };

/** Follows redirects within the same server, and as nobody: a credential is for the path that the kubeconfig names. */
async function ask(
  { endpoint }: Target,
  identity: Identity,
  deadlineMs: DeadlineMs,
  { http }: Ports,
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

/** Without userinfo: it would be a credential that nobody configured. */
function resolve(location: string | undefined, base: string): URL | undefined {
  if (location === undefined || !URL.canParse(location, base)) return undefined;
  const url = new URL(location, base);
  url.username = "";
  url.password = "";
  url.hash = "";
  return url;
}

function isDenied(answer: Answer): boolean {
  return answer.kind === "answer"
    ? answer.status === 401 || answer.status === 403
    : answer.kind === "failure" && answer.cause === "certificate-required";
}

function describe(answer: Answer): ServerAnswer {
  switch (answer.kind) {
    case "answer":
      return parseVersionAnswer(answer.status, answer.body);
    case "astray":
      return { kind: "unknown", reason: answer.reason };
    case "failure":
      return answer.cause === "certificate-required"
        ? denied(answer.message)
        : { kind: "unreachable", reason: answer.message };
  }
}

function denied(reason: string): ServerAnswer {
  return { kind: "denied", reason };
}

/**
 * The static credentials, their files read. What cannot be read is left out: kubectl will complain of it, and many
 * servers tell their version to anybody.
 */
function readIdentity(credentials: Credentials, { files }: Ports): Identity {
  const { basic, token, tokenFile, clientCertificate, clientKey } = credentials;
  const text = (path: string) => orUndefined(() => readRegularText(path, files));
  const pem = (source: PemSource | undefined) =>
    source && ("text" in source ? source.text : text(source.file));
  const certificate = pem(clientCertificate);
  const key = pem(clientKey);
  // The file wins over the token, even over one from the command line, as long as it holds something.
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
  deadlineMs: DeadlineMs,
  { processes }: Ports,
): Promise<Identity | { readonly reason: string }> {
  const result = await processes.run({
    command: plugin.command,
    args: plugin.args,
    env: {
      ...Object.fromEntries(plugin.env.map(({ name, value }) => [name, value])),
      KUBERNETES_EXEC_INFO: formatExecInfo(plugin),
      // A plugin that calls kubectl must not make it ask for the version in turn.
      KUBERLR_RESOLVING_VERSION: "1",
    },
    deadlineMs,
    maxOutputBytes: MAX_PLUGIN_BYTES,
  });
  if (result.kind === "failed") {
    return { reason: `its credential plugin failed: ${result.message}` };
  }
  if (result.status !== 0) {
    return { reason: `its credential plugin failed with exit status ${result.status}` };
  }
  const { parse } = await import("@std/yaml");
  const credential = parseExecCredential(
    decodeUtf8(result.stdout),
    plugin.apiVersion,
    (text) => parse(text, { schema: "core", allowDuplicateKeys: true }),
  );
  return credential.kind === "credential"
    ? credential
    : { reason: `its credential plugin failed: ${credential.reason}` };
}
