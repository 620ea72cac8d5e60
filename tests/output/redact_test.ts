import { assertEquals } from "@std/assert";
import { redactArgument, redactUrl } from "../../lib/output/redact.ts";

const ROWS: readonly [text: string, shown: string][] = [
  ["https://example.com/a", "https://example.com/a"],
  ["https://example.com:8443", "https://example.com:8443"],
  ["https://[::1]:8443/a", "https://[::1]:8443/a"],
  ["https://me:s3cret@example.com/a", "https://example.com/a"],
  ["https://s3cret@example.com", "https://example.com"],
  ["socks5://me:s3cret@proxy:1080", "socks5://proxy:1080"],
  // The query of a signed URL.
  ["https://example.com/k?sig=s3cret&x=1", "https://example.com/k?…"],
  ["https://example.com/k?sig=s3cret#top", "https://example.com/k?…#top"],
  ['https://example.com/k?sig=s3"cr et', "https://example.com/k?…"],
  // Passwords that contain the end of a host, a word or a string.
  ["https://me:s3@cret@example.com/a", "https://example.com/a"],
  ["https://me:s3/cr/et@example.com/a", "https://example.com/a"],
  ["https://me:33/cret@example.com/a", "https://example.com/a"],
  ["https://me:s3#cr@et@example.com", "https://example.com"],
  ["https://me:s3?cret@example.com?x=1", "https://example.com?…"],
  ['https://bob:PW"x@host/', "https://host/"],
  ["https://bob:PW x@host/", "https://host/"],
  ["https://bob:PW\nx@host/", "https://host/"],
  // URLs with too few, too many or wrong slashes, or without a scheme.
  ["https:/bob:PW@h", "https:/h"],
  ["https:///bob:PW@h", "https:///h"],
  ["//bob:PW@h", "//h"],
  ["/bob:PW@h", "/h"],
  ["/bob@corp:PW@h", "/h"],
  ["https:\\\\me:s3cret@example.com", "https:\\\\example.com"],
  ["me:s3cret@example.com", "example.com"],
  ["me:s3/cret@example.com", "example.com"],
  // The part before an @ in a path could be a password, too.
  ["https://example.com/a@b", "https://b"],
  // Files.
  ["/opt/kubectl@1.30/bin", "/opt/kubectl@1.30/bin"],
  ["/opt/a?b=c", "/opt/a?b=c"],
  ["C:\\tools@home\\bin", "C:\\tools@home\\bin"],
  ["1.29", "1.29"],
  ["", ""],
];
for (const [text, shown] of ROWS) {
  Deno.test(`redactUrl() shows ${JSON.stringify(text)} as ${shown}`, () => {
    assertEquals(redactUrl(text), shown);
  });
}

const ARGUMENTS: readonly [text: string, shown: string][] = [
  ["https://bob:PW@h", "https://h"],
  ["https://PW@h/x", "https://h/x"],
  ["https:/bob:PW@h", "https:/h"],
  ["//bob:PW@h", "//h"],
  ["bob:PW@h", "h"],
  ["https://h/kubectl?sig=PW", "https://h/kubectl?…"],
  ["--https://bob:PW@h", "--https://h"],
  ["-ohttps://bob:PW@h", "-ohttps://h"],
  ["/home/me/https://bob:PW@h", "/home/me/https://h"],
  // Names of contexts, versions, files and flags.
  ["me@prod", "me@prod"],
  ["arn:aws:eks:eu-west-1:1:cluster/x", "arn:aws:eks:eu-west-1:1:cluster/x"],
  ["v1.30.2-eks-1552ad0", "v1.30.2-eks-1552ad0"],
  ["./a@b?", "./a@b?"],
  ["https://h:6443/x", "https://h:6443/x"],
  ["--wat", "--wat"],
  ["", ""],
];
for (const [text, shown] of ARGUMENTS) {
  Deno.test(`redactArgument() shows ${JSON.stringify(text)} as ${shown}`, () => {
    assertEquals(redactArgument(text), shown);
  });
}
