import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { parseVersionAnswer } from "../../lib/api_server/version_answer.ts";
import { formatVersion } from "../../lib/version/version.ts";

const encode = (body: string) => new TextEncoder().encode(body);

/** Returns the meaning of an answer: `1.30.2 (v1.30.2-gke.1)`, or the kind. */
function answer(status: number, body: string): string {
  const parsed = parseVersionAnswer(status, encode(body));
  return parsed.kind === "version"
    ? `${formatVersion(parsed.version)} (${parsed.gitVersion})`
    : parsed.kind;
}

for (
  const [status, body, want] of [
    [203, '{"gitVersion":"v1.29.4"}', "1.29.4 (v1.29.4)"],
    [206, '{"gitVersion":"v1.29.4"}', "1.29.4 (v1.29.4)"],
    [207, '{"gitVersion":"v1.29.4"}', "unknown"],
    [199, '{"gitVersion":"v1.29.4"}', "unknown"],
    [200, `{"gitVersion":"v4.14.2","major":"1","minor":"27"}`, "1.27.0 (v1.27)"],
    [200, `{"gitVersion":"v4.14.2","major":"4","minor":"14"}`, "4.14.2 (v4.14.2)"],
    [200, `{"gitVersion":"v1.30.2","major":"1","minor":"29"}`, "1.30.2 (v1.30.2)"],
    [200, '{"gitVersion":"v1.33.1"}', "1.33.1 (v1.33.1)"],
    [200, '{"major":"1","minor":"30","gitVersion":"v1.33.1"}', "1.33.1 (v1.33.1)"],
    [200, '{"gitVersion":"1.27.11-gke.1018000"}', "1.27.11 (1.27.11-gke.1018000)"],
    [200, '{"gitVersion":"v1.32.0-eks-5ca49cb"}', "1.32.0 (v1.32.0-eks-5ca49cb)"],
    [200, '{"gitVersion":"v1.34.6+k3s1"}', "1.34.6 (v1.34.6+k3s1)"],
    [200, '{"gitVersion":"v1.31.0-rc.1"}', "1.31.0-rc.1 (v1.31.0-rc.1)"],
    [
      200,
      '{"gitVersion":"v1.17.0-alpha.3.227+7d13dfe3c34f44-dirty"}',
      "1.17.0 (v1.17.0-alpha.3.227+7d13dfe3c34f44-dirty)",
    ],
    [200, '{"major":"1","minor":"17+"}', "1.17.0 (v1.17)"],
    [200, '{"major":1,"minor":17}', "1.17.0 (v1.17)"],
    [
      200,
      '{"gitVersion":"cfc-1.6.1.17+f04cb2d1cde1c7-dirty","major":"1","minor":"6"}',
      "1.6.0 (v1.6)",
    ],
    [200, '{"gitVersion":"v0.0.0-master+$Format:%H$","major":"","minor":""}', "unknown"],
    [200, '{"gitVersion":"v1.30.1\\u001b[2J\\n"}', "1.30.1 (v1.30.1[2J)"],
    [200, '{"gitVersion":["v1.30.1"]}', "unknown"],
    [200, '{"major":"1"}', "unknown"],
    [200, '{"gitVersion":""}', "unknown"],
    [200, "{}", "unknown"],
    [200, "[]", "unknown"],
    [200, "null", "unknown"],
    [200, '"v1.30.1"', "unknown"],
    [200, "", "unknown"],
    [200, "<html>v1.30.1</html>", "unknown"],
    [200, '{"gitVersion":"v1.30', "unknown"],
    [201, '{"gitVersion":"v1.30.1"}', "1.30.1 (v1.30.1)"],
    [302, '{"gitVersion":"v1.30.1"}', "unknown"],
    [401, '{"gitVersion":"v1.30.1"}', "denied"],
    [403, "", "denied"],
    [404, "", "unknown"],
    [429, "", "unknown"],
    [500, '{"gitVersion":"v1.30.1"}', "unknown"],
  ] as const
) {
  Deno.test(`parseVersionAnswer() of ${status} ${body} is ${want}`, () => {
    assertEquals(answer(status, body), want);
  });
}

Deno.test("parseVersionAnswer() never throws", () => {
  const body = fc.oneof(
    fc.uint8Array(),
    fc.json().map(encode),
    fc.record({ gitVersion: fc.anything(), major: fc.anything(), minor: fc.anything() })
      .map((value) => encode(JSON.stringify(value, (_, v) => typeof v === "bigint" ? 0 : v) ?? "")),
    fc.string().map((text) => encode(JSON.stringify({ gitVersion: `v1.${text}` }))),
  );
  fc.assert(
    fc.property(fc.constantFrom(200, 401, 500), body, (status, bytes) => {
      const { kind } = parseVersionAnswer(status, bytes);
      assertEquals(["version", "unreachable", "denied", "unknown"].includes(kind), true);
    }),
    { seed: 6, numRuns: 1000 },
  );
});
