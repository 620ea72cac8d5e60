import { assertEquals } from "@std/assert";
import { chooseProxy } from "../../lib/connection/proxy.ts";
import { parseServerUrl } from "../../lib/connection/server_url.ts";

function choose(server: string, proxyUrl: string, variables: Readonly<Record<string, string>>) {
  const url = parseServerUrl(server);
  if (url.kind === "refused") throw new Error(url.reason);
  const choice = chooseProxy(url, proxyUrl, (name) => variables[name]);
  return choice.kind === "proxy" ? `${choice.url} by ${choice.from}` : choice.kind;
}

for (
  const { name, server = "https://api.example.com:6443", proxyUrl = "", env = {}, want } of [
    { name: "nothing", want: "direct" },
    { name: "proxy-url", proxyUrl: "http://p:1", want: "http://p:1 by proxy-url" },
    {
      name: "proxy-url before the environment and NO_PROXY",
      proxyUrl: "socks5://u:p@s:1",
      env: { HTTPS_PROXY: "http://e:1", NO_PROXY: "*" },
      want: "socks5://u:p@s:1 by proxy-url",
    },
    {
      name: "proxy-url for loopback",
      server: "https://127.0.0.1:1",
      proxyUrl: "https://p",
      want: "https://p:443 by proxy-url",
    },
    { name: "socks5h in proxy-url", proxyUrl: "socks5h://p:1", want: "refused" },
    { name: "a bare host in proxy-url", proxyUrl: "p:1", want: "refused" },
    { name: "no host in proxy-url", proxyUrl: "http://", want: "refused" },
    { name: "HTTPS_PROXY", env: { HTTPS_PROXY: "http://e:1" }, want: "http://e:1 by HTTPS_PROXY" },
    { name: "https_proxy", env: { https_proxy: "http://e:1" }, want: "http://e:1 by https_proxy" },
    {
      name: "upper case first",
      env: { https_proxy: "http://l:1", HTTPS_PROXY: "http://u:1" },
      want: "http://u:1 by HTTPS_PROXY",
    },
    {
      name: "lower case where upper case is empty",
      env: { https_proxy: "http://l:1", HTTPS_PROXY: "" },
      want: "http://l:1 by https_proxy",
    },
    { name: "no scheme", env: { HTTPS_PROXY: "e:1" }, want: "http://e:1 by HTTPS_PROXY" },
    {
      name: "userinfo without scheme",
      env: { HTTPS_PROXY: "u:p@e:1" },
      want: "http://u:p@e:1 by HTTPS_PROXY",
    },
    { name: "HTTP_PROXY for https", env: { HTTP_PROXY: "http://e:1" }, want: "direct" },
    {
      name: "HTTP_PROXY for http",
      server: "http://api:80",
      env: { HTTP_PROXY: "http://e:1", HTTPS_PROXY: "http://s:1" },
      want: "http://e:1 by HTTP_PROXY",
    },
    {
      name: "HTTP_PROXY in CGI",
      server: "http://api:80",
      env: { HTTP_PROXY: "http://e:1", REQUEST_METHOD: "GET" },
      want: "refused",
    },
    {
      name: "HTTPS_PROXY in CGI",
      env: { HTTPS_PROXY: "http://e:1", REQUEST_METHOD: "GET" },
      want: "http://e:1 by HTTPS_PROXY",
    },
    { name: "ALL_PROXY", env: { ALL_PROXY: "http://e:1" }, want: "direct" },
  ]
) {
  Deno.test(`chooseProxy() is ${want} for ${name}`, () => {
    assertEquals(choose(server, proxyUrl, env), want);
  });
}

for (
  const [noProxy, server, bypassed] of [
    ["", "https://localhost:1", true],
    ["", "https://127.0.0.1", true],
    ["", "https://127.9.9.9", true],
    ["", "https://[::1]:1", true],
    ["", "https://[::ffff:127.0.0.1]", true],
    ["", "https://128.0.0.1", false],
    ["*", "https://api.example.com", true],
    ["a,*", "https://api.example.com", true],
    ["example.com", "https://example.com", true],
    ["example.com", "https://api.example.com", true],
    ["example.com", "https://badexample.com", false],
    [".example.com", "https://api.example.com", true],
    [".example.com", "https://example.com", false],
    ["*.example.com", "https://api.example.com", true],
    ["*.example.com", "https://example.com", false],
    ["EXAMPLE.com", "https://API.example.COM", true],
    [" a , example.com ", "https://example.com", true],
    ["example.com:6443", "https://example.com:6443", true],
    ["example.com:6443", "https://example.com", false],
    ["example.com:443", "https://example.com", true],
    ["example.com:", "https://example.com", true],
    ["10.9.8.7", "https://10.9.8.7:6443", true],
    ["10.9.8.7:6443", "https://10.9.8.7:6443", true],
    ["10.9.8.7:1", "https://10.9.8.7:6443", false],
    ["10.9.", "https://10.9.8.7", false],
    ["10.0.0.0/8", "https://10.9.8.7", true],
    ["10.0.0.0/8", "https://11.0.0.1", false],
    ["10.8.0.0/15", "https://10.9.255.1", true],
    ["10.8.0.0/15", "https://10.10.0.1", false],
    ["0.0.0.0/0", "https://[2001:db8::1]", false],
    ["2001:db8::/32", "https://[2001:db8:1::2]", true],
    ["2001:db8::/32", "https://[2001:db9::2]", false],
    ["2001:DB8::1", "https://[2001:db8:0:0::1]:6443", true],
    ["[2001:db8::1]:6443", "https://[2001:db8::1]:6443", true],
    ["[2001:db8::1]", "https://[2001:db8::1]:6443", false],
    ["10.0.0.0/33", "https://10.0.0.1", false],
    [":443", "https://example.com", false],
    [",,", "https://example.com", false],
  ] as const
) {
  const verdict = bypassed ? "exempts" : "does not exempt";
  Deno.test(`chooseProxy() with NO_PROXY=${JSON.stringify(noProxy)} ${verdict} ${server}`, () => {
    const variables = { HTTPS_PROXY: "http://e:1", no_proxy: noProxy };
    assertEquals(choose(server, "", variables) === "direct", bypassed);
  });
}
