/**
 * Other tools that stand in for kubectl, where they are found. Of what is not found no number is guessed.
 *
 * | peer | found by |
 * |---|---|
 * | Go kuberlr | `KUBERLR_GO`, a path; with `--build-peers` and Go here, it is built |
 * | Google's dispatcher | `KUBECTL_DISPATCHER`, a path |
 * | asdf, mise | PATH, with a kubectl chosen in them |
 *
 * @module
 */
import { type Row, timeOnce } from "./measure.ts";
import { row } from "./rows.ts";
import type { Setting } from "./setting.ts";

export interface Peers {
  readonly rows: readonly Row[];
  /** By name, why there is none. */
  readonly missing: Readonly<Record<string, string>>;
}

interface Found {
  readonly rows: readonly Row[];
}

/** Why a peer is not measured, in words that tell nothing of this machine. */
class Missing extends Error {}

export async function findPeers(setting: Setting, mayBuild: boolean): Promise<Peers> {
  const rows: Row[] = [];
  const missing: Record<string, string> = {};
  const peers: Readonly<Record<string, () => Promise<Found>>> = {
    "Go kuberlr": () => placeGoKuberlr(setting, mayBuild),
    "Google's dispatcher": () => placeDispatcher(setting),
    asdf: () => findShim(setting, "asdf"),
    mise: () => findShim(setting, "mise"),
  };
  for (const [name, find] of Object.entries(peers)) {
    try {
      const found = await find();
      for (const each of found.rows) await timeOnce(each);
      rows.push(...found.rows);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      missing[name] = error instanceof Missing ? error.message : "found, but it fails here";
    }
  }
  return { rows, missing };
}

/** It knows its role by its name, and its folders are those of kuberlr. */
async function placeGoKuberlr({ place }: Setting, mayBuild: boolean): Promise<Found> {
  const built = await place();
  const path = Deno.env.get("KUBERLR_GO") ?? await buildGoKuberlr(built.root, mayBuild);
  const rows = [];
  for (const [id, server] of [["near", "near"], ["far", "far"]] as const) {
    const world = await place({ server });
    Deno.mkdirSync(`${world.root}/go`);
    const link = `${world.root}/go/kubectl`;
    Deno.symlinkSync(await Deno.realPath(path), link);
    const name = id === "near" ? "Go kuberlr" : "Go kuberlr, 50 ms away";
    rows.push(row(`go-${id}`, name, world, [link, "get", "namespaces"]));
  }
  return { rows };
}

async function buildGoKuberlr(folder: string, mayBuild: boolean): Promise<string> {
  if (!mayBuild) throw new Missing("KUBERLR_GO is not set, and --build-peers is not given");
  const child = new Deno.Command("go", {
    args: ["install", "github.com/flavio/kuberlr/cmd/kuberlr@latest"],
    env: { GOBIN: folder, GOFLAGS: "-modcacherw", GOPATH: `${folder}/go`, GOTOOLCHAIN: "local" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  });
  let output;
  try {
    output = await child.output();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Missing("KUBERLR_GO is not set, and there is no Go to build it with");
  }
  if (output.success) return `${folder}/kuberlr`;
  const answer = /\b[45]\d\d [A-Z][A-Za-z ]+/.exec(new TextDecoder().decode(output.stderr))?.[0];
  throw new Missing(
    `KUBERLR_GO is not set, and "go install" of its module fails here` +
      (answer === undefined ? "" : `: the module proxy answers ${answer.trim()}`),
  );
}

/** It looks for `kubectl.MAJOR.MINOR` beside itself. */
async function placeDispatcher({ place, kubectls }: Setting): Promise<Found> {
  const path = Deno.env.get("KUBECTL_DISPATCHER");
  if (path === undefined) throw new Missing("KUBECTL_DISPATCHER is not set");
  const world = await place();
  const folder = `${world.root}/dispatcher`;
  Deno.mkdirSync(folder);
  for (const name of ["kubectl.1.30", "kubectl.default"]) {
    Deno.copyFileSync(kubectls.fast, `${folder}/${name}`);
  }
  Deno.copyFileSync(path, `${folder}/kubectl`);
  const command = [`${folder}/kubectl`, "get", "namespaces"] as const;
  return { rows: [row("dispatcher", "Google's dispatcher", world, command)] };
}

/** Shims choose without a server: beside each stands the kubectl that it chooses. */
async function findShim({ place }: Setting, tool: "asdf" | "mise"): Promise<Found> {
  const kubectl = (await ask(tool, ["which", "kubectl"])).trim();
  const shims = tool === "asdf"
    ? `${Deno.env.get("ASDF_DATA_DIR") ?? `${Deno.env.get("HOME")}/.asdf`}/shims`
    : `${
      Deno.env.get("MISE_DATA_DIR") ??
        `${Deno.env.get("XDG_DATA_HOME") ?? `${Deno.env.get("HOME")}/.local/share`}/mise`
    }/shims`;
  const world = await place();
  // The tool's own environment: it has its settings there.
  const user = { ...world, env: { ...Deno.env.toObject(), KUBECONFIG: "/dev/null" } };
  return {
    rows: [
      row(tool, `${tool}'s shim: version --client`, user, [
        `${shims}/kubectl`,
        "version",
        "--client",
      ]),
      row(`${tool}-alone`, `the kubectl of ${tool}`, user, [kubectl, "version", "--client"]),
    ],
  };
}

async function ask(tool: string, args: readonly string[]): Promise<string> {
  let output;
  try {
    output = await new Deno.Command(tool, { args: [...args], stdin: "null" }).output();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Missing("not installed");
  }
  if (!output.success) throw new Missing("it has no kubectl");
  return new TextDecoder().decode(output.stdout);
}
