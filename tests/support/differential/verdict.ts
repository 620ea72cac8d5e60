/**
 * Judges if kuberlr asked the same server as kubectl, with the same identity. An intended
 * difference has a verdict of its own, as narrow as possible: docs/dev/parity.md gives the reasons.
 *
 * @module
 */
import type { KubectlRun, KuberlrRun, Visit } from "./ask.ts";
import { REFUSED_BY_DENO, SERVER_VERSIONS, type ServerName } from "./world.ts";

export type Verdict = typeof AGREEMENTS[number] | typeof DELIBERATE[number] | Disagreement;

/** `differs: …` */
export type Disagreement = `differs: ${string}`;

export const AGREEMENTS = [
  /** The same server, path, host, TLS name, certificate, authorization and proxies. */
  "asked the same",
  /** Both tried the same server, and neither got to ask, because of TLS or a proxy. */
  "failed the same",
  /** Both tried the default server, where nothing listens. */
  "both meant localhost:8080",
  /** A server is not needed, and none was asked. */
  "both local",
  /** kubectl refused, and kuberlr asked no server. */
  "both refused",
] as const;

export const DELIBERATE = [
  /**
   * kubectl refused the line or the configuration, so it does not matter which server kuberlr
   * asked.
   */
  "kubectl refused",
  /** kubectl's credential plugin failed. */
  "its plugin failed",
  /** The server tells its version to anyone, so kuberlr ran no credential plugin. */
  "anonymous first",
  /** kuberlr does not send the URL's userinfo over http; kubectl does. */
  "no credentials over http",
  /** Go sends an invalid TLS name, which the server refuses. */
  "no such TLS name",
  /**
   * kuberlr asks with the URL's userinfo alone; kubectl adds the certificate of a credential
   * plugin.
   */
  "userinfo without its plugin",
  /** kubectl asks the user for a name and a password. */
  "no prompt",
  /** Go's TLS connects and Deno's does not, and kuberlr says that the version stays unknown. */
  "refused by Deno, and said",
  /** Over HTTP/2 alone, kuberlr sends the TLS server name as the authority. */
  "TLS name as the host",
  /**
   * The answer has more than 100 headers over HTTP/1.1, through a proxy or with a TLS server name.
   */
  "without its certificate",
  /** A completion must not keep the shell waiting. */
  "completion",
] as const;

export function judge(kubectl: KubectlRun, kuberlr: KuberlrRun): Verdict {
  const { need } = kuberlr.resolution;
  const theirs = kubectl.seen, ours = kuberlr.seen;
  if (ours.impersonated) return "differs: impersonation was asked for";
  const went = theirs.dialed.length + theirs.proxied.length > 0;
  if (kubectl.killed && !went) return "differs: kubectl hung";
  const goes = ours.dialed.length + ours.proxied.length > 0;
  if (need.kind === "completion") return goes ? "differs: asked for a completion" : "completion";
  if (went) return judgeContact(kubectl, kuberlr);
  if (kubectl.status === 0) {
    return need.kind === "local" && !goes ? "both local" : "differs: asked for a local command";
  }
  if (need.kind === "local") return goes ? "differs: asked for a local command" : "both local";
  if (/Please enter (?:Username|Password):/.test(kubectl.stdout + kubectl.stderr)) {
    return "no prompt";
  }
  if (/localhost:8080 was refused/.test(kubectl.stderr)) {
    return urlOf(kuberlr) === "http://localhost:8080/version" && !goes
      ? "both meant localhost:8080"
      : "differs: kubectl meant localhost:8080";
  }
  return goes ? "kubectl refused" : "both refused";
}

const PLUGIN_FAILURE =
  /exec plugin|exec: executable|decoding stdout|not (?:permitted by the credential|allowed: policy)/;

function judgeContact(kubectl: KubectlRun, { resolution, seen: ours }: KuberlrRun): Verdict {
  const theirs = kubectl.seen;
  if (resolution.need.kind === "local") return "differs: no local command";
  if (!isSame(theirs.proxied, ours.proxied)) return "differs: proxies";
  if (!isSame(theirs.dialed, ours.dialed)) return "differs: connected to another server";
  if (theirs.visits.length > 1) return "differs: kubectl came in two ways";
  if (theirs.visits.length === 0 && PLUGIN_FAILURE.test(kubectl.stderr)) return "its plugin failed";
  if (theirs.visits.length === 0 && /tls: illegal parameter/.test(kubectl.stderr)) {
    return "no such TLS name";
  }
  const [their] = theirs.visits;
  const our = ours.visits.at(-1);
  const lasting = resolution.learned?.answer?.kind !== "version" &&
    resolution.learned?.answer?.lasting;
  if (their !== undefined && our === undefined && REFUSED_BY_DENO.has(their.server) && lasting) {
    return "refused by Deno, and said";
  }
  if (their === undefined || our === undefined) {
    return their === our ? "failed the same" : "differs: only one of them got through";
  }
  const isKnown = (visit: Visit) => isAnonymous(visit) || isSame(visit, their);
  if (!ours.visits.slice(0, -1).every(isKnown)) return "differs: two identities";
  const named = { ...our, host: their.host };
  const isNamed = their.server === "http2" &&
    our.host.replace(/:\d+$/, "") === tlsNameOf(resolution) && isSame(their, named);
  if (!isSame(placeOf(their), placeOf(our)) && !isNamed) return "differs: another place";

  const { answer } = resolution.learned ?? {};
  if (answer?.kind === "version") {
    const expected = SERVER_VERSIONS[their.server as ServerName];
    if (answer.gitVersion !== expected) return "differs: a version of nobody";
  }
  if (isNamed && !isSame(their, our) && answer?.kind === "version") return "TLS name as the host";
  if (isSame(their, our)) {
    return answer?.kind === "version" ? "asked the same" : "differs: no version";
  }
  const isCertified = their.certificate !== "" && isSame({ ...their, certificate: "" }, our);
  const isDetoured = ours.proxied.length > 0 || our.sni !== "";
  if (their.server === "headers" && isCertified && isDetoured) return "without its certificate";
  if (USERINFO.has(our.authorization) && isSame({ ...their, certificate: "" }, our)) {
    return "userinfo without its plugin";
  }
  if (!isAnonymous(our)) return "differs: another identity";
  if (their.server.startsWith("plain")) return "no credentials over http";
  const byPlugin = resolution.connection.kind === "target" &&
    resolution.connection.target.credentials.exec !== undefined;
  return byPlugin && their.server === "open" ? "anonymous first" : "differs: no identity";
}

/** The authorization headers that the URLs in clusters.ts lead to. */
const USERINFO: ReadonlySet<string> = new Set([`Basic ${btoa("u:p@")}`, `Basic ${btoa("u:")}`]);

function urlOf({ resolution: { connection } }: KuberlrRun): string | undefined {
  return connection.kind === "target" ? connection.target.endpoint.url : undefined;
}

function tlsNameOf({ connection }: KuberlrRun["resolution"]): string | undefined {
  return connection.kind === "target" ? connection.target.endpoint.tlsServerName : undefined;
}

function isAnonymous({ authorization, certificate }: Visit): boolean {
  return authorization === "" && certificate === "";
}

function placeOf({ server, host, prefix, sni }: Visit): unknown {
  return { server, host, prefix, sni };
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
