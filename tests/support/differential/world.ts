/**
 * A loopback world in which a real kubectl and kuberlr can be asked the same question: API servers
 * that record only who came and with which credentials, proxies in front of them, authorities,
 * client certificates and credential plugins.
 *
 * Every server answers `…/version` with its own version, and anything else with 404: kubectl's
 * first request shows which server it asks, and with which identity.
 *
 * @module
 */
import { type Answer, type ApiServer, startApiServer } from "../api_server.ts";
import { versionBody } from "../api_documents.ts";
import { type Identity, makeAuthority, makeSelfSigned } from "../certificates.ts";
import { hasNode, startNodeServer } from "../node_server.ts";
import { startOldServer } from "../old_server.ts";
import { type LoopbackProxy, startHttpProxy, startSocksProxy } from "../proxies.ts";

export interface DifferentialWorld extends AsyncDisposable {
  readonly root: string;
  readonly servers: Readonly<Record<ServerName, ApiServer>>;
  readonly proxies: Readonly<Record<ProxyName, LoopbackProxy>>;
  /** Values for `{name}` in a case: ports, PEM texts in base64, paths. */
  readonly values: Readonly<Record<string, string>>;
  /**
   * Variables of this process while the world lasts, so that both sides have them: the system's
   * roots and the plugins.
   */
  readonly env: Readonly<Record<"PATH" | "SSL_CERT_FILE", string>>;
}

/**
 * - `plain`: http
 * - `main`: https, the authority `ca`, no anonymous requests
 * - `other`: the same with the authority `otherCa`, and only for the names 127.0.0.1 and other.test
 * - `open`: https, the authority `ca`, tells its version to anyone
 * - `self`: https, its certificate is its own authority
 * - `front`: as `main`, behind a front end that turns anonymous requests away, in the way that the
 *   path names
 * - `http2`: as `main`, over HTTP/2 alone
 * - `headers`, `plainHeaders`: as `main` and `plain`, with 200 headers in every answer
 * - `old`: as `main`, over HTTP/1.0; it closes connections without TLS' closing message
 * - `marked`, `policed`: as `main`, with a CA:TRUE certificate, and below an intermediate with
 *   critical policies
 * - `shortCa`: as `main`, with an RSA authority of 1,024 bits
 * - `short`, `cbc`, `p521`: https by OpenSSL, tell their version to anyone; they have a certificate
 *   of 1,024 bits, only CBC cipher suites, and only that curve
 */
export const SERVER_VERSIONS = {
  plain: "v1.30.1",
  main: "v1.31.2-eks-1",
  other: "v1.32.3+k3s1",
  open: "v1.33.4-gke.5",
  self: "v1.34.5",
  front: "v1.29.6",
  http2: "v1.28.7",
  headers: "v1.28.8",
  plainHeaders: "v1.28.9",
  old: "v1.28.10",
  marked: "v1.28.11",
  policed: "v1.28.12",
  shortCa: "v1.28.13",
  short: "v1.28.14",
  cbc: "v1.28.15",
  p521: "v1.28.16",
} as const;

/**
 * Servers to which Go's TLS connects and Deno's does not, unless the refused certificate is trusted
 * itself.
 */
export const REFUSED_BY_DENO: ReadonlySet<string> = new Set(
  ["marked", "policed", "shortCa", "short", "cbc", "p521"] satisfies ServerName[],
);

export type ServerName = keyof typeof SERVER_VERSIONS;

const PROXY_NAMES = ["http", "locked", "odd", "tls", "socks"] as const;
export type ProxyName = typeof PROXY_NAMES[number];

/**
 * The folders of a case that hold kubeconfigs. Each has a `pki` folder with its own token and
 * plugin.
 */
export const FOLDERS = ["home/.kube", "work", "work/conf", "elsewhere"] as const;

/** A name that only the proxies know. */
export const FAR_HOST = "api.far.test";

