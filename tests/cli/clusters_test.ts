/** `kuberlr clusters` with a few, twenty and two hundred contexts. */
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
  readonly endOfLife?: string;
  readonly support?: string;
  readonly ok: boolean;
}

async function list(box: Sandbox, args: readonly string[] = [], env = {}): Promise<readonly Row[]> {
  const { status, stdout, stderr } = await box.run("kuberlr", ["clusters", "-o", "json", ...args], {
    env,
  });
  assertEquals(status, 0, stderr);
  return JSON.parse(stdout);
}

/** Writes a kubeconfig with one context for each state, and starts their servers. */
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

story("clusters shows every context's version, and which kubectl would run", async (box) => {
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
      ["closed", "denied", undefined, kubectl, undefined, undefined],
      ["down", "unreachable", undefined, kubectl, undefined, undefined],
      ["fine", "ok", "v1.30.5-eks-036c24b", kubectl, undefined, 1],
      ["old", "ok", "v1.25.3", undefined, "1.25.3", undefined],
      ["page", "unknown", undefined, kubectl, undefined, undefined],
    ],
  );
  assertEquals(rows.map(({ trouble }) => trouble !== undefined), [true, true, false, false, true]);
  assertEquals(rows.map(({ ok }) => ok), [false, false, true, true, false]);
  assertEquals(rows.map(({ endOfLife, support }) => [endOfLife, support]).slice(2, 4), [
    ["2025-07-15", "ended"],
    ["2023-10-28", "ended"],
  ]);
});

story("clusters asks every time, and no server with --cached", async (box) => {
  await using servers = await fourContexts(box);
  assertEquals((await list(box, ["--cached"])).map(({ status, trouble }) => [status, trouble]), [
    ...Array.from({ length: 5 }, () => ["unknown", "it has not been asked yet"]),
  ]);
  assertEquals(servers.fine.requests.length, 0);
  await list(box);
  await list(box);
  assertEquals(servers.fine.requests.length, 2);
  const cached = await list(box, ["--cached"]);
  assertEquals(cached.map(({ context, status, version }) => [context, status, version]), [
    ["closed", "denied", undefined],
    ["down", "unreachable", undefined],
    ["fine", "ok", "v1.30.5-eks-036c24b"],
    ["old", "ok", "v1.25.3"],
    ["page", "unknown", undefined],
  ]);
  assertEquals(servers.fine.requests.length, 2);
});

story("clusters --check exits with 1 if a context is not ok", async (box) => {
  await using servers = await fourContexts(box);
  box.fakeKubectl("1.31.0");
  const check = (...args: string[]) => box.run("kuberlr", ["clusters", "--check", ...args]);
  const fine = await check("f*", "old");
  assertEquals([fine.status, fine.stderr], [0, ""]);
  assertStringIncludes(fine.stdout, "2025-07-15");

  const all = await check();
  assertEquals([all.status, all.stderr], [
    1,
    `kuberlr: error: 3 of 5 contexts are not ok: "closed", "down", "page"\n`,
  ]);
  box.config(`[Contexts.old]\nKubectl = "1.31"\n`);
  const pinned = await check("old", "-o", "json");
  const [{ skew, ok }] = JSON.parse(pinned.stdout);
  assertEquals([pinned.status, skew, ok], [1, 6, false]);
  // This pin is outside the window, and would have to be downloaded.
  box.config(`[Contexts.old]\nKubectl = "1.36"\n`);
  assertEquals((await check("old")).status, 1);
  const forbidden = await box.run("kuberlr", ["clusters", "--check", "fine"], {
    env: { KUBERLR_ALLOWDOWNLOAD: "false", KUBERLR_SYSTEMPATH: box.root },
  });
  assertEquals(forbidden.status, 0);
  assert(servers.fine.requests.length > 0);
});

