/**
 * The surroundings of the measurements: servers that are near, far, down and silent, two kubectls,
 * and kuberlr in each of its forms.
 *
 * @module
 */
import { type ApiServer, startApiServer } from "../tests/support/api_server.ts";
import { makeAuthority } from "../tests/support/certificates.ts";
import { kubeconfig } from "../tests/support/kubeconfig_builder.ts";
import { realKubectl } from "../tests/support/real_kubectls.ts";
import { SOURCE } from "../tests/support/program_under_test.ts";
import { CompilerUnavailable, findCompiler } from "../tests/support/denort.ts";
import { type Sandbox, sandbox } from "../tests/support/sandbox.ts";
import { bundle } from "../tools/bundle.ts";
import { buildTime, compileExecutable, makeModules } from "../tools/compile.ts";
import { ownTarget } from "../tools/targets.ts";
import { startRelay } from "./latency.ts";

export interface Setting extends AsyncDisposable {
  readonly api: ApiServer;
  /** Accepts connections and never answers. */
  readonly silent: ApiServer;
  readonly kubectls: Readonly<Record<"fast" | "real", string>>;
  /** The commands that kubectl's arguments are appended to. */
  readonly forms: Forms;
  /** An empty program, an executable of it, and a program with one request to the near server. */
  readonly programs: {
    readonly empty: Command;
    readonly emptyExecutable: Command | undefined;
    readonly request: Command;
  };
  /** The forms that cannot be made here, and why. */
  readonly missing: Readonly<Record<string, string>>;
  readonly runner: Command;
  /** A home with one kubectl, where nothing is remembered yet. */
  place(world?: World): Promise<Sandbox>;
}

export type Command = readonly [string, ...string[]];

/**
 * `launcher`: the launcher that `kuberlr link` of the single file installs; `single`: the single
 * file with the flags of its first line; `linked`: a link named kubectl to the single file, which
 * `env` runs; `source`: `deno run -A main.ts`.
 */
export type FormName = "launcher" | "single" | "linked" | "source" | "executable";

export type Forms = Readonly<Record<Exclude<FormName, "executable">, Command>> & {
  readonly executable: Command | undefined;
};

export interface World {
  /** A path; the fast kubectl by default. */
  readonly kubectl?: string;
  /** Near by default. */
  readonly server?: "near" | "far" | "down" | "silent";
  readonly clusters?: number;
}

export const VERSION = "1.30.0";
export const ROUND_TRIP_MS = 50;

