import { assert, assertEquals } from "@std/assert";
import { parseMirror } from "../../../lib/mirror/mirror.ts";
import { openNetrc } from "../../../lib/mirror/steps/netrc_credentials.ts";
import { fakeEnv, fakeFiles, fakeTerminal, LINUX } from "../../support/fake_host.ts";

const NETRC = ["mirror.example", "localhost", "127.0.0.1", "127.0.0.2", "::1", "[::1]"]
  .map((host) => `machine ${host} login me password s3cret\n`).join("");

const ROWS: readonly (readonly [url: string, isFound: boolean])[] = [
  ["https://mirror.example/k8s", true],
  ["https://MIRROR.example/{version}/{os}", true],
  ["https://other.example", false],
  // The password would cross the network in clear.
  ["http://mirror.example/k8s", false],
  ["http://127.0.0.2:8080", false],
  ["http://localhost.:8080", false],
  ["http://localhost:8080", true],
  ["http://127.0.0.1:8080", true],
  ["http://[::1]:8080", true],
  ["file:///mirror.example", false],
];

for (const [url, isFound] of ROWS) {
  Deno.test(`openNetrc() has ${isFound ? "a" : "no"} password for ${url}`, () => {
    const find = openNetrc({ quiet: false, color: "never" }, {
      platform: LINUX,
      env: fakeEnv({ HOME: "/home/me" }),
      files: fakeFiles({
        "/home": { kind: "directory" },
        "/home/me": { kind: "directory" },
        "/home/me/.netrc": NETRC,
      }),
      terminal: fakeTerminal(),
    });
    const mirror = parseMirror(url);
    assert(mirror !== undefined);
    assertEquals(find(mirror)?.password, isFound ? "s3cret" : undefined);
  });
}
