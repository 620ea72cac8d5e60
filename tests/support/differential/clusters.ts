/**
 * Generates cluster entries: servers in every spelling, trust, TLS names, proxies.
 *
 * @module
 */
import fc from "fast-check";
import { type Json, maybe, weighted } from "./arbitraries.ts";
import { FAR_HOST, FRONT_ENDS } from "./world.ts";

const PREFIXES = [
  "/",
  "//",
  "/k8s/clusters/c-1",
  "/a/../b/",
  "/a%2Fb",
  "/a b",
  "/é",
  "/p//q",
  "/%41",
];
const TAILS = ["", "", "", "?x=1", "#f", "/?x=1#f"];

const host = weighted([6, "127.0.0.1"], [2, "localhost"], [3, "0.0.0.0"]);
const tail = fc.tuple(
  weighted([6, ""], ...PREFIXES.map((prefix) => [1, prefix] as const)),
  fc.constantFrom(...TAILS),
)
  .map((parts) => parts.join(""));

export const plainServer = fc.record({
  start: weighted([6, "http://"], [1, "HTTP://"], [1, "http://u:p@"]),
  host,
  tail,
}).map(({ start, host, tail }) => `${start}${host}:{plain}${tail}`);
const bareServer = fc.record({ host, tail: weighted([3, ""], [1, "/"], [1, "/pre"], [1, "?x=1"]) })
  .map(({ host, tail }) => `${host}:{plain}${tail}`);
const secureServer = fc.record({
  start: weighted([12, "https://"], [1, "HTTPS://"], [1, "https://u:p%40@"], [1, "https://u@"]),
  host,
  port: weighted([6, "{main}"], [2, "{open}"], [1, "{other}"]),
  tail,
}).map(({ start, host, port, tail }) => `${start}${host}:${port}${tail}`);
const oddServer = fc.constantFrom(
  "127.0.0.1:{main}",
  "http://127.0.0.1:{main}",
  "https://127.0.0.1:{plain}",
  "ftp://127.0.0.1:{plain}",
  "http:/127.0.0.1:{plain}",
  "//127.0.0.1:{plain}",
  " http://127.0.0.1:{plain}",
  "http://127.0.0.1:{plain} ",
  "https://",
);
export const server = fc.oneof(
  { weight: 5, arbitrary: plainServer },
  { weight: 1, arbitrary: bareServer },
  { weight: 24, arbitrary: secureServer },
  { weight: 1, arbitrary: oddServer },
);

const trust = fc.oneof(
  {
    weight: 20,
    arbitrary: weighted<Json>(
      [6, { "certificate-authority-data": "{ca}" }],
      [3, { "certificate-authority": "pki/ca.crt" }],
      [1, { "certificate-authority": "../work/pki/both-ca.crt" }],
      [1, { "certificate-authority": "{pki}/work/ca.crt" }],
      [4, { "insecure-skip-tls-verify": true }],
      [3, {}],
      [1, { "certificate-authority-data": "{otherCa}" }],
    ),
  },
  // kubectl refuses these.
  {
    weight: 1,
    arbitrary: fc.constantFrom<Json>(
      { "certificate-authority-data": "{ca}", "certificate-authority": "pki/ca.crt" },
      { "certificate-authority-data": "{ca}", "insecure-skip-tls-verify": true },
      { "certificate-authority": "missing.crt" },
    ),
  },
);
const serverName = weighted<string | undefined>(
  [10, undefined],
  [2, "main.test"],
  [1, "localhost"],
  [1, "wrong.test"],
  [1, "127.0.0.1"],
  [1, ""],
);
const proxyUrl = weighted<string | undefined>(
  [24, undefined],
  [2, "http://127.0.0.1:{httpProxy}"],
  [1, "HTTP://localhost:{httpProxy}/"],
  [1, "http://pu:p%20w@127.0.0.1:{lockedProxy}"],
  [1, "http://pu:wrong@127.0.0.1:{lockedProxy}"],
  [1, "http://us@er:p@w@127.0.0.1:{oddProxy}"],
  [1, "http://us%40er:p%40w@127.0.0.1:{oddProxy}"],
  [1, "https://127.0.0.1:{tlsProxy}"],
  [2, "socks5://127.0.0.1:{socksProxy}"],
  [1, ""],
);
/** The authorities that accept these servers; all others share one certificate. */
const OWN: Readonly<Record<string, string>> = {
  marked: "{markedCa}",
  policed: "{policedCa}",
  shortCa: "{shortCa_}",
  short: "{shortLeafCa}",
};

