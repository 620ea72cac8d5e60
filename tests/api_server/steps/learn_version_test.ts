import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Credentials } from "../../../lib/connection/credentials.ts";
import { endpointIdentity } from "../../../lib/connection/endpoint.ts";
import {
  type AskMode,
  type LearnedVersion,
  learnVersion,
  loadServerRecord,
  readEntryFingerprint,
  serverRecordPath,
} from "../../../lib/api_server/steps/learn_version.ts";
import { layoutUnder } from "../../../lib/files/layout.ts";
import { denoHost } from "../../../lib/host/deno_host.ts";
import { localHost } from "../../../lib/host/local_host.ts";
import type { Host } from "../../../lib/ports/host.ts";
import { type ApiServer, startApiServer } from "../../support/api_server.ts";
import { fakeTerminal } from "../../support/fake_host.ts";
import { plugin, target, tls, V1 } from "../../support/query_world.ts";

const REAL = denoHost(localHost());
// The library stays open; the first test would count that as a leak.
REAL.files.stat("/");
const CONFIG = { timeoutSeconds: 5, versionTtlSeconds: 3_600, unreachableTtlSeconds: 30 };
const CLOSED = { tls, token: "from-plugin", anonymous: false } as const;
const UNIX = Deno.build.os !== "windows";

interface World extends AsyncDisposable {
  readonly root: string;
  readonly server: ApiServer;
  /** Returns how often the plugin has run. */
  runs(): number;
  learn(options?: {
    readonly credentials?: Credentials;
    readonly user?: string;
    readonly mode?: AskMode;
    readonly config?: Partial<typeof CONFIG>;
    readonly host?: Partial<Host>;
    readonly requestTimeoutSeconds?: number;
  }): Promise<LearnedVersion>;
  /** Returns a plugin that records each run, and then executes the code. */
  exec(code: string): Credentials;
}

const GIVE_TOKEN = `console.log(JSON.stringify({ kind: "ExecCredential",
  apiVersion: ${JSON.stringify(V1)}, status: { token: "from-plugin" } }))`;

async function world(options: Parameters<typeof startApiServer>[0] = CLOSED): Promise<World> {
  const root = await Deno.realPath(await Deno.makeTempDir());
  await Deno.chmod(root, 0o700).catch(() => {});
  const server = await startApiServer(options);
  const layout = layoutUnder(REAL.platform, root);
  const log = `${root}/runs`;
  return {
    root,
    server,
    runs() {
      try {
        return Deno.readTextFileSync(log).length;
      } catch {
        return 0;
      }
    },
    learn({ credentials = {}, user = "u", mode = "ask", config, host, ...rest } = {}) {
      const asked = { ...target(server, credentials), user };
      const entry = readEntryFingerprint(asked, REAL);
      return learnVersion(
        { target: asked, entry, mode, layout, config: { ...CONFIG, ...config }, ...rest },
        { ...REAL, terminal: fakeTerminal(), ...host },
      );
    },
    exec: (code) => ({
      exec: plugin(
        `Deno.writeTextFileSync(${JSON.stringify(log)}, "x", { append: true }); ${code}`,
      ),
    }),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await Deno.remove(root, { recursive: true });
    },
  };
}

Deno.test("learnVersion() writes down what it has learned, and asks no more", async () => {
  await using here = await world({ tls });
  assertEquals((await here.learn()).known.source, "probe");
  assertEquals((await here.learn()).known.source, "cache");
  assertEquals(here.server.requests.length, 1);
});

Deno.test("learnVersion() asks again for another entry, once", async () => {
  await using here = await world({ tls });
  for (const user of ["ada", "bob", "ada", "bob", "ada"]) await here.learn({ user });
  assertEquals(here.server.requests.length, 2);
});

/** Where ancestry cannot be told, the others wait only so long. A busy machine needs it. */
const PATIENT = { timeoutSeconds: 60 };

Deno.test("learnVersion() asks once for commands that start together", async () => {
  await using here = await world({ tls, delayMs: 300 });
  const all = await Promise.all(
    Array.from({ length: 8 }, () => here.learn({ config: PATIENT })),
  );
  assertEquals(all.map(({ known }) => known.source).toSorted(), [
    ...Array(7).fill("cache"),
    "probe",
  ]);
  assertEquals(here.server.requests.length, 1);
});

