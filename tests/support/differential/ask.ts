/**
 * Asks one case of a real kubectl and of kuberlr, and returns the servers' records of each.
 *
 * kuberlr runs in this process, from the command line to the server's answer, on the real host.
 * Only variables, working directory and arguments are the case's.
 *
 * @module
 */
import type { Host } from "../../../lib/ports/host.ts";
import { denoHost } from "../../../lib/host/deno_host.ts";
import { localHost } from "../../../lib/host/local_host.ts";
import { scanKubectlArgv } from "../../../lib/kubectl/argv.ts";
import { type Resolution, resolveKubectl } from "../../../lib/resolver/steps/resolve_kubectl.ts";
import { programUnderTest } from "../program_under_test.ts";
import { denoDir } from "../sandbox.ts";
import type { DifferentialCase } from "./cases.ts";
import { type DifferentialWorld, FOLDERS } from "./world.ts";

/** One connection or request, as the server saw it. */
export interface Visit {
  readonly server: string;
  readonly host: string;
  /** The path above the API's own. */
  readonly prefix: string;
  readonly sni: string;
  readonly certificate: string;
  readonly authorization: string;
}

/** Everything that the servers and proxies saw of one side, in order, without repetitions. */
export interface Seen {
  readonly visits: readonly Visit[];
  /** `proxy method target credentials` */
  readonly proxied: readonly string[];
  /** The servers that were connected to, successfully or not. */
  readonly dialed: readonly string[];
  /** True if impersonation was asked for. */
  readonly impersonated: boolean;
}

export interface ProgramRun {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly seen: Seen;
}

export interface KubectlRun extends ProgramRun {
  /** True if it was still busy at the end: client-go tries again for half a minute. */
  readonly killed: boolean;
}

export interface KuberlrRun {
  readonly resolution: Resolution;
  readonly seen: Seen;
}

