import { assert, assertEquals } from "@std/assert";
import { installWorld, mirrorConfig } from "../../support/install_world.ts";
import { type MirrorOptions, startMirror } from "../../support/mirror.ts";
import {
  binary,
  BYTES,
  HTML,
  install,
  isBinary,
  isChecksum,
  OTHER_BYTES,
  status,
} from "../../support/mirror_faults.ts";

interface Recovery {
  readonly name: string;
  readonly fault: MirrorOptions["fault"];
  /** The number of requests for the kubectl itself. */
  readonly asked: number;
  /** Minimum of each wait, in milliseconds; it must stay below three times that. */
  readonly waits: readonly number[];
  /**
   * Milliseconds without a byte after which a request is given up; the default is long enough for a
   * busy machine.
   */
  readonly stallMs?: number;
  /** The range that each request asks for. */
  readonly ranges?: readonly (string | undefined)[];
}

const recoveries: readonly Recovery[] = [
  { name: "nothing goes wrong", fault: () => undefined, asked: 1, waits: [] },
  { name: "a 503 is over after two", fault: binary(status(503), 2), asked: 3, waits: [250, 500] },
  {
    name: "a 500 comes for the checksum",
    fault: (request) => isChecksum(request) && request.nth === 1 ? status(500) : undefined,
    asked: 1,
    waits: [250],
  },
  {
    name: "a 429 asks to wait",
    fault: binary(status(429, { "retry-after": "7" })),
    asked: 2,
    waits: [7000],
  },
  {
    name: "a 503 asks to wait longer than all of the back-off",
    fault: binary(status(503, { "retry-after": "55" })),
    asked: 2,
    waits: [55_000],
  },
  {
    name: "the connection breaks in the middle",
    fault: binary({ kind: "cut", afterBytes: 600_000 }),
    asked: 2,
    waits: [250],
    ranges: [undefined, "resumed"],
  },
  {
    name: "the connection breaks before the body",
    fault: binary({ kind: "cut", afterBytes: 0 }),
    asked: 2,
    waits: [250],
    ranges: [undefined, undefined],
  },
  {
    name: "it breaks, and the server ignores ranges",
    fault: (request) =>
      binary({ kind: "cut", afterBytes: 600_000 })(request) ??
        binary({ kind: "ranges-ignored" }, 2)(request),
    asked: 2,
    waits: [250],
  },
  {
    name: "it breaks again and again, and something comes each time",
    fault: binary({ kind: "cut", afterBytes: 200_000 }, 7),
    asked: 8,
    waits: [250, 250, 250, 250, 250, 250, 250],
  },
  {
    name: "it stalls",
    fault: binary({ kind: "stall", afterBytes: 600_000 }),
    stallMs: 1_000,
    asked: 2,
    waits: [250],
    ranges: [undefined, "resumed"],
  },
  {
    name: "nothing is said for too long",
    fault: binary({ kind: "silence" }),
    stallMs: 1_000,
    asked: 2,
    waits: [250],
  },
  {
    name: "bytes come drop by drop",
    fault: binary({ kind: "drip", bytes: 150_000, everyMs: 150 }),
    stallMs: 1_000,
    asked: 1,
    waits: [],
  },
  {
    name: "the length stated is too large",
    fault: binary({ kind: "length", length: 2_000_000 }),
    asked: 2,
    waits: [250],
  },
  {
    name: "the length stated is too small",
    fault: binary({ kind: "length", length: 1_000_000 }),
    asked: 2,
    waits: [250],
    ranges: [undefined, undefined],
  },
  {
    name: "the bytes are wrong once",
    fault: binary({ kind: "answer", status: 200, body: OTHER_BYTES }),
    asked: 2,
    waits: [250],
    ranges: [undefined, undefined],
  },
  { name: "a login page comes once", fault: binary(HTML), asked: 2, waits: [250] },
  { name: "it comes gzipped", fault: binary({ kind: "gzip" }), asked: 1, waits: [] },
  {
    name: "it comes in chunks of unknown number",
    fault: binary({ kind: "chunked" }),
    asked: 1,
    waits: [],
  },
  {
    name: "the kubectl is not there yet",
    fault: binary(status(404), 2),
    asked: 3,
    waits: [250, 500],
  },
  {
    name: "the checksums are not there yet",
    fault: (request) => isChecksum(request) && request.nth === 1 ? status(404) : undefined,
    asked: 2,
    waits: [250],
  },
  {
    name: "a proxy resumes past the end",
    fault: (request) =>
      isBinary(request)
        ? request.nth === 1
          ? { kind: "cut", afterBytes: 9 }
          : request.nth === 2
          ? status(416)
          : undefined
        : undefined,
    asked: 3,
    waits: [250, 500],
    ranges: [undefined, "resumed", undefined],
  },
];

for (const { name, fault, asked, waits, ranges, stallMs } of recoveries) {
  Deno.test(`installKubectl() succeeds when ${name}`, async () => {
    using world = installWorld();
    const stall = stallMs === undefined ? {} : { stallMs };
    await using mirror = await startMirror({
      kubectls: [{ version: "1.30.2", bytes: BYTES }],
      ...(fault === undefined ? {} : { fault }),
    });
    const { path } = await install("1.30.2", world, mirrorConfig(mirror.url), stall);
    assertEquals(Deno.readFileSync(path), BYTES);
    assertEquals(world.kubectls(), ["kubectl1.30.2"]);
    const requests = mirror.binaryRequests();
    assertEquals(requests.length, asked);
    assertEquals(world.waits.length, waits.length, `waited ${world.waits}`);
    for (const [index, wait] of waits.entries()) {
      const waited = world.waits[index] ?? 0;
      assert(waited >= wait && waited < wait * 3, `waited ${waited}, not about ${wait}`);
    }
    if (ranges !== undefined) {
      assertEquals(requests.map(({ headers }) => headers.range && "resumed"), ranges);
    }
  });
}
