/**
 * Where the measuring happens: servers near, far, down and silent, two kubectls, and kuberlr in each of its forms.
 *
 * @module
 */
import { type ApiServer, startApiServer } from "../tests/support/api_server.ts";
import { makeAuthority } from "../tests/support/certificates.ts";
import { kubeconfig } from "../tests/support/kubeconfig_builder.ts";
import { realKubectl } from "../tests/support/real_kubectls.ts";
import { SOURCE } from "../tests/support/program_under_test.ts";
import { type Sandbox, sandbox } from "../tests/support/sandbox.ts";
import { bundle } from "../tools/bundle.ts";
import { startRelay } from "./latency.ts";

export interface Setting extends AsyncDisposable {
  readonly api: ApiServer;
  /** Accepts connections and never answers. */
  readonly silent: ApiServer;
  readonly kubectls: Readonly<Record<"fast" | "real", string>>;
  /** What kubectl's arguments are put behind. */
  readonly forms: Readonly<Record<FormName, Command>>;
  /** Deno with an empty program: as one runs any, and with the single file's flags. */
  readonly empty: Readonly<Record<"plain" | "flags", Command>>;
  readonly runner: Command;
  /** A home with one kubectl, where nothing is remembered yet. */
  place(world?: World): Promise<Sandbox>;
}

export type Command = readonly [string, ...string[]];

/** `source`: `deno run -A main.ts`; `single`: the single file with the flags of its first line; `plain`: with `-A`
 * alone; `linked`: a link named kubectl that leads to it, by way of `env`. */
export type FormName = "source" | "single" | "plain" | "linked";

export interface World {
  /** The fast one if absent. */
  readonly kubectl?: string;
  /** Near if absent. */
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
    // Long enough for all rounds.
    world.env.KUBERLR_UNREACHABLETTL = "3600";
    world.env.PATH = `${box.root}/deno:${world.env.PATH}`;
    return world;
  }

  return {
    api,
    silent,
    kubectls: { fast, real },
    forms,
    empty: {
      plain: [Deno.execPath(), "run", "-A", program],
      flags: [Deno.execPath(), ...flags, program],
    },
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
  const forms: Record<FormName, Command> = {
    source: [deno, "run", "-A", SOURCE.pathname, "kubectl"],
    single: [deno, ...flags, path, "kubectl"],
    plain: [deno, "run", "-A", path, "kubectl"],
    linked: [`${box.root}/linked/kubectl`],
  };
  return { forms, flags };
}

/** `#!/usr/bin/env -S deno run …`: what follows `deno`. */
function flagsOf(script: string): readonly string[] {
  const [first = ""] = script.split("\n");
  const words = first.split(" ");
  return words.slice(words.indexOf("deno") + 1);
}

/**
 * What does nothing, so that all the time is kuberlr's. On Linux it is as large as a kubectl might be, as kuberlr treats
 * small files as scripts; zeros behind a program do not matter there.
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
