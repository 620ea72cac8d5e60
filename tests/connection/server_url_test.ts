import { assertEquals } from "@std/assert";
import {
  formatVersionUrl,
  normalizeServer,
  parseServerUrl,
  withoutSecrets,
} from "../../lib/connection/server_url.ts";

/** `undefined` means that kubectl sends nothing. */
const ROWS: readonly (readonly [server: string, url: string | undefined])[] = [
  ["http://h:8001", "http://h:8001/version"],
  ["http://h:8001/", "http://h:8001/version"],
  ["http://h:8001//", "http://h:8001/version"],
  ["http://h:8001?x=1", "http://h:8001/version"],
  ["http://h:8001#f", "http://h:8001/version"],
  ["http://h:8001/#f", "http://h:8001/%23f/version"],
  ["http://h:8001/pre#f?x=1", "http://h:8001/pre%23f/version"],
  ["http://h:8001/pre?x=1#f", "http://h:8001/pre/version"],
  ["h:8001/#f", "http://h:8001/version"],
  ["http://h:8001/pre", "http://h:8001/pre/version"],
  ["http://h:8001/pre/", "http://h:8001/pre/version"],
  ["http://h:8001/pre//", "http://h:8001/pre/version"],
  ["http://h:8001/pre?x=1", "http://h:8001/pre/version"],
  ["http://h:8001/k8s/clusters/c-abc", "http://h:8001/k8s/clusters/c-abc/version"],
  ["http://h/a%2Fb", "http://h/a/b/version"],
  ["http://h/a b", "http://h/a%20b/version"],
  ["http://h/p/../x", "http://h/x/version"],
  ["http://h/%2e%2e/x", "http://h/x/version"],
  ["http://h/é", "http://h/%C3%A9/version"],
  ["http://h/%C3%A9", "http://h/%C3%A9/version"],
  ["http://h/%FF", "http://h/%FF/version"],
  ["http://h/100%25", "http://h/100%25/version"],
  ["http://h/%2525", "http://h/%2525/version"],
  ["http://h/(a)!*'", "http://h/%28a%29%21%2A%27/version"],
  ["http://h/a:b@c;d=e+f,g&h$", "http://h/a:b@c;d=e+f,g&h$/version"],
  ["h", "http://h/version"],
  ["h:8080", "http://h:8080/version"],
  ["localhost", "http://localhost/version"],
  ["10.0.0.1:6443", "http://10.0.0.1:6443/version"],
  ["h:8080/", "http://h:8080/version"],
  ["h:8080?x", "http://h:8080/version"],
  ["http://h", "http://h/version"],
  ["http://h:80", "http://h/version"],
  ["http://h:", "http://h/version"],
  ["https://h", "https://h/version"],
  ["https://h:443", "https://h/version"],
  ["https://h:80", "https://h:80/version"],
  ["https://h:06443", "https://h:6443/version"],
  ["HTTP://H:1", "http://h:1/version"],
  ["HTTPS://h", "https://h/version"],
  ["https://user:pw@h:6443/p", "https://h:6443/p/version"],
  ["[::1]:6443", "http://[::1]:6443/version"],
  ["https://[::1]", "https://[::1]/version"],
  ["http://[fe80::1%25lo]:81", "http://[fe80::1%25lo]:81/version"],
  [":8080", "http://localhost:8080/version"],
  ["https://under_score.example", "https://under_score.example/version"],
  ["https://1.2.3.4.example", "https://1.2.3.4.example/version"],
  ["h:8080/pre", undefined],
  ["http:/h", undefined],
  ["//h:80", undefined],
  ["http://", undefined],
  ["http://?x", undefined],
  ["http://h:abc", undefined],
  ["http://h:8080 ", undefined],
  [" http://h:8080", undefined],
  ["unix:///var/run/x", undefined],
  ["ftp://h", undefined],
  ["/", undefined],
  ["::1", undefined],
  ["http://::1", undefined],
  ["http://h:99999", undefined],
  ["http://h/%zz", undefined],
  ["http://h\n", undefined],
  ["http://h ost", undefined],
  ["http://a b@h", undefined],
  ["http://[::1", undefined],
  // Hosts that fetch would take for an address.
  ["https://127.1", undefined],
  ["https://2130706433", undefined],
  ["https://0x7f000001", undefined],
  ["https://010.0.0.1", undefined],
  ["https://1.2.3.256", undefined],
];

for (const [server, want] of ROWS) {
  Deno.test(`parseServerUrl() of ${JSON.stringify(server)} asks ${want ?? "no server"}`, () => {
    const url = parseServerUrl(server);
    assertEquals(url.kind === "server" ? formatVersionUrl(url) : undefined, want);
  });
}

for (
  const [server, want] of [
    ["https://u:p@h", { username: "u", password: "p" }],
    ["https://u%40x:p%3Aq:r@h", { username: "u@x", password: "p:q:r" }],
    ["https://u@h", { username: "u", password: "" }],
    ["https://a@b@h", { username: "a@b", password: "" }],
    ["https://h", undefined],
    ["u:p@h:80", { username: "u", password: "p" }],
  ] as const
) {
  Deno.test(`parseServerUrl() reads the userinfo of ${server}`, () => {
    const url = parseServerUrl(server);
    assertEquals(url.kind === "server" ? url.userinfo : "refused", want);
  });
}

for (
  const [server, want] of [
    ["https://u:p@h:1/x", "https://h:1/x"],
    ["https://a@b:c@h", "https://h"],
    ["u:p@h:80", "h:80"],
    ["https://h/x@y", "https://y"],
    ["https://h?q=a@b", "https://b"],
    ["h:1", "h:1"],
    ["https://u:p/q@h:1/x", "https://h:1/x"],
    ["https://h:1/x@y", "https://y"],
  ] as const
) {
  Deno.test(`withoutSecrets() of ${server} is ${want}`, () => {
    assertEquals(withoutSecrets(server), want);
  });
}

for (
  const [server, want] of [
    ["https://h/p?x=1#f", "https://h/p"],
    ["https://h/p#f?x", "https://h/p%23f"],
    ["HTTPS://H/%41(b)", "https://H/%41(b)"],
    ["https://h/é b", "https://h/%C3%A9%20b"],
    ["https://h//", "https://h//"],
    // A URL without a path stays unchanged.
    ["https://h?x=1", "https://h?x=1"],
    ["https://h/?x=1", "https://h/?x=1"],
    ["HTTPS://h#f", "HTTPS://h#f"],
    ["h:1/p?x", "h:1/p?x"],
    // These are not URLs.
    ["https://h/%zz?x", "https://h/%zz?x"],
    ["https://h/\x01?x", "https://h/\x01?x"],
  ] as const
) {
  Deno.test(`normalizeServer() of ${JSON.stringify(server)} is ${want}`, () => {
    assertEquals(normalizeServer(server), want);
  });
}
