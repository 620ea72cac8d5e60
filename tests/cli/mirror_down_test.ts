/**
 * The mirror does not answer, or answers wrongly: kuberlr prints one clear error, or runs the
 * newest kubectl if the user has allowed it.
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { makeAuthority } from "../support/certificates.ts";
import { lacks } from "../support/program_under_test.ts";
import { startHttpProxy } from "../support/proxies.ts";
import { startCluster } from "../support/cluster.ts";
import { fakeOutput } from "../support/fake_kubectl.ts";
import type { Fault } from "../support/mirror.ts";
import { NOWHERE, story } from "../support/sandbox.ts";
import { assertInstalled, assertNoStack, assertRan, assertRefused } from "../support/verdicts.ts";

const GET_PODS = ["get", "pods"];

const FAULTS: Readonly<Record<string, { fault: Fault; error: RegExp }>> = {
  "answers 403": { fault: { kind: "answer", status: 403 }, error: /403/ },
  "does not have it": { fault: { kind: "answer", status: 404 }, error: /1\.29\.4/ },
  "redirects in a circle": { fault: { kind: "redirect", location: "/again" }, error: /redirect/i },
};

for (const [name, { fault, error }] of Object.entries(FAULTS)) {
  story(`a mirror that ${name}: exit status 127, and nothing is installed`, async (box) => {
    await using _cluster = await startCluster(box, {
      api: { version: "v1.29.4" },
      kubectls: ["1.29.4"],
      fault: () => fault,
    });
    assertRefused(await box.run("kubectl", GET_PODS), { status: 127, error, hint: /./ });
    assertInstalled(box, []);
  });
}

story("a mirror that is down: exit status 127, naming it and the setting", async (box) => {
  await using _cluster = await startCluster(box, { api: { version: "v1.29.4" }, kubectls: [] });
  box.env.KUBERLR_KUBEMIRRORURL = NOWHERE;

  assertRefused(await box.run("kubectl", GET_PODS), {
    status: 127,
    error: /127\.0\.0\.1:2\b.*refused/,
    hint: /KubeMirrorUrl/,
  });
  assertInstalled(box, []);
});

story(
  "a mirror that was down for another release is named, and not that release's file",
  async (box) => {
    await using _cluster = await startCluster(box, { api: { version: "v1.29.4" }, kubectls: [] });
    box.env.KUBERLR_KUBEMIRRORURL = NOWHERE;
    await box.run("kubectl", GET_PODS);

    const pinned = await box.run("kubectl", GET_PODS, { env: { KUBERLR_KUBECTL: "1.28.3" } });
    assertRefused(pinned, {
      status: 127,
      error: /1\.28\.3: "http:\/\/127\.0\.0\.1:2": .*refused.* next attempt in/,
      hint: /./,
    });
    assertEquals(/1\.29\.4/.test(pinned.stderr), false, pinned.stderr);
    const asked = await box.run("kuberlr", ["clusters", "--get"]);
    assertMatch(asked.stderr, /kubectl 1\.29\.4: .*refused/);
    assertEquals(/next attempt/.test(asked.stderr), false, asked.stderr);
  },
);

const OPENSSL = hasOpenssl() ? {} : { unless: "there is no openssl" };

for (const throughProxy of [false, true]) {
  story(
    `what helps with a mirror whose issuer has critical policies, typed as it stands (${
      throughProxy ? "proxy" : "direct"
    })`,
    async (box) => {
      const authority = await makeAuthority();
      const policed = await authority.intermediate({ policies: true });
      await using cluster = await startCluster(box, {
        api: { version: "v1.29.4" },
        kubectls: ["1.29.4"],
        tls: await policed.server({ names: ["127.0.0.1", "mirror.example"] }),
      });
      const { port } = new URL(cluster.mirror.url);
      await using proxy = startHttpProxy({ route: () => `127.0.0.1:${port}` });
      box.env.SSL_CERT_FILE = box.write("authority.pem", authority.certificate);
      if (throughProxy) {
        box.env.KUBERLR_KUBEMIRRORURL = `https://mirror.example:${port}`;
        box.env.HTTPS_PROXY = proxy.url;
      }

      const refused = await box.run("kubectl", GET_PODS);
      if (lacks("node-tls")) {
        return assertRefused(refused, { status: 127, error: /critical/, hint: /with Deno 2\.8/ });
      }
      assertRefused(refused, { status: 127, error: /critical extension/, hint: /openssl/ });
      const [, hint = ""] = /hint: [^"]*"(openssl [^"]*)"/.exec(refused.stderr) ?? [];
      const [command] = box.command("kubectl");
      const run = await box.exec("/bin/sh", ["-c", `${hint}\n"${command}" get pods`]);
      assertStringIncludes(run.stdout, "kubectl 1.29.4\n", run.stderr);
      assertInstalled(box, ["1.29.4"]);
      assertEquals(proxy.requests.length > 0, throughProxy);
    },
    { ...OPENSSL, unix: "the hint is for a shell" },
  );
}

function hasOpenssl(): boolean {
  try {
    return new Deno.Command("openssl", { args: ["version"] }).outputSync().success;
  } catch {
    return false;
  }
}

story("a mirror that is down is not needed where a kubectl fits", async (box) => {
  await using _cluster = await startCluster(box, { api: { version: "v1.29.4" }, kubectls: [] });
  box.env.KUBERLR_KUBEMIRRORURL = NOWHERE;
  box.fakeKubectl("1.30.1");

  assertRan(await box.run("kubectl", GET_PODS), "1.30.1", GET_PODS);
});

story("a mirror that is down, and UseLatestIfNoCompatible: the newest, saying so", async (box) => {
  await using _cluster = await startCluster(box, { api: { version: "v1.29.4" }, kubectls: [] });
  box.env.KUBERLR_KUBEMIRRORURL = NOWHERE;
  box.config("UseLatestIfNoCompatible = true\n");
  box.fakeKubectl("1.20.0");
  box.fakeKubectl("1.36.0");

  const run = await box.run("kubectl", GET_PODS);
  assertEquals(
    { status: run.status, stdout: run.stdout },
    { status: 0, stdout: fakeOutput("1.36.0", GET_PODS) },
  );
  assertMatch(
    run.stderr,
    /^kuberlr: warning: Using kubectl 1\.36\.0, the newest installed: Cannot download kubectl 1\.29\.4: .*\nkuberlr: hint: .*\n$/,
  );
  assertNoStack(run);
});

story(
  "a mirror that is down is asked once for UnreachableTTL, and every command says so",
  async (box) => {
    await using cluster = await startCluster(box, {
      api: { version: "v1.29.4" },
      kubectls: [],
      fault: () => ({ kind: "answer", status: 403 }),
    });
    box.config("UseLatestIfNoCompatible = true\n");
    box.fakeKubectl("1.36.0");

    await box.run("kubectl", GET_PODS);
    const { length } = cluster.mirror.requests;
    const run = await box.run("kubectl", GET_PODS);
    assertEquals(run.stdout, fakeOutput("1.36.0", GET_PODS));
    assertEquals(
      run.stderr,
      "kuberlr: warning: Using kubectl 1.36.0, the newest installed: kubectl 1.29.4 could not be downloaded\n",
    );
    assertEquals(cluster.mirror.requests.length, length);

    box.env.KUBERLR_UNREACHABLETTL = "0";
    await box.run("kubectl", GET_PODS);
    assertEquals(cluster.mirror.requests.length > length, true);
  },
);

story("the first of several mirrors that answers is used", async (box) => {
  await using cluster = await startCluster(box, {
    api: { version: "v1.29.4" },
    kubectls: ["1.29.4"],
  });
  box.env.KUBERLR_KUBEMIRRORURL = `${NOWHERE},${cluster.mirror.url}`;
  const { status, stdout } = await box.run("kubectl", GET_PODS);
  assertEquals({ status, stdout }, { status: 0, stdout: fakeOutput("1.29.4", GET_PODS) });
});