Deno.test("learnVersion() runs a plugin once for commands that start together", async () => {
  await using here = await world();
  const credentials = here.exec(`setTimeout(() => ${GIVE_TOKEN}, 300)`);
  const all = await Promise.all(
    Array.from({ length: 8 }, () => here.learn({ credentials, config: PATIENT })),
  );
  assertEquals(new Set(all.map(({ known }) => known.source)), new Set(["cache", "probe"]));
  assertEquals(here.runs(), 1);
});

Deno.test("learnVersion() asks once for commands that refresh together", async () => {
  await using here = await world({ tls, delayMs: 300 });
  await here.learn();
  await Promise.all(Array.from({ length: 4 }, () => here.learn({ mode: "refresh" })));
  assertEquals(here.server.requests.length, 2);
});

Deno.test("learnVersion() does not run a plugin again that has failed, until its entry changes", async () => {
  await using here = await world();
  const config = { unreachableTtlSeconds: 0 };
  const credentials = here.exec("Deno.exit(7)");
  const first = await here.learn({ credentials, config });
  assertEquals(first.answer?.kind, "unreachable");
  const second = await here.learn({ credentials, config });
  assertEquals(
    second.known.source === "unknown" && second.known.reason,
    "it answered 401, and its credential plugin has failed before",
  );
  assertEquals(here.runs(), 1);
  const third = await here.learn({ credentials: here.exec(GIVE_TOKEN), config });
  assertEquals([third.known.source, here.runs()], ["probe", 2]);
});

Deno.test("learnVersion() runs a failed plugin again when the user asks for it", async () => {
  await using here = await world();
  const login = `${here.root}/login`;
  const credentials = here.exec(`
    try { Deno.statSync(${JSON.stringify(login)}); } catch { Deno.exit(7); }
    ${GIVE_TOKEN}`);
  // All of it may happen within one millisecond.
  const nowMs = Date.now();
  const host = { clock: { ...REAL.clock, nowMs: () => nowMs } };
  await here.learn({ credentials, host });
  Deno.writeTextFileSync(login, "");
  assertEquals((await here.learn({ credentials, host })).known.source, "unknown");
  assertEquals(here.runs(), 1);
  assertEquals((await here.learn({ credentials, mode: "refresh", host })).known.source, "probe");
  assertEquals((await here.learn({ credentials, host })).known.source, "cache");
  assertEquals(here.runs(), 2);
});

Deno.test("learnVersion() runs a failed plugin again when a version would be outdated", async () => {
  await using here = await world();
  const config = { unreachableTtlSeconds: 0, versionTtlSeconds: 0 };
  const credentials = here.exec("Deno.exit(7)");
  for (let i = 0; i < 2; i++) await here.learn({ credentials, config });
  assertEquals(here.runs(), 2);
});

Deno.test("learnVersion() does not run a plugin again whose credentials were refused", async () => {
  await using here = await world();
  const config = { unreachableTtlSeconds: 0 };
  const credentials = here.exec(GIVE_TOKEN.replace("from-plugin", "wrong"));
  for (let i = 0; i < 3; i++) await here.learn({ credentials, config });
  assertEquals(here.runs(), 1);
});

Deno.test({
  name: "learnVersion() runs no plugin where there are no locks",
  async fn() {
    await using here = await world();
    const store: Host["store"] = { ...REAL.store, tryLock: () => "refused" };
    const { known } = await here.learn({ credentials: here.exec(GIVE_TOKEN), host: { store } });
    assertEquals([known.source, here.runs()], ["unknown", 0]);
  },
});

const HOLDER = (ancestry: string | undefined) => ({
  ...REAL,
  processes: { ...REAL.processes, ancestry: () => ancestry?.split(" ") },
});

Deno.test({
  name: "learnVersion() does not wait for an ancestor that is asking",
  ignore: !UNIX,
  async fn() {
    await using here = await world({ tls, delayMs: 700 });
    const asking = here.learn({ host: HOLDER("machine/1:1 machine/0:0") });
    await until(() => here.server.requests.length > 0);
    const { known, untilMs } = await here.learn({
      host: HOLDER("machine/3:3 machine/2:2 machine/1:1"),
    });
    assertEquals(known, {
      source: "unknown",
      reason: "another command is asking it at this moment",
    });
    assert(untilMs !== undefined && untilMs <= Date.now());
    assertEquals((await asking).known.source, "probe");
    assertEquals(here.server.requests.length, 1);
  },
});