export async function startDifferentialWorld(): Promise<DifferentialWorld> {
  const root = await Deno.realPath(await Deno.makeTempDir({ prefix: "kuberlr-differential-" }));
  const ca = await makeAuthority({ name: "kubernetes" });
  const otherCa = await makeAuthority({ name: "kubernetes" });
  const alice = await ca.client({ user: "alice", groups: ["system:masters"] });
  const bob = await ca.client({ user: "bob" });
  const names = ["localhost", "127.0.0.1", "::1", "0.0.0.0", "main.test", FAR_HOST];
  const identity = await ca.server({ names });
  const self = await makeSelfSigned({ names, authority: true });

  const policed = await ca.intermediate({ policies: true });
  const shortCa = await makeAuthority({ rsaBits: 1024 });
  const shortLeaf = await ca.server({ names, rsaBits: 1024 });
  const marked = await ca.server({ names, authority: true });

  const start = (name: ServerName, tls?: Identity) =>
    startApiServer({
      answer: ({ path, authorization, clientCertificate }) =>
        answer(name, path, authorization ?? clientCertificate),
      ...tls === undefined ? {} : { tls, clientCa: ca.certificate },
      http2: name === "http2",
    });
  const startOdd = (
    name: ServerName,
    tls: Identity,
    options: Readonly<Record<string, string>>,
  ): Promise<ApiServer> =>
    // Without Node, these are ordinary servers.
    !hasNode() ? start(name, tls) : startNodeServer({
      version: SERVER_VERSIONS[name],
      tls,
      clientCa: ca.certificate,
      options,
    });
  const servers = {
    plain: await start("plain"),
    main: await start("main", identity),
    other: await start("other", await otherCa.server({ names: ["127.0.0.1", "other.test"] })),
    open: await start("open", identity),
    self: await start("self", self),
    front: await start("front", identity),
    http2: await start("http2", identity),
    headers: await start("headers", identity),
    plainHeaders: await start("plainHeaders"),
    old: await startOldServer({
      tls: identity,
      clientCa: ca.certificate,
      answer({ path, authorization, clientCertificate }) {
        const said = answer("old", path, authorization ?? clientCertificate);
        return said.kind === "body"
          ? { status: said.status ?? 200, body: String(said.body) }
          : { status: 401, body: "{}" };
      },
    }),
    marked: await start("marked", marked),
    policed: await start("policed", await policed.server({ names })),
    shortCa: await start("shortCa", await shortCa.server({ names })),
    short: await startOdd("short", shortLeaf, { ciphers: "DEFAULT@SECLEVEL=0" }),
    cbc: await startOdd("cbc", identity, {
      ciphers: "ECDHE-ECDSA-AES128-SHA",
      maxVersion: "TLSv1.2",
    }),
    p521: await startOdd("p521", identity, { ecdhCurve: "P-521" }),
  };
  const route = (target: string) => target.replace(FAR_HOST, "127.0.0.1");
  const proxies = {
    http: startHttpProxy({ route }),
    locked: startHttpProxy({ route, credentials: "pu:p w" }),
    odd: startHttpProxy({ route, credentials: "us@er:p@w" }),
    tls: startHttpProxy({ route, tls: identity }),
    socks: startSocksProxy({ route }),
  };

  const write = (path: string, text: string, mode = 0o644) => {
    Deno.mkdirSync(`${root}/${path}`.replace(/\/[^/]*$/, ""), { recursive: true });
    Deno.writeTextFileSync(`${root}/${path}`, text, { mode });
  };
  for (const folder of FOLDERS) {
    const pki = `pki/${folder}`;
    write(`${pki}/ca.crt`, ca.certificate);
    write(`${pki}/other-ca.crt`, otherCa.certificate);
    write(`${pki}/both-ca.crt`, `# two\n${otherCa.certificate}\n${ca.certificate}`);
    write(`${pki}/self.crt`, self.certificate);
    write(`${pki}/alice.crt`, alice.certificate);
    write(`${pki}/alice.key`, alice.key);
    write(`${pki}/bob.pem`, bob.certificate + bob.key);
    write(`${pki}/token`, `  file-token-of-${folder.replaceAll("/", "-")}\n`);
    write(`${pki}/empty`, " \n");
    write(`${pki}/plugin`, pluginScript(`of-${folder}`), 0o755);
  }
  write("bin/cred", pluginScript("of-path"), 0o755);
  write("bin/cred-yaml", YAML_PLUGIN, 0o755);
  write("bin/cred-certificate", certificatePlugin(alice), 0o755);
  write("bin/cred-fails", "#!/bin/sh\necho no >&2\nexit 3\n", 0o755);
  write("bin/cred-noise", "#!/bin/sh\necho Logging in\nexec cred v1\n", 0o755);

  const base64 = (text: string) => new TextEncoder().encode(text).toBase64();
  const env = { PATH: `${root}/bin:/usr/bin:/bin`, SSL_CERT_FILE: `${root}/pki/work/ca.crt` };
  return {
    root,
    servers,
    proxies,
    env,
    values: {
      pki: `${root}/pki`,
      ca: base64(ca.certificate),
      caTwice: base64(base64(ca.certificate)),
      otherCa: base64(otherCa.certificate),
      selfCa: base64(self.certificate),
      leafCa: base64(identity.certificate),
      markedCa: base64(marked.certificate),
      policedCa: base64(policed.certificate),
      shortCa_: base64(shortCa.certificate),
      shortLeafCa: base64(shortLeaf.certificate),
      aliceCrt: base64(alice.certificate),
      aliceKey: base64(alice.key),
      bobPem: base64(bob.certificate + bob.key),
      ...portsOf("", servers),
      ...portsOf("Proxy", proxies),
    },
    async [Symbol.asyncDispose]() {
      for (const part of [...Object.values(proxies), ...Object.values(servers)]) {
        await part[Symbol.asyncDispose]();
      }
      await Deno.remove(root, { recursive: true });
    },
  };
}

