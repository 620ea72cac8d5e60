import { assertEquals } from "@std/assert";
import { formatProxyUrl, parseProxyUrl } from "../../lib/connection/proxy_url.ts";

// deno-fmt-ignore: a row a line
for (
  const [text, want] of [
    ["http://p", "http://p:80"],
    ["HTTPS://P.Example:8443/ignored?x#y", "https://p.example:8443"],
    ["socks5://p", "socks5://p:1080"],
    ["socks5h://u:p@[::1]:9", "socks5h://u:p@[::1]:9"],
    // Go speaks http to a proxy with an unknown scheme.
    ["ftp://p:3128", "http://p:3128"],
    ["ftp://p", undefined],
    ["http://us@er:pw@p:1", "http://us%40er:pw@p:1"],
    ["http://us%40er:p%3Aw@p:1", "http://us%40er:p%3Aw@p:1"],
    ["http://us@er:p@w:x@p:1", "http://us%40er:p%40w%3Ax@p:1"],
    ["http://DOMAIN\\user:p%w@p:1", "http://DOMAIN%5Cuser:p%25w@p:1"],
    ["http://üser:pässword@p:1", "http://%C3%BCser:p%C3%A4ssword@p:1"],
    ["http://u@p:1", "http://u:@p:1"],
    ["http://@p:1", "http://p:1"],
    ["http://p:99999", undefined],
    ["http://p:x", undefined],
    ["http://u r:p@h:1", undefined],
    ["http://", undefined],
    ["http:///x", undefined],
    ["p:1", undefined],
    ["", undefined],
  ] as const
) {
  Deno.test(`parseProxyUrl() makes ${want} of ${JSON.stringify(text)}`, () => {
    const proxy = parseProxyUrl(text);
    assertEquals(proxy && formatProxyUrl(proxy), want);
    if (want !== undefined) assertEquals(parseProxyUrl(want), proxy);
  });
}
