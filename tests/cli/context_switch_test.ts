/**
 * Several clusters with different versions: each command goes to one of them, and runs with the
 * kubectl for that one.
 */
import { startApiServer } from "../support/api_server.ts";
import { makeAuthority } from "../support/certificates.ts";
import { kubeconfig } from "../support/kubeconfig_builder.ts";
import { type Sandbox, story } from "../support/sandbox.ts";
import { assertRan } from "../support/verdicts.ts";

const CHOICES: Readonly<Record<string, { args: readonly string[]; want: string }>> = {
  "the current context": { args: ["get", "pods"], want: "1.30.2" },
  "--context=NAME": { args: ["get", "pods", "--context=old"], want: "1.24.17" },
  "--context NAME before the command": {
    args: ["--context", "old", "get", "pods"],
    want: "1.24.17",
  },
  "the last --context of several": {
    args: ["--context=old", "get", "pods", "--context", "new"],
    want: "1.36.1",
  },
  "no --context after --": { args: ["exec", "web", "--", "sh", "--context=old"], want: "1.30.2" },
  "--cluster": { args: ["get", "pods", "--cluster=new"], want: "1.36.1" },
};

for (const [name, { args, want }] of Object.entries(CHOICES)) {
  story(`${name} decides the kubectl`, async (box) => {
    await using world = await threeClusters();
    populate(box);
    box.kubeconfig(world.kubeconfig("mid"));
    assertRan(await box.run("kubectl", args), want, args);
  });
}

story("a switch of the current context is seen by the next command", async (box) => {
  await using world = await threeClusters();
  populate(box);
  for (
    const [context, want] of [["mid", "1.30.2"], ["old", "1.24.17"], ["new", "1.36.1"], [
      "mid",
      "1.30.2",
    ]] as const
  ) {
    box.kubeconfig(world.kubeconfig(context));
    assertRan(await box.run("kubectl", ["get", "pods"]), want, ["get", "pods"]);
  }
});

story("--server and KUBECONFIG choose the cluster too", async (box) => {
  await using world = await threeClusters();
  populate(box);
  box.kubeconfig(world.kubeconfig("mid"));
  const other = box.kubeconfig(world.kubeconfig("new"), "elsewhere/config");

  const env = { KUBECONFIG: `${box.root}/missing:${other}` };
  assertRan(await box.run("kubectl", ["get", "pods"], { env }), "1.36.1", ["get", "pods"]);
  const flags = ["get", "pods", `--kubeconfig=${other}`, "--context=old"];
  assertRan(await box.run("kubectl", flags), "1.24.17", flags);
  const server = ["get", "pods", "-s", world.url("new")];
  assertRan(await box.run("kubectl", server), "1.36.1", server);
});

function populate(box: Sandbox): void {
  for (const version of ["1.24.17", "1.27.1", "1.30.2", "1.33.0", "1.36.1"]) {
    box.fakeKubectl(version);
  }
}

async function threeClusters() {
  const authority = await makeAuthority();
  const tls = await authority.server();
  const old = await startApiServer({ version: "v1.24.3", tls });
  const mid = await startApiServer({ version: "v1.30.0-eks-036c24b", tls });
  const fresh = await startApiServer({ version: "v1.36.0+k3s1", tls });
  const servers = { old, mid, new: fresh };
  const ca = authority.certificate;
  return {
    url: (name: keyof typeof servers) => servers[name].url,
    kubeconfig: (current: keyof typeof servers) =>
      kubeconfig()
        .context("old", { server: old.url, ca })
        .context("mid", { server: mid.url, ca })
        .context("new", { server: fresh.url, ca })
        .current(current),
    async [Symbol.asyncDispose]() {
      for (const server of Object.values(servers)) await server[Symbol.asyncDispose]();
    },
  };
}
