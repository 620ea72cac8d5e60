/**
 * Finds other tools that run as kubectl. A tool that is not installed is reported as missing.
 *
 * | peer | found by |
 * |---|---|
 * | Go kuberlr | `KUBERLR_GO`, a path, or else `kuberlr-go` in PATH |
 * | Google's dispatcher | `KUBECTL_DISPATCHER`, a path |
 * | asdf, mise | PATH, with a kubectl chosen in them |
 *
 * @module
 */
import { type Row, timeOnce } from "./measure.ts";
import { PLACES, row } from "./rows.ts";
import type { Setting } from "./setting.ts";

export interface Peers {
  readonly rows: readonly Row[];
  /** The reasons why a peer is missing, by its name. */
  readonly missing: Readonly<Record<string, string>>;
}

interface Found {
  readonly rows: readonly Row[];
}

/** A peer is not measured; the message discloses nothing of this machine. */
class Missing extends Error {}

export async function findPeers(setting: Setting): Promise<Peers> {
  const rows: Row[] = [];
  const missing: Record<string, string> = {};
  const peers: Readonly<Record<string, () => Promise<Found>>> = {
    "Go kuberlr": () => placeGoKuberlr(setting),
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

/**
 * Its role depends on its name, its folders are those of kuberlr, and it always asks the server.
 */
async function placeGoKuberlr({ place, kubectls }: Setting): Promise<Found> {
  const path = await Deno.realPath(findGoKuberlr());
  const rows = [];
  for (const server of ["near", "far"] as const) {
    for (const id of ["go", "real-go"] as const) {
      const world = await place({ server, kubectl: id === "go" ? kubectls.fast : kubectls.real });
      Deno.mkdirSync(`${world.root}/go`);
      const link = `${world.root}/go/kubectl`;
      Deno.symlinkSync(path, link);
      const name = `Go kuberlr${id === "go" ? "" : ", real kubectl"}, ${PLACES[server]}`;
      rows.push({
        ...row(`${id}-${server}`, name, world, [link, "get", "namespaces"]),
        ...(server === "far" && { rounds: 15 }),
      });
    }
  }
  return { rows };
}

function findGoKuberlr(): string {
  const given = Deno.env.get("KUBERLR_GO");
  if (given !== undefined) return given;
  const folders = (Deno.env.get("PATH") ?? "").split(":");
  for (const folder of folders) {
    try {
      return Deno.realPathSync(`${folder}/kuberlr-go`);
    } catch {
      // Another folder may have it.
    }
  }
  throw new Missing("KUBERLR_GO is not set, and there is no kuberlr-go in PATH");
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

/** A shim does not ask a server. The kubectl that it chooses is measured as well. */
async function findShim({ place }: Setting, tool: "asdf" | "mise"): Promise<Found> {
  const kubectl = (await ask(tool, ["which", "kubectl"])).trim();
  const shims = tool === "asdf"
    ? `${Deno.env.get("ASDF_DATA_DIR") ?? `${Deno.env.get("HOME")}/.asdf`}/shims`
    : `${
      Deno.env.get("MISE_DATA_DIR") ??
        `${Deno.env.get("XDG_DATA_HOME") ?? `${Deno.env.get("HOME")}/.local/share`}/mise`
    }/shims`;
  const world = await place();
  // The tool needs the user's environment for its settings.
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
