/**
 * Servers that Go's TLS accepts and Deno's refuses: kubectl runs, one line a day says why the
 * version stays unknown, and its advice helps.
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { startApiServer } from "../support/api_server.ts";
import { type Identity, makeAuthority } from "../support/certificates.ts";
import { kubeconfig } from "../support/kubeconfig_builder.ts";
import { hasNode, startNodeServer } from "../support/node_server.ts";
import { lacks } from "../support/program_under_test.ts";
import { type Sandbox, story } from "../support/sandbox.ts";

const ca = await makeAuthority();
const policed = await ca.intermediate({ policies: true });
const shortCa = await makeAuthority({ rsaBits: 1024 });
const plain = await ca.server();
const policedLeaf = await ca.server({ policies: true });
const PIN = "Pin the kubectl (the variable KUBERLR_KUBECTL, or Kubectl in kuberlr.conf)";
const VERSION = "v1.30.2";

interface Row {
  readonly name: string;
  readonly presents: Identity;
  /** Options of `tls.createServer()` in Node; a server of Deno's if absent. */
  readonly options?: Readonly<Record<string, string>>;
  /** `nothing`: insecure-skip-tls-verify. */
  readonly trusts?: Identity | "nothing";
  readonly reason: string;
  readonly hint: RegExp;
  /** The certificate that the hint says to add to the cluster's authority; a pin if absent. */
  readonly added?: string;
}

const rows: readonly Row[] = [
  {
    name: "an intermediate with critical policies",
    presents: await policed.server(),
    reason: "a certificate of the chain has a critical extension that Deno does not know",
    hint: /^Add the certificate that has issued the server's to its authority, or pin /,
    added: policed.certificate,
  },
  await authorityLeaf(),
  {
    name: "an authority of RSA with 1,024 bits",
    presents: await shortCa.server(),
    trusts: shortCa,
    reason: "a key of the server's certificates is RSA with less than 2,048 bits, " +
      "which Deno does not accept",
    hint: /^Give the server a longer key, or pin the kubectl /,
  },
  ...(["nothing", ca, policedLeaf] as const).map((trusts): Row => ({
    name: `a server's certificate with critical policies, ${
      trusts === "nothing" ? "unverified" : trusts === ca ? "its issuer trusted" : "trusted itself"
    },`,
    presents: policedLeaf,
    options: {},
    trusts,
    reason: "the server's certificate has a critical extension that Deno does not know",
    hint: /^Pin the kubectl /,
  })),
  {
    name: "TLS 1.2 with cipher suites of CBC alone",
    presents: plain,
    options: { ciphers: "ECDHE-ECDSA-AES128-SHA", maxVersion: "TLSv1.2" },
    reason: "the server and Deno have no TLS cipher suite, curve or signature in common, " +
      "or the server wants a client certificate",
    hint: /^Pin the kubectl /,
  },
  {
    name: "P-521 as the only curve",
    presents: plain,
    options: { ecdhCurve: "P-521" },
    reason: "the server and Deno have no TLS cipher suite, curve or signature in common, " +
      "or the server wants a client certificate",
    hint: /^Pin the kubectl /,
  },
];

async function authorityLeaf(): Promise<Row> {
  const presents = await ca.server({ authority: true });
  return {
    name: "a server's certificate of CA:TRUE",
    presents,
    reason: "the server's certificate is marked as an authority's, which Deno does not accept",
    hint: /^Add the server's own certificate to its authority, or pin /,
    added: presents.certificate,
  };
}

for (const row of rows) {
  story(`${row.name} is reported once, with advice that helps`, async (box) => {
    await using api = row.options === undefined
      ? await startApiServer({ tls: row.presents, version: VERSION })
      : await startNodeServer({ version: VERSION, tls: row.presents, options: row.options });
    const { trusts = ca } = row;
    const authority = trusts === "nothing" ? undefined : trusts.certificate;
    const trust = (certificates: string | undefined) =>
      box.kubeconfig(
        kubeconfig().context("prod", {
          server: api.url,
          ...(certificates === undefined
            ? { "insecure-skip-tls-verify": true }
            : { ca: certificates }),
        }),
      );
    trust(authority);
    box.fakeKubectl("1.30.2");
    box.fakeKubectl("1.36.0");
    box.env.KUBERLR_UNREACHABLETTL = "0";

    const first = await get(box);
    assertStringIncludes(first.stdout, "kubectl 1.36.0\n");
    const start = `kuberlr: warning: The version of ${api.url} stays unknown: ${row.reason}. `;
    assertEquals(first.stderr.slice(0, start.length), start);
    const hint = first.stderr.slice(start.length).trimEnd();
    // Deno 2.6 cannot trust these, and does not distinguish short keys from forgeries.
    const isOld = lacks("node-tls") && row.added !== undefined;
    assertMatch(hint, isOld ? /^Pin the kubectl / : row.hint);
    assertStringIncludes(hint.toLowerCase(), PIN.toLowerCase());
    const second = await get(box);
    assertEquals([second.stdout, second.stderr], [first.stdout, ""]);

    if (isOld || row.added === undefined) box.env.KUBERLR_KUBECTL = "1.30.2";
    else trust(`${authority}${row.added}`);
    const helped = await get(box);
    assertStringIncludes(helped.stdout, "kubectl 1.30.2\n");
    assertEquals(helped.stderr, "");
  }, {
    unless: row.options !== undefined && !hasNode()
      ? "there is no node, whose TLS can be such a server"
      : (row.trusts === shortCa || row.presents === policedLeaf) && lacks("node-tls")
      ? "the runtime under test does not tell what is wrong with a certificate"
      : undefined,
  });
}

story("a client certificate of version 1 is reported once, with advice that helps", async (box) => {
  await using api = await startApiServer({
    tls: plain,
    clientCa: ca.certificate,
    anonymous: false,
    version: VERSION,
  });
  const identify = (identity: Identity) =>
    box.kubeconfig(
      kubeconfig().context("prod", { server: api.url, ca: ca.certificate }, { identity }),
    );
  identify(await ca.client({ user: "alice", version1: true }));
  box.fakeKubectl("1.30.2");
  box.fakeKubectl("1.36.0");
  box.env.KUBERLR_UNREACHABLETTL = "0";

  const first = await get(box);
  assertStringIncludes(first.stdout, "kubectl 1.36.0\n");
  assertEquals(
    first.stderr,
    `kuberlr: warning: The version of ${api.url} stays unknown: the client certificate is of ` +
      "X.509 version 1, which Deno does not present. Issue the client certificate again with an " +
      "extension, for example extendedKeyUsage=clientAuth, or pin the kubectl (the variable " +
      "KUBERLR_KUBECTL, or Kubectl in kuberlr.conf)\n",
  );
  const second = await get(box);
  assertEquals([second.stdout, second.stderr], [first.stdout, ""]);

  identify(await ca.client({ user: "alice" }));
  const helped = await get(box);
  assertStringIncludes(helped.stdout, "kubectl 1.30.2\n");
  assertEquals(helped.stderr, "");
}, { needs: "certificate-errors" });

function get(box: Sandbox) {
  return box.run("kubectl", ["get", "pods"]);
}