export const cluster = fc.oneof(
  {
    weight: 24,
    arbitrary: fc.record({
      server: fc.oneof(
        { weight: 30, arbitrary: server.map((server): Json => ({ server })) },
        { weight: 1, arbitrary: fc.constant<Json>({}) },
      ),
      trust,
      serverName,
      proxyUrl,
      compression: maybe(9, fc.constant(true)),
      extension: maybe(5, fc.constant({ audience: "a<b>&", list: [1, "x", null] })),
    }).map(({ server, trust, serverName, proxyUrl, compression, extension }): Json => ({
      ...server,
      ...trust,
      "tls-server-name": serverName,
      "proxy-url": proxyUrl,
      "disable-compression": compression,
      extensions: extension &&
        [{ name: "client.authentication.k8s.io/exec", extension }],
    })),
  },
  // Servers that only a proxy can reach.
  {
    weight: 1,
    arbitrary: fc.constantFrom<Json>(
      { server: `https://${FAR_HOST}:{main}/far`, "certificate-authority-data": "{ca}" },
      { server: `http://${FAR_HOST}:{plain}` },
    ),
  },
  // A server's own certificate as its authority.
  {
    weight: 1,
    arbitrary: fc.constantFrom<Json>(
      { server: "https://127.0.0.1:{main}", "certificate-authority-data": "{leafCa}" },
      { server: "https://localhost:{open}/p", "certificate-authority-data": "{leafCa}" },
      { server: "https://127.0.0.1:{other}", "certificate-authority-data": "{leafCa}" },
      {
        server: "https://127.0.0.1:{main}",
        "certificate-authority-data": "{leafCa}",
        "tls-server-name": "main.test",
      },
      {
        server: "https://127.0.0.1:{main}",
        "certificate-authority-data": "{leafCa}",
        "tls-server-name": "wrong.test",
      },
    ),
  },
  // Servers that Deno's fetch or Deno's TLS cannot reach.
  {
    weight: 4,
    arbitrary: fc.record({
      name: fc.constantFrom(
        ...["http2", "headers", "old", "marked", "policed", "shortCa", "short", "cbc", "p521"],
      ),
      host,
      tail: weighted([4, ""], [1, "/k8s/clusters/c-1"]),
      trusts: weighted([8, "{ca}"], [3, "own"], [1, "{otherCa}"], [2, undefined]),
      serverName,
      proxyUrl,
    }).map(({ name, host, tail, trusts, serverName, proxyUrl }): Json => ({
      server: `https://${host}:{${name}}${tail}`,
      ...(trusts === undefined
        ? { "insecure-skip-tls-verify": true }
        : { "certificate-authority-data": trusts === "own" ? OWN[name] ?? "{leafCa}" : trusts }),
      "tls-server-name": serverName,
      "proxy-url": proxyUrl,
    })),
  },
  {
    weight: 1,
    arbitrary: fc.record({ host, proxyUrl }).map(({ host, proxyUrl }): Json => ({
      server: `http://${host}:{plainHeaders}`,
      "certificate-authority-data": "{ca}",
      "proxy-url": proxyUrl,
    })),
  },
  // Front ends that turn anonymous requests away, each in its own way.
  {
    weight: 2,
    arbitrary: fc.constantFrom(...FRONT_ENDS, "nothing").map((kind): Json => ({
      server: `https://127.0.0.1:{front}/${kind}`,
      "certificate-authority-data": "{ca}",
    })),
  },
  // A certificate that is its own authority.
  {
    weight: 1,
    arbitrary: fc.constantFrom<Json>(
      { server: "https://127.0.0.1:{self}", "certificate-authority-data": "{selfCa}" },
      { server: "https://127.0.0.1:{self}", "certificate-authority-data": "{ca}" },
      {
        server: "https://127.0.0.1:{self}",
        "certificate-authority": "pki/self.crt",
        "tls-server-name": "main.test",
      },
    ),
  },
);
