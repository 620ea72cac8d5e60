/**
 * Runs the example workflows of docs/continuous-integration.md, as far as possible without GitHub
 * and GitLab: their commands run in a project folder, with a cluster, a mirror and a web server
 * that has the release.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { parse } from "@std/yaml";
import { tarGz } from "../../tools/archive.ts";
import { startCluster } from "../support/cluster.ts";
import { fakeOutput } from "../support/fake_kubectl.ts";
import { serveRelease } from "../support/release_site.ts";
import { type Sandbox, story } from "../support/sandbox.ts";
import { assertNoStack } from "../support/verdicts.ts";

const PAGE = new URL("../../docs/continuous-integration.md", import.meta.url);
const [GITHUB, GITLAB] = Array.from(
  Deno.readTextFileSync(PAGE).matchAll(/^```yaml\n([^]*?)^```$/gm),
  ([, text = ""]) => parse(text, { schema: "core" }) as Workflow,
);

interface Workflow {
  readonly jobs?: {
    readonly deploy: {
      readonly env: Readonly<Record<string, string>>;
      readonly steps: readonly { readonly uses?: string; readonly run?: string }[];
    };
  };
  readonly deploy?: {
    readonly variables: Readonly<Record<string, string>>;
    readonly before_script: readonly string[];
    readonly script: readonly string[];
  };
}

const missing = ["curl", "tar"].filter((tool) => !exists(`/usr/bin/${tool}`));
const unless = missing.length > 0 ? `there is no ${missing.join(", no ")}` : undefined;
const ARGS = ["apply", "-f", "deploy/"];

story("the example for GitHub Actions deploys, with the kubectl of the lock", async (box) => {
  await using _world = await startProject(box);
  const { env = {}, steps = [] } = GITHUB?.jobs?.deploy ?? {};
  const added = `${box.root}/github-path`;
  box.write(added, "");
  let last = "";
  for (const { uses, run } of steps) {
    if (run === undefined) {
      assertMatch(uses ?? "", /^actions\/(?:checkout|cache)@v\d+$/);
      continue;
    }
    const path = Deno.readTextFileSync(added).trimEnd().split("\n").join(":");
    last = await runScript(run, box, {
      ...Object.fromEntries(
        Object.entries(env).map(([name, value]) => [
          name,
          value.replace("${{ github.workspace }}", box.cwd),
        ]),
      ),
      GITHUB_PATH: added,
      PATH: path === "" ? BARE_PATH : `${path}:${BARE_PATH}`,
    });
  }
  assertEquals(last, fakeOutput("1.30.2", ARGS));
}, { unless });

story("the example for GitLab deploys, with the kubectl of the lock", async (box) => {
  await using _world = await startProject(box);
  const { variables = {}, before_script = [], script = [] } = GITLAB?.deploy ?? {};
  const expanded = Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [
      name,
      value.replace("$CI_PROJECT_DIR", box.cwd),
    ]),
  );
  const output = await runScript([...before_script, ...script].join("\n"), box, {
    ...expanded,
    CI_PROJECT_DIR: box.cwd,
    PATH: BARE_PATH,
  });
  assert(output.endsWith(fakeOutput("1.30.2", ARGS)), output);
}, { unless });

const BARE_PATH = "/usr/bin:/bin";

/** Makes a project with a kubeconfig and a lock. The mirror has later patches than the lock. */
async function startProject(box: Sandbox): Promise<AsyncDisposable> {
  await using resources = new AsyncDisposableStack();
  const api = { version: "v1.30.5-gke.1" };
  const before = await startCluster(box, { kubectls: ["1.30.2"], api });
  const locked = await box.run("kuberlr", ["get", "1.30", "--lock", "kubectl.lock"]);
  assertEquals(locked.status, 0, locked.stderr);
  Deno.removeSync(`${box.home}/.kuberlr`, { recursive: true });
  await before[Symbol.asyncDispose]();
  resources.use(await startCluster(box, { kubectls: ["1.30.2", "1.30.14"], api }));
  Deno.copyFileSync(`${box.home}/.kube/config`, `${box.cwd}/kubeconfig`);

  const [program] = box.command("kuberlr");
  const path = "kuberlr-linux-amd64/kuberlr";
  const archive = await tarGz([{ path, mode: 0o755, bytes: Deno.readFileSync(program) }], 0);
  const site = resources.use(serveRelease({ "kuberlr-linux-amd64.tar.gz": archive }));
  box.env["RELEASE_SITE"] = site.url;
  const owned = resources.move();
  return { [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Returns the output of the script. */
async function runScript(
  script: string,
  box: Sandbox,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const text = script.replaceAll(
    /https:\/\/github\.com\/kuberlr\/kuberlr\/releases\/latest\/download/g,
    box.env["RELEASE_SITE"] ?? "",
  );
  const run = await box.exec("/bin/sh", ["-e", "-c", text], { env });
  assertEquals(run.status, 0, `${text}\n${run.stdout}${run.stderr}`);
  assertNoStack(run);
  return run.stdout;
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