story("clusters --check fails where no kubectl is available", async (box) => {
  await using _servers = await fourContexts(box);
  const run = await box.run("kuberlr", ["clusters", "--check", "fine"], {
    env: { KUBERLR_ALLOWDOWNLOAD: "false" },
  });
  assertEquals([run.status, run.stderr], [
    1,
    `kuberlr: error: 1 of 1 contexts is not ok: "fine"\n`,
  ]);
});

for (
  const { glob, hint } of [
    { glob: "fien", hint: `Did you mean "fine"?` },
    { glob: "prod-*", hint: `"kubectl config get-contexts" lists them` },
  ]
) {
  story(`clusters ${glob} is wrong usage where no context fits`, async (box) => {
    await using servers = await fourContexts(box);
    const run = await box.run("kuberlr", ["clusters", glob]);
    assertEquals([run.status, run.stdout, run.stderr], [
      2,
      "",
      `kuberlr: error: No context matches "${glob}"\nkuberlr: hint: ${hint}\n`,
    ]);
    assertEquals(servers.fine.requests.length, 0);
  });
}

story("clusters --get downloads each missing kubectl once", async (box) => {
  await using cluster = await startCluster(box, { kubectls: ["1.25.3", "1.30.5"] });
  await using _servers = await fourContexts(box);
  const rows = await list(box, ["--get"]);
  assertEquals(
    rows.slice(2, 4).map(({ kubectl, missing, skew }) => [kubectl, missing, skew]),
    ["1.30.5", "1.25.3"].map((version) => [box.kubectl(version), undefined, 0]),
  );
  assertEquals(cluster.mirror.binaryRequests().length, 2);
});

story("clusters --get says which kubectls are not available", async (box) => {
  await using _servers = await fourContexts(box);
  const run = await box.run("kuberlr", ["clusters", "--get"]);
  assertEquals(run.status, 127);
  assert(/kuberlr: error: .*1\.25\.3/.test(run.stderr), run.stderr);
  assertStringIncludes(run.stdout, "1.25.3 missing");
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
  config.context("a-wrong", server, { token: "wrong" });
  config.context("b-right", server, { token: "right" });
  config.context("c-also", server, { token: "right" });
  box.kubeconfig(config.current("a-wrong"));
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
    "denied",
    "unreachable",
    "ok",
    "ok",
    "unknown",
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

story("two hundred contexts, half of them dead, cost one Timeout", async (box) => {
  const timeoutSeconds = 5;
  await using stack = new AsyncDisposableStack();
  const config = kubeconfig();
  const alive = stack.use(
    await startApiServer({
      answer: { kind: "body", body: JSON.stringify({ gitVersion: "v1.30.5" }) },
    }),
  );
  const askedAtMs: number[] = [];
  const hang = () => {
    askedAtMs.push(performance.now());
    return { kind: "hang" } as const;
  };
  const hanging: ApiServer[] = [];
  for (let count = 0; count < 4; count++) {
    hanging.push(stack.use(await startApiServer({ answer: hang })));
  }
  // Each path counts as a server of its own.
  for (let count = 0; count < 100; count++) {
    config.context(`dead-${count}`, { server: `${hanging[count % 4]?.url}/${count}` });
    config.context(`alive-${count}`, { server: `${alive.url}/${count}` });
  }
  box.kubeconfig(config.current("dead-0"));
  box.fakeKubectl("1.30.2");
  const rows = await list(box, [], { KUBERLR_TIMEOUT: String(timeoutSeconds) });
  const count = (status: string) => rows.filter((row) => row.status === status).length;
  assertEquals([rows.length, count("ok"), count("unreachable")], [200, 100, 100]);
  // The last server was asked before the first one timed out: no server had to wait for two others.
  assertEquals(askedAtMs.length, 100);
  const spreadMs = Math.max(...askedAtMs) - Math.min(...askedAtMs);
  assert(spreadMs < timeoutSeconds * 1000, `${spreadMs.toFixed(0)} ms`);
}, { wine: "its sockets are slow" });
