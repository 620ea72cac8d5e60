import { assertEquals } from "@std/assert";
import { splitCertificates } from "../../lib/encoding/pem.ts";

const ONE = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
const TWO = "-----BEGIN CERTIFICATE-----\r\nMIIC+/=\r\n-----END CERTIFICATE-----\n";
const KEY = "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n";

const ROWS: readonly [name: string, text: string, blocks: readonly string[]][] = [
  ["nothing", "", []],
  ["one", ONE, [ONE]],
  ["two with words between them", `# first\n${ONE}\nsecond:\n${TWO}`, [ONE, TWO]],
  ["one beside a key", KEY + ONE, [ONE]],
  ["one without its end", ONE.slice(0, 40), []],
  ["one that follows a broken one", ONE.slice(0, 32) + "\n" + TWO, [TWO]],
];
for (const [name, text, blocks] of ROWS) {
  Deno.test(`splitCertificates() finds the certificates of ${name}`, () => {
    assertEquals(splitCertificates(text), blocks);
  });
}