for (
  const [name, holder, own] of [
    ["where ancestry cannot be told", undefined, undefined],
    ["where the holder is of another machine", "other/1:1", "machine/2:2"],
  ] as const
) {
  Deno.test({
    name: `learnVersion() waits no longer than the time of a request ${name}`,
    ignore: !UNIX,
    async fn() {
      await using here = await world({ tls, delayMs: 2_000 });
      const asking = here.learn({ host: HOLDER(holder) });
      await until(() => here.server.requests.length > 0);
      const { known } = await here.learn({ host: HOLDER(own), config: { timeoutSeconds: 0.3 } });
      assertEquals(known.source, "unknown");
      assertEquals((await asking).known.source, "probe");
    },
  });
}

Deno.test("learnVersion() remembers a short wait for commands that wait no longer", async () => {
  await using here = await world({ tls, delayMs: 1_000 });
  const learn = async (requestTimeoutSeconds?: number) => {
    const { known, answer } = await here.learn({
      ...(requestTimeoutSeconds !== undefined && { requestTimeoutSeconds }),
    });
    return [known.source, answer?.kind, here.server.requests.length];
  };
  assertEquals(await learn(0.2), ["unknown", "unreachable", 1]);
  assertEquals(await learn(0.2), ["unknown", undefined, 1]);
  assertEquals(await learn(0.3), ["unknown", "unreachable", 2]);
  assertEquals(await learn(0.2), ["unknown", undefined, 2]);
  assertEquals(await learn(), ["probe", "version", 3]);
  assertEquals(await learn(0.2), ["cache", undefined, 3]);
});

Deno.test("learnVersion() says once which process it waits for", async () => {
  await using here = await world({ tls, delayMs: 2_700 });
  const asking = here.learn();
  await until(() => here.server.requests.length > 0);
  const terminal = fakeTerminal();
  await here.learn({ host: { terminal } });
  assertEquals(
    terminal.stderrText,
    `kuberlr: Waiting for another command that is asking ${here.server.url} for its version\n`,
  );
  await asking;
});

Deno.test({
  name: "learnVersion() goes on when the holder of the lock is killed",
  ignore: !UNIX,
  async fn() {
    await using here = await world({ tls });
    const layout = layoutUnder(REAL.platform, here.root);
    Deno.mkdirSync(layout.serverLocks, { recursive: true, mode: 0o700 });
    const record = serverRecordPath(endpointIdentity(target(here.server).endpoint), layout, REAL)!;
    const lock = `${layout.serverLocks}/${record.split("/").at(-1)!.replace("json", "lock")}`;
    const holder = new Deno.Command(Deno.execPath(), {
      args: [
        "eval",
        "--no-lock",
        `const file = Deno.openSync(${JSON.stringify(lock)}, { write: true, create: true });
         file.lockSync(true); console.log("held"); setTimeout(() => {}, 60_000);`,
      ],
      stdout: "piped",
    }).spawn();
    const reader = holder.stdout.getReader();
    await reader.read();
    const learning = here.learn();
    holder.kill("SIGKILL");
    await holder.status;
    await reader.cancel();
    assertEquals((await learning).known.source, "probe");
  },
});

for (
  const { locks, removed } of [
    { locks: 10_000, removed: 0 },
    { locks: 10_001, removed: 5_001 },
  ]
) {
  Deno.test(`learnVersion() removes ${removed} of ${locks} locks`, async () => {
    await using here = await world({ tls });
    const { serverLocks } = layoutUnder(REAL.platform, here.root);
    const names = Array.from(
      { length: locks },
      (_, index) => `${index.toString(16).padStart(16, "0")}.lock`,
    );
    const gone: string[] = [];
    const stat = REAL.files.lstat(Deno.execPath());
    await here.learn({
      host: {
        files: {
          ...REAL.files,
          list: (folder) => folder === serverLocks ? names : REAL.files.list(folder),
          lstat: (path) => /0{8}[^/]*\.lock$/.test(path) ? stat : REAL.files.lstat(path),
          remove: (path) => void (/\.lock$/.test(path) ? gone.push(path) : REAL.files.remove(path)),
        },
      },
    });
    assertEquals(gone.length, removed);
  });
}

Deno.test("learnVersion() keeps no secret of an entry", async () => {
  await using here = await world();
  await here.learn({ credentials: here.exec(`"s3cret"; ${GIVE_TOKEN}`) });
  const layout = layoutUnder(REAL.platform, here.root);
  const path = serverRecordPath(endpointIdentity(target(here.server).endpoint), layout, REAL)!;
  const text = Deno.readTextFileSync(path);
  assertStringIncludes(text, "v1.30.2");
  assertEquals(/s3cret|from-plugin/.test(text), false);
  assertEquals(
    loadServerRecord(endpointIdentity(target(here.server).endpoint), path, REAL).gitVersion,
    "v1.30.2",
  );
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