/** @throws {KubectlUnavailable} */
export async function openSetting(): Promise<Setting> {
  await using resources = new AsyncDisposableStack();
  const authority = await makeAuthority();
  const options = { version: `v${VERSION}`, token: "t", tls: await authority.server() };
  const api = resources.use(await startApiServer(options));
  const silent = resources.use(await startApiServer({ ...options, answer: { kind: "hang" } }));
  const relay = resources.use(startRelay(api.port, ROUND_TRIP_MS));
  const urls = {
    near: api.url,
    far: `https://127.0.0.1:${relay.port}`,
    down: `https://127.0.0.1:${closedPort()}`,
    silent: silent.url,
  };
  const box = resources.use(await sandbox());
  const { forms, flags } = await makeForms(box);
  const program = box.write("empty.js", "");
  const request = box.write(
    "request.js",
    requestScript(`${urls.near}/version`, authority.certificate),
  );
  const { executables, missing } = await compileAll(box);
  const fast = await makeFastKubectl(box);
  const real = (await realKubectl(VERSION)).path;

  const owned = resources.move();
  async function place(
    { kubectl = fast, server = "near", clusters = 1 }: World = {},
  ): Promise<Sandbox> {
    const world = owned.use(await sandbox());
    world.install(VERSION, kubectl);
    const config = kubeconfig();
    for (let index = 0; index < clusters; index++) {
      const url = index === 0 ? urls[server] : `https://cluster-${index}.example.com:6443`;
      const cluster = { server: url, ca: authority.certificate };
      config.context(`cluster-${index}`, cluster, { token: "t" });
    }
    world.kubeconfig(config);
    // It lasts for all rounds.
    world.env.KUBERLR_UNREACHABLETTL = "3600";
    world.env.PATH = `${box.root}/deno:${world.env.PATH}`;
    // Every session has this variable. Without it, bash reads the user's entry in /etc/passwd.
    world.env.SHELL = "/bin/sh";
    return world;
  }

  return {
    api,
    silent,
    kubectls: { fast, real },
    forms: { ...forms, executable: executables?.kubectl },
    programs: {
      empty: [Deno.execPath(), ...flags, program],
      emptyExecutable: executables?.empty,
      request: [Deno.execPath(), ...flags, request],
    },
    missing,
    runner: [findTrue()],
    place,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function makeForms(box: Sandbox) {
  const deno = Deno.execPath();
  const path = `${box.root}/kuberlr.js`;
  const gitTreeState = "";
  await bundle(path, { gitVersion: "v0.0.0", gitCommit: "", gitTreeState, buildDate: "" });
  Deno.mkdirSync(`${box.root}/linked`);
  Deno.symlinkSync(path, `${box.root}/linked/kubectl`);
  Deno.mkdirSync(`${box.root}/deno`);
  Deno.symlinkSync(deno, `${box.root}/deno/deno`);
  const flags = flagsOf(Deno.readTextFileSync(path));
  const single: Command = [deno, ...flags, path];
  const link = new Deno.Command(deno, {
    args: [...single.slice(1), "link", "--dir", `${box.root}/launcher`],
    env: box.env,
    stdout: "null",
  });
  if (!(await link.output()).success) throw new Error("kuberlr link failed");
  const forms = {
    launcher: [`${box.root}/launcher/kubectl`],
    single: [...single, "kubectl"],
    linked: [`${box.root}/linked/kubectl`],
    source: [deno, "run", "-A", SOURCE.href, "kubectl"],
  } satisfies Omit<Forms, "executable">;
  return { forms, flags };
}

/** Compiles kuberlr and an empty program, if a runtime for executables is available. */
async function compileAll(box: Sandbox) {
  try {
    const { isOwn: _, ...compiler } = await findCompiler();
    const folder = `${box.root}/executables`;
    const modules = await makeModules(`${box.root}/modules`, await buildTime());
    const empty = box.write("nothing/kuberlr.js", "");
    Deno.mkdirSync(folder);
    await compileExecutable(modules, `${folder}/kuberlr`, ownTarget(), compiler);
    await compileExecutable(empty, `${folder}/empty`, ownTarget(), compiler);
    Deno.symlinkSync(`${folder}/kuberlr`, `${folder}/kubectl`);
    const kubectl: Command = [`${folder}/kubectl`];
    const nothing: Command = [`${folder}/empty`];
    return { executables: { kubectl, empty: nothing }, missing: {} };
  } catch (error) {
    if (!(error instanceof CompilerUnavailable)) throw error;
    return { missing: { "The executable": error.message } };
  }
}

/** Returns a script with one request, the only one that a first command needs. */
function requestScript(url: string, authority: string): string {
  return `const client = Deno.createHttpClient({ caCerts: [${JSON.stringify(authority)}] });
const headers = { authorization: "Bearer t" };
await (await fetch(${JSON.stringify(url)}, { client, headers })).text();
`;
}

/** Returns the words after `deno` in `#!/usr/bin/env -S deno run …`. */
function flagsOf(script: string): readonly string[] {
  const [first = ""] = script.split("\n");
  const words = first.split(" ");
  return words.slice(words.indexOf("deno") + 1);
}

/**
 * Makes a kubectl that does nothing, so that all the time is kuberlr's. On Linux it is made as
 * large as a kubectl, because kuberlr takes a small file for a script; Linux ignores zeros after a
 * program.
 */
async function makeFastKubectl(box: Sandbox): Promise<string> {
  const path = `${box.root}/true`;
  await Deno.copyFile(findTrue(), path);
  if (Deno.build.os === "linux") await Deno.truncate(path, 2 << 20);
  await Deno.chmod(path, 0o755);
  return path;
}

function findTrue(): string {
  return Deno.build.os === "linux" ? "/bin/true" : "/usr/bin/true";
}

function closedPort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return (listener.addr as Deno.NetAddr).port;
}