function portsOf(suffix: string, parts: Readonly<Record<string, { readonly url: string }>>) {
  return Object.fromEntries(
    Object.entries(parts).map(([name, { url }]) => [`${name}${suffix}`, new URL(url).port]),
  );
}

function answer(name: ServerName, path: string, identity: string | undefined): Answer {
  const anybody = ["plain", "plainHeaders", "open", "short", "cbc", "p521"].includes(name);
  if (name === "front" && identity === undefined) return frontEnd(path);
  const isVersion = /\/version(?:\?|$)/.test(path);
  return {
    kind: "body",
    status: !anybody && identity === undefined ? 401 : isVersion ? 200 : 404,
    body: isVersion ? JSON.stringify(versionBody(SERVER_VERSIONS[name])) : "{}",
    headers: {
      "content-type": "application/json",
      ...(/headers/i.test(name) && MANY_HEADERS),
    },
  };
}

const MANY_HEADERS = Object.fromEntries(
  Array.from({ length: 200 }, (_, at) => [`x-header-${at}`, "value"]),
);

/** The front ends, each named by its answer to an anonymous request. */
export const FRONT_ENDS = [
  "redirect",
  "page",
  "missing",
  "broken",
  "certificate",
  "empty",
] as const;

function frontEnd(path: string): Answer {
  switch (FRONT_ENDS.find((each) => path.startsWith(`/${each}/`))) {
    case "redirect":
      return { kind: "redirect", location: "https://login.example.com/" };
    case "page":
      return { kind: "html" };
    case "missing":
      return { kind: "status", status: 404 };
    case "broken":
      return { kind: "status", status: 503 };
    case "certificate":
      return { kind: "body", status: 400, body: "No required SSL certificate was sent" };
    case "empty":
      return { kind: "body", body: "{}" };
    case undefined:
      return { kind: "status", status: 403 };
  }
}

/**
 * A plugin whose token holds its input: arguments, a variable, and KUBERNETES_EXEC_INFO in base64.
 */
function pluginScript(where: string): string {
  return `#!/bin/sh
info=$(printf %s "$KUBERNETES_EXEC_INFO" | base64 | tr -d '\\n')
token="plugin-${where}-$1-$2-$EXTRA-$info"
printf '{"apiVersion":"client.authentication.k8s.io/%s","kind":"ExecCredential","status":{"token":"%s"}}' "$1" "$token"
`;
}

const YAML_PLUGIN = `#!/bin/sh
cat <<end
apiVersion: client.authentication.k8s.io/$1
kind: ExecCredential
status:
  expirationTimestamp: 2020-01-01T00:00:00Z
  token: plugin-yaml
end
`;

function certificatePlugin({ certificate, key }: Identity): string {
  const credential = JSON.stringify({
    apiVersion: "client.authentication.k8s.io/v1",
    kind: "ExecCredential",
    status: { clientCertificateData: certificate, clientKeyData: key },
  });
  return `#!/bin/sh\ncat <<'end'\n${credential}\nend\n`;
}
