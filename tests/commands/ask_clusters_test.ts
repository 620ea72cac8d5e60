/**
 * The number of servers asked at the same time, and the message that names servers still waited
 * for.
 */
import { assertEquals } from "@std/assert";
import { askClusters } from "../../lib/commands/ask_clusters.ts";
import { readKubeconfig } from "../../lib/kubeconfig/kubeconfig.ts";
import type { ApiResponse, Host } from "../../lib/ports/host.ts";
import {
  fakeClock,
  fakeEnv,
  fakeFiles,
  fakeProgram,
  fakeTerminal,
  LINUX,
} from "../support/fake_host.ts";

const DENIED: ApiResponse = {
  kind: "answer",
  status: 401,
  location: undefined,
  body: new Uint8Array(),
};
const EXEC = {
  apiVersion: "client.authentication.k8s.io/v1",
  command: "plugin",
  interactiveMode: "Never",
};

/** Contexts that each have a server of their own, and all have the same user. */
function fleet(count: number, user: unknown) {
  const names = Array.from({ length: count }, (_, index) => `c${index}`);
  const kubeconfig = readKubeconfig({
    clusters: names.map((name) => ({ name, cluster: { server: `https://${name}.test` } })),
    users: [{ name: "u", user }],
    contexts: names.map((name) => ({ name, context: { cluster: name, user: "u" } })),
  }, "/kubeconfig");
  return {
    kubeconfig,
    contexts: names,
    flags: {},
    mode: "refresh",
    config: { timeoutSeconds: 5, versionTtlSeconds: 1, unreachableTtlSeconds: 1 },
    layout: undefined,
  } as const;
}

/**
 * Holds its callers until no more of them come, then releases them together. Tells their number.
 */
function turnstile() {
  const counts: number[] = [];
  let waiting: (() => void)[] = [];
  const open = (before: number) => {
    if (waiting.length > before) return void setTimeout(open, 20, waiting.length);
    counts.push(waiting.length);
    for (const goOn of waiting.splice(0)) goOn();
  };
  const pass = () =>
    new Promise<void>((resolve) => {
      if (waiting.length === 0) setTimeout(open, 20, 1);
      waiting = [...waiting, resolve];
    });
  return { counts, pass };
}

function world(overrides: Partial<Host> = {}): Host {
  return {
    platform: LINUX,
    env: fakeEnv({ HOME: "/home/me" }),
    files: fakeFiles(),
    program: fakeProgram(),
    terminal: fakeTerminal(),
    clock: fakeClock(),
    http: { ask: () => Promise.resolve(DENIED) },
    ...overrides,
  } as Host;
}

for (
  const { name, count, user, want } of [
    { name: "256 servers", count: 520, user: {}, want: [256, 256, 8] },
    {
      name: "16 servers that may want a plugin",
      count: 36,
      user: { exec: EXEC },
      want: [16, 16, 4],
    },
  ]
) {
  Deno.test(`askClusters() asks ${name} at the same time`, async () => {
    const { counts, pass } = turnstile();
    const http: Host["http"] = { ask: () => pass().then(() => DENIED) };
    const asked = await askClusters(fleet(count, user), () => {}, world({ http }));
    assertEquals(asked.map(({ refused }) => refused), Array(count).fill(undefined));
    assertEquals(counts, want);
  });
}

Deno.test("askClusters() says after two seconds which servers it waits for", async () => {
  const clock = fakeClock();
  const { promise, resolve } = Promise.withResolvers<ApiResponse>();
  const said: (readonly string[])[] = [];
  const http: Host["http"] = {
    ask: ({ url }) => url.includes("//c1.") ? promise : Promise.resolve(DENIED),
  };
  const asking = askClusters(fleet(3, {}), (names) => said.push(names), world({ clock, http }));
  await new Promise((done) => setTimeout(done, 50));
  clock.sleep(1_999);
  assertEquals(said, []);
  clock.sleep(1);
  assertEquals(said, [["c1"]]);
  resolve(DENIED);
  await asking;
});
