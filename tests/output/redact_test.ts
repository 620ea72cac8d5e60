import { assertEquals } from "@std/assert";
import { redactUrl } from "../../lib/output/redact.ts";

const ROWS: readonly [text: string, shown: string][] = [
  ["https://me:s3cret@example.com/a", "https://example.com/a"],
  ["https://token@example.com", "https://example.com"],
  ["https://me:p@ss@example.com/a", "https://example.com/a"],
  ["https://example.com/a@b", "https://example.com/a@b"],
  ["https://example.com/k?sig=s3cret&x=1", "https://example.com/k?…"],
  ["https://example.com/k?sig=s3cret#top", "https://example.com/k?…#top"],
  ["socks5://me:s3cret@proxy:1080", "socks5://proxy:1080"],
  ['see "https://a:b@c/" and "http://d:e@f/"', 'see "https://c/" and "http://f/"'],
  ["https:\\\\me:s3cret@example.com", "https:\\\\example.com"],
  ["no URL: me@example.com?", "no URL: me@example.com?"],
  // What stands before a slash would be a port.
  ["https://me:s3/cr/et@example.com/a", "https://example.com/a"],
  ["https://me:s3#cr@et@example.com", "https://example.com"],
  ["https://me:s3?cret@example.com?x=1", "https://example.com?…"],
  ["https://example.com:8443/a@b", "https://example.com:8443/a@b"],
  ["https://[::1]:8443/a@b", "https://[::1]:8443/a@b"],
  ["https://[::1]/a@b", "https://[::1]/a@b"],
  ["me:s3cret@example.com", "example.com"],
  ["me:s3/cret@example.com", "example.com"],
  ['see "me:s3cret@example.com"', 'see "example.com"'],
];
for (const [text, shown] of ROWS) {
  Deno.test(`redactUrl() shows ${text} as ${shown}`, () => {
    assertEquals(redactUrl(text), shown);
  });
}
