/**
 * A real kubectl for a platform that no npm package has one for. Go compiles it from Kubernetes'
 * own modules, which takes minutes, once per machine.
 *
 * @module
 */
import { devCache } from "./dev_cache.ts";
import { keepKubectl } from "./real_kubectls.ts";

export const GO_KUBECTL = "1.30.0";

/** The path of k8s.io/kubernetes/cmd/kubectl, by whose name an upstream kubectl is known. */
const MAIN = `package main

import (
	_ "k8s.io/client-go/plugin/pkg/client/auth"
	"k8s.io/component-base/cli"
	"k8s.io/kubectl/pkg/cmd"
	"k8s.io/kubectl/pkg/cmd/util"
)

func main() {
	if err := cli.RunNoErrOutput(cmd.NewDefaultKubectlCommand()); err != nil {
		util.CheckErr(err)
	}
}
`;

/**
 * Makes the kubectl unless it is in the cache, and returns the cache.
 *
 * @throws {Error} Go is not installed, or fails
 */
export async function compileKubectl(goos: string, goarch: string): Promise<string> {
  const cache = devCache();
  if (cache === undefined) throw new Error("Cannot keep a kubectl: there is no cache directory");
  const platform = `${goos}-${goarch}`;
  const suffix = goos === "windows" ? ".exe" : "";
  if (isFile(`${cache}/kubectl/${platform}/kubectl${GO_KUBECTL}${suffix}`)) return cache;
  const folder = await Deno.makeTempDir({ prefix: "kuberlr-kubectl-" });
  try {
    await Deno.mkdir(`${folder}/cmd/kubectl`, { recursive: true });
    await Deno.writeTextFile(`${folder}/cmd/kubectl/main.go`, MAIN);
    const modules = ["kubectl", "component-base", "client-go"];
    const module = GO_KUBECTL.replace(/^1/, "v0");
    await go(folder, ["mod", "init", "k8s.io/kubernetes"]);
    await go(folder, ["get", ...modules.map((name) => `k8s.io/${name}@${module}`)]);
    await go(folder, ["mod", "tidy"]);
    const variables = {
      "component-base/version.gitVersion": `v${GO_KUBECTL}`,
      "component-base/version.gitMajor": "1",
      "component-base/version.gitMinor": GO_KUBECTL.split(".")[1],
      "client-go/pkg/version.gitVersion": `v${GO_KUBECTL}`,
    };
    const flags = Object.entries(variables).map(([name, value]) => `-X k8s.io/${name}=${value}`);
    const words = ["-trimpath", `-ldflags=-s -w ${flags.join(" ")}`, "-o", "made", "./cmd/kubectl"];
    await go(folder, ["build", ...words], {
      GOOS: goos,
      GOARCH: goarch,
      CGO_ENABLED: "0",
    });
    await keepKubectl(cache, platform, GO_KUBECTL, await Deno.readFile(`${folder}/made`));
    return cache;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function go(cwd: string, args: readonly string[], env: Record<string, string> = {}) {
  const { success, stderr } = await new Deno.Command("go", { args: [...args], cwd, env }).output();
  if (!success) throw new Error(`go ${args[0]}: ${new TextDecoder().decode(stderr).trim()}`);
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