/** A case whose files are written. */
export interface Scene extends AsyncDisposable {
  readonly folder: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export function layOut(
  { files, env, args }: DifferentialCase,
  { root, values, env: shared }: DifferentialWorld,
): Scene {
  const folder = Deno.makeTempDirSync({ dir: root, prefix: "case-" });
  const all: Readonly<Record<string, string>> = { ...values, case: folder };
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (whole, name) => all[name] ?? whole);
  for (const path of FOLDERS) {
    Deno.mkdirSync(`${folder}/${path}`, { recursive: true });
    Deno.symlinkSync(`${root}/pki/${path}`, `${folder}/${path}/pki`);
  }
  for (const [path, text] of Object.entries(files)) {
    Deno.writeTextFileSync(`${folder}/${path}`, fill(text));
  }
  const variables = Object.entries(env).map(([name, value]) => [name, fill(value)]);
  return {
    folder,
    args: args.map(fill),
    env: { HOME: `${folder}/home`, LANG: "C", ...shared, ...Object.fromEntries(variables) },
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/**
 * In seconds. Deno looks up names that only a proxy or a certificate knows, and a name server may
 * be slow to answer that a name does not exist.
 */
const KUBERLR_TIMEOUT = "30";

export async function askKubectl(
  path: string,
  { folder, args, env }: Scene,
  world: DifferentialWorld,
): Promise<KubectlRun> {
  const watch = startWatch(world);
  const child = new Deno.Command(path, {
    args: [...args],
    cwd: `${folder}/work`,
    env: { ...env },
    clearEnv: true,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let killed = false;
  const guard = setTimeout(() => {
    killed = true;
    child.kill("SIGKILL");
  }, 5_000);
  const { code, stdout, stderr } = await child.output();
  clearTimeout(guard);
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { status: code, stdout: text(stdout), stderr: text(stderr), killed, seen: await watch() };
}

export async function askKuberlr(
  { folder, args, env }: Scene,
  world: DifferentialWorld,
): Promise<KuberlrRun> {
  const watch = startWatch(world);
  const line = scanKubectlArgv(args);
  const resolution = await resolveKubectl(line, { ask: "refresh" }, hostOf(folder, args, env));
  return { resolution, seen: await watch() };
}

/** Asks kuberlr as a process of its own, from `main.ts` on. `folders` hold kubectls. */
export async function runKuberlr(
  { folder, args, env }: Scene,
  kubectls: string,
  world: DifferentialWorld,
): Promise<ProgramRun> {
  // A record of the server would answer in the server's place.
  await Deno.remove(`${folder}/home/.kuberlr`, { recursive: true }).catch(() => {});
  const watch = startWatch(world);
  const chosen = programUnderTest();
  // The single file looks for a Deno in PATH, and this PATH does not hold one.
  const [program, ...words] = chosen[0].endsWith(".js")
    ? [Deno.execPath(), "run", "-A", "-q", ...chosen] as const
    : chosen;
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args: [...words, "kubectl", ...args],
    cwd: `${folder}/work`,
    env: {
      ...env,
      DENO_DIR: denoDir(),
      DENO_NO_UPDATE_CHECK: "1",
      KUBERLR_SYSTEMPATH: kubectls,
      KUBERLR_TIMEOUT,
      KUBERLR_ALLOWDOWNLOAD: "false",
    },
    clearEnv: true,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { status: code, stdout: text(stdout), stderr: text(stderr), seen: await watch() };
}

// The host is made before the world changes this process's environment, because making it undoes
// such changes.
const REAL = denoHost(localHost());
// The library stays open; the first test would count that as a leak.
REAL.files.stat("/");

function hostOf(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Host {
  const variables: Readonly<Record<string, string>> = {
    ...env,
    KUBERLR_SYSTEMPATH: folder,
    KUBERLR_TIMEOUT,
  };
  return {
    ...REAL,
    program: { ...REAL.program, args, cwd: () => `${folder}/work` },
    env: { get: (name) => variables[name] },
    processes: {
      ...REAL.processes,
      run: (request) => REAL.processes.run({ ...request, env: { ...env, ...request.env } }),
    },
  };
}

/** Returns a function that returns the milliseconds since this call. */
function startWatch({ servers, proxies }: DifferentialWorld): () => Promise<Seen> {
  const before = new Map(
    Object.entries(servers).map((
      [name, { requests, connections }],
    ) => [name, { requests: requests.length, connections }]),
  );
  const proxiedBefore = new Map(
    Object.entries(proxies).map(([name, { requests }]) => [name, requests.length]),
  );
  return async () => {
    const visits: Visit[] = [];
    const dialed: string[] = [];
    let impersonated = false;
    for (const [name, server] of Object.entries(servers)) {
      const { requests, connections } = before.get(name)!;
      await settle(server);
      if (server.connections - 1 > connections) dialed.push(name);
      for (const request of server.requests.slice(requests)) {
        impersonated ||= request.headers["impersonate-user"] !== undefined;
        visits.push({
          server: name,
          host: request.host ?? "",
          prefix: prefixOf(request.path),
          sni: request.sni ?? "",
          certificate: request.clientCertificate ?? "",
          authorization: request.authorization ?? "",
        });
      }
    }
    const proxied = Object.entries(proxies).flatMap(([name, { requests }]) =>
      requests.slice(proxiedBefore.get(name)).map(({ method, target, credentials = "" }) =>
        `${name} ${methodOf(method)} ${targetOf(target)} ${credentials}`
      )
    );
    return { visits: unique(visits), proxied: unique(proxied), dialed, impersonated };
  };
}

/**
 * A server accepts connections in order: when it has closed this one, it has recorded all earlier
 * ones.
 */
async function settle(server: DifferentialWorld["servers"]["plain"]): Promise<void> {
  await hangUpOn(server);
  await server.settled?.();
}

async function hangUpOn({ port }: DifferentialWorld["servers"]["plain"]): Promise<void> {
  using connection = await Deno.connect({ port });
  try {
    await connection.write(new TextEncoder().encode("neither HTTP nor TLS\r\n\r\n"));
    while (await connection.read(new Uint8Array(64)) !== null) { /* to its end */ }
  } catch {
    // A reset connection is as good as a closed one.
  }
}

/** Returns the path above `/version?timeout=32s` or `/api/v1/…`. */
function prefixOf(path: string): string {
  return path.replace(/\/(?:version|api|apis|openapi|swagger-2[^?]*)(?:[/?].*)?$/, "");
}

/** All requests through one tunnel have the same purpose. */
function methodOf(method: string): string {
  return method === "CONNECT" || method === "SOCKS5" ? method : "plain";
}

function targetOf(target: string): string {
  return target.replace(/^\w+:\/\//, "").replace(/\/.*$/, "");
}

function unique<T>(values: readonly T[]): readonly T[] {
  const seen = new Map(values.map((value) => [JSON.stringify(value), value]));
  return [...seen.values()];
}
