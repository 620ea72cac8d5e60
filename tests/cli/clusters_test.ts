/** Twenty clusters at a glance, and two hundred. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type ApiServer, startApiServer } from "../support/api_server.ts";
import { startCluster } from "../support/cluster.ts";
import { makeAuthority } from "../support/certificates.ts";
import { kubeconfig } from "../support/kubeconfig_builder.ts";
import { NOWHERE, type Sandbox, story } from "../support/sandbox.ts";

interface Row {
  readonly context: string;
  readonly status: string;
  readonly version?: string;
  readonly kubectl?: string;
  readonly missing?: string;
  readonly skew?: number;
  readonly trouble?: string;
}

async function list(box: Sandbox, args: readonly string[] = [], env = {}): Promise<readonly Row[]> {
  const { status, stdout, stderr } = await box.run("kuberlr", ["clusters", "-o", "json", ...args], {
    env,
  });
  assertEquals(status, 0, stderr);
  return JSON.parse(stdout);
}

/** What can be known of each state, in the order of the kubeconfig. */
async function fourContexts(box: Sandbox) {
  await using stack = new AsyncDisposableStack();
  const start = async (options: Parameters<typeof startApiServer>[0]) =>
    stack.use(await startApiServer(options));
  const fine = await start({ version: "v1.30.5-eks-036c24b" });
  const old = await start({ version: "v1.25.3" });
  const closed = await start({ answer: { kind: "status", status: 403 } });
  const page = await start({ answer: { kind: "html" } });
  box.kubeconfig(
    kubeconfig()
      .context("fine", { server: fine.url })
      .context("old", { server: old.url })
      .context("closed", { server: closed.url })
      .context("page", { server: page.url })
      .context("down", { server: NOWHERE })
      .current("fine"),
  );
  const owned = stack.move();
  return { fine, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

story("clusters shows of every context what is known and what would run", async (box) => {
  await using _servers = await fourContexts(box);
  const kubectl = box.fakeKubectl("1.31.0");
  const rows = await list(box);
  assertEquals(
    rows.map(({ context, status, version, kubectl, missing, skew }) => [
      context,
      status,
      version,
      kubectl,
      missing,
      skew,
    ]),
    [
      ["fine", "ok", "v1.30.5-eks-036c24b", kubectl, undefined, 1],
      ["old", "ok", "v1.25.3", undefined, "1.25.3", undefined],
      ["closed", "denied", undefined, kubectl, undefined, undefined],
      ["page", "unknown", undefined, kubectl, undefined, undefined],
      ["down", "unreachable", undefined, kubectl, undefined, undefined],
    ],
  );
  assertEquals(rows.map(({ trouble }) => trouble !== undefined), [false, false, true, true, true]);
});

story("clusters asks again only when it is told to", async (box) => {
  await using servers = await fourContexts(box);
  await list(box);
  const asked = servers.fine.requests.length;
  await list(box);
  assertEquals(servers.fine.requests.length, asked);
  await list(box, ["--refresh"]);
  assertEquals(servers.fine.requests.length, asked + 1);
});

story("clusters --get downloads each missing kubectl once", async (box) => {
  await using cluster = await startCluster(box, { kubectls: ["1.25.3", "1.30.5"] });
  await using _servers = await fourContexts(box);
  const rows = await list(box, ["--get"]);
  assertEquals(
    rows.slice(0, 2).map(({ kubectl, missing, skew }) => [kubectl, missing, skew]),
    ["1.30.5", "1.25.3"].map((version) => [`${box.binaries}/kubectl${version}`, undefined, 0]),
  );
  assertEquals(cluster.mirror.binaryRequests().length, 2);
});

story("clusters --get says what cannot be had", async (box) => {
  await using _servers = await fourContexts(box);
  const run = await box.run("kuberlr", ["clusters", "--get"]);
  assertEquals(run.status, 127);
  assert(/kuberlr: error: .*1\.25\.3/.test(run.stderr), run.stderr);
  assertStringIncludes(run.stdout, "get 1.25.3");
});

story("clusters shares one answer among contexts of one server", async (box) => {
  const authority = await makeAuthority();
  const tls = await authority.server();
  await using api = await startApiServer({
    version: "v1.30.5",
    tls,
    token: "right",
    anonymous: false,
  });
  const server = { server: api.url, ca: authority.certificate };
  const config = kubeconfig();
  config.context("wrong", server, { token: "wrong" });
  config.context("right", server, { token: "right" });
  config.context("also", server, { token: "right" });
  box.kubeconfig(config.current("wrong"));
  const rows = await list(box);
  assertEquals(rows.map(({ status, version }) => [status, version]), [
    ["ok", "v1.30.5"],
    ["ok", "v1.30.5"],
    ["ok", "v1.30.5"],
  ]);
  assertEquals(api.requests.length, 2);
});

story("clusters says denied again when it is asked again", async (box) => {
  await using _servers = await fourContexts(box);
  await list(box);
  assertEquals((await list(box)).map(({ status }) => status), [
    "ok",
    "ok",
    "denied",
    "unknown",
    "unreachable",
  ]);
});

story("clusters of a kubeconfig that cannot be read, or is empty", async (box) => {
  assertEquals(await list(box), []);
  box.kubeconfig("{ broken");
  const run = await box.run("kuberlr", ["clusters"]);
  assertEquals([run.status, run.stdout], [125, ""]);
  assert(
    /^kuberlr: error: Cannot read the kubeconfig: .*\nkuberlr: hint: /.test(run.stderr),
    run.stderr,
  );
});

story("two hundred contexts, half of them dead, within 1.5 times the Timeout", async (box) => {
  const timeoutSeconds = 5;
  await using stack = new AsyncDisposableStack();
  const config = kubeconfig();
  const alive = stack.use(
    await startApiServer({
      answer: { kind: "body", body: JSON.stringify({ gitVersion: "v1.30.5" }) },
    }),
  );
  const hanging: ApiServer[] = [];
  for (let count = 0; count < 4; count++) {
    hanging.push(stack.use(await startApiServer({ answer: { kind: "hang" } })));
  }
  // A path makes each a server of its own.
  for (let count = 0; count < 100; count++) {
    config.context(`dead-${count}`, { server: `${hanging[count % 4]?.url}/${count}` });
    config.context(`alive-${count}`, { server: `${alive.url}/${count}` });
  }
  box.kubeconfig(config.current("dead-0"));
  box.fakeKubectl("1.30.2");
  const began = performance.now();
  const rows = await list(box, [], { KUBERLR_TIMEOUT: String(timeoutSeconds) });
  const seconds = (performance.now() - began) / 1000;
  const count = (status: string) => rows.filter((row) => row.status === status).length;
  assertEquals([rows.length, count("ok"), count("unreachable")], [200, 100, 100]);
  // The bound is the requirement itself, and 2.5 s beside it for everything else.
  assert(seconds < timeoutSeconds * 1.5, `${seconds.toFixed(1)} s`);
});
