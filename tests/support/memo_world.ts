/**
 * Worlds for the memo's property test: real files in a private folder; environment, clock and
 * servers as values; and the changes that can happen to them.
 *
 * @module
 */
import { denoFiles } from "../../lib/host/disk/files.ts";
import { later } from "../../lib/host/timers.ts";
import { denoProcesses } from "../../lib/host/process/processes.ts";
import { statFast } from "../../lib/host/process/libc.ts";
import type { Host } from "../../lib/ports/host.ts";
import {
  arbitrary,
  type Change,
  type Kubectl,
  type Place,
  PLACES,
  PLATFORM,
  type WorldPlan,
} from "./memo_plan.ts";

// The library stays open; the first test would count that as a leak.
statFast("/", "follow");

export interface MemoWorld extends Disposable {
  readonly args: readonly string[];
  readonly host: Host;
  readonly root: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Writes files that hold the present time of the world's clocks, and returns their folder. */
  proc(): string;
  change(change: Change): void;
}

export function describeWorld(plan: WorldPlan): string {
  return JSON.stringify(plan, undefined, 1);
}

export const memoWorld = { arbitrary, build };

/** How far ahead a world's clock is, so that every file in it was changed long ago. */
const SETTLED_MS = 3_600_000;

/**
 * With `forLauncher`, kubectls print their own path, every file was changed long ago, and
 * {@linkcode MemoWorld.proc} works.
 */
function build(plan: WorldPlan, forLauncher = false): MemoWorld {
  const root = Deno.makeTempDirSync();
  const pathOf = (place: Place) => `${root}/${PLACES[place]}`;
  const folders = { local: `${root}/home/.kuberlr/linux-amd64`, system: `${root}/system` };
  for (const folder of [`${root}/home/.kube`, ...Object.values(folders), `${root}/elsewhere`]) {
    Deno.mkdirSync(folder, { recursive: true });
  }
  const kubectlPath = ({ folder, version }: Kubectl) => `${folders[folder]}/kubectl${version}`;
  const addKubectl = (kubectl: Kubectl) => {
    const path = kubectlPath(kubectl);
    Deno.writeTextFileSync(path, '#!/bin/sh\nPATH=/usr/bin:/bin readlink -f "$0"\nexit\n', {
      mode: 0o755,
    });
    // A file must be this large to count as a kubectl.
    if (forLauncher) Deno.truncateSync(path, 1 << 20);
  };
  for (const [place, content] of Object.entries(plan.files)) {
    if (content !== undefined) Deno.writeTextFileSync(pathOf(place as Place), content);
  }
  plan.kubectls.forEach(addKubectl);

  const env: Record<string, string> = {
    HOME: `${root}/home`,
    KUBERLR_SYSTEMPATH: folders.system,
    KUBERLR_ALLOWDOWNLOAD: "false",
  };
  for (const [name, value] of plan.variables) env[name] = value;
  const servers: Record<string, string> = Object.fromEntries(
    ["https://a:6443", "https://b:6443", "http://c"].map((
      url,
      i,
    ) => [url, plan.servers[i] ?? "down"]),
  );
  const state = { args: plan.args, cwd: `${root}/home`, offsetMs: forLauncher ? SETTLED_MS : 0 };
  const tolerantly = (act: () => void) => {
    try {
      act();
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  };

  const host = {
    platform: PLATFORM,
    program: {
      argv0: "kubectl",
      args: [],
      identity: () => undefined,
      cwd: () => state.cwd,
      startCommand: () => ({ kind: "executable", path: `${root}/kuberlr` }),
    },
    env: { get: (name: string) => env[name] },
    files: denoFiles(PLATFORM, statFast),
    store: {
      canWrite: () => true,
      tryWriting: () => undefined,
      volumeOf: () => undefined,
      tryLock: () => ({ release: () => {} }),
    },
    processes: {
      ...denoProcesses({ monotonicMs: () => performance.now() }),
      ancestry: () => undefined,
    },
    clock: {
      nowMs: () => Date.now() + state.offsetMs,
      monotonicMs: () => performance.now(),
      sleep: () => Promise.resolve(),
      later,
    },
    http: {
      ask({ url }: { readonly url: string }) {
        const gitVersion =
          Object.entries(servers).find(([server]) => url.startsWith(server))?.[1] ?? "down";
        return Promise.resolve(
          gitVersion === "down"
            ? { kind: "failure", cause: "refused", message: "Connection refused" } as const
            : {
              kind: "answer",
              status: 200,
              location: undefined,
              body: new TextEncoder().encode(JSON.stringify({ gitVersion })),
            } as const,
        );
      },
    },
  } as unknown as Host;

  return {
    get args() {
      return state.args;
    },
    host,
    root,
    env,
    get cwd() {
      return state.cwd;
    },
    proc() {
      Deno.mkdirSync(`${root}/proc/self`, { recursive: true });
      const now = new Date(Date.now() + state.offsetMs);
      Deno.utimeSync(`${root}/proc/self`, now, now);
      const uptime = (performance.now() + state.offsetMs) / 1000;
      Deno.writeTextFileSync(`${root}/proc/uptime`, `${uptime.toFixed(2)} 1.00\n`);
      Deno.mkdirSync(`${root}/proc/sys/kernel/random`, { recursive: true });
      Deno.writeTextFileSync(`${root}/proc/sys/kernel/random/boot_id`, "this-boot\n");
      return `${root}/proc`;
    },
    change(change) {
      switch (change.kind) {
        case "write":
          tolerantly(() => Deno.removeSync(pathOf(change.place)));
          return Deno.writeTextFileSync(pathOf(change.place), change.content);
        case "edit":
          return tolerantly(() => {
            const path = pathOf(change.place);
            const { atime, mtime } = Deno.statSync(path);
            const text = Deno.readTextFileSync(path);
            Deno.writeTextFileSync(
              path,
              text.replaceAll("https://a", "https://b").replaceAll("MIIB", "MIID").replace(
                "dev",
                "prd",
              ),
            );
            Deno.utimeSync(path, atime!, mtime!);
          });
        case "touch":
          return tolerantly(() => Deno.utimeSync(pathOf(change.place), new Date(), new Date()));
        case "delete":
          return tolerantly(() => Deno.removeSync(pathOf(change.place)));
        case "rename":
          return tolerantly(() =>
            Deno.renameSync(pathOf(change.place), `${root}/elsewhere/${change.place}`)
          );
        case "link":
          return tolerantly(() => {
            const path = pathOf(change.place);
            Deno.renameSync(path, `${path}.target`);
            Deno.symlinkSync(`${path}.target`, path);
          });
        case "chmod":
          return tolerantly(() =>
            Deno.chmodSync(
              typeof change.place === "string" ? pathOf(change.place) : kubectlPath(change.place),
              0o640,
            )
          );
        case "add":
          tolerantly(() => Deno.removeSync(kubectlPath(change.kubectl)));
          return addKubectl(change.kubectl);
        case "remove":
          return tolerantly(() => Deno.removeSync(kubectlPath(change.kubectl)));
        case "set":
          env[change.name] = change.value;
          return;
        case "unset":
          delete env[change.name];
          return;
        case "args":
          state.args = change.args;
          return;
        case "cwd":
          state.cwd = `${root}/elsewhere`;
          return;
        case "time":
          state.offsetMs += change.seconds * 1000;
          return;
        case "upgrade":
          servers[change.server] = change.version;
      }
    },
    [Symbol.dispose]: () => Deno.removeSync(root, { recursive: true }),
  };
}
