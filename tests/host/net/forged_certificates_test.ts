/**
 * An attacker between kuberlr and the API server, who can make any certificate but does not have
 * the real authority's key. Each test runs the attacker's server and shows that its answer is
 * refused and that it gets no credential.
 */
import { assert, assertEquals } from "@std/assert";
import type { ApiResponse, ApiTls } from "../../../lib/ports/host.ts";
import { apiHttp } from "../../../lib/host/net/api_client.ts";
import { startApiServer } from "../../support/api_server.ts";
import { type Identity, makeAuthority, makeSelfSigned } from "../../support/certificates.ts";
import { derOf, ofOneLength, startImpostor } from "../../support/impostor.ts";
import { startHttpProxy } from "../../support/proxies.ts";

const http = apiHttp({ monotonicMs: () => performance.now() });
// The authority of every kubeadm cluster has this name.
const NAME = "kubernetes";
const real = await makeAuthority({ name: NAME });
const evil = await makeAuthority({ name: NAME });
const selfSigned = await makeSelfSigned({ authority: true });
const HOUR_MS = 60 * 60 * 1000;

interface Attack {
  readonly name: string;
  readonly presents: Identity;
  /**
   * The PEM that the client trusts: the real authority's if absent, the system's store if
   * `undefined`.
   */
  readonly trusts?: string | undefined;
  /** The host that the client connects to; `localhost` if absent. */
  readonly host?: string;
  readonly serverName?: string;
}

const ATTACKS: readonly Attack[] = [
  {
    name: "a forged version 1 leaf",
    presents: await evil.server({ version1: true, names: ["localhost"] }),
  },
  {
    name: "a forged version 1 leaf for an address",
    presents: await evil.server({ version1: true, names: ["127.0.0.1"] }),
    host: "127.0.0.1",
  },
  {
    name: "a leaf of a forged version 1 intermediate",
    presents: await (await evil.intermediate({ name: "front", version1: true })).server(),
  },
  {
    name: "a leaf of a forged version 1 intermediate of the authority's own name",
    presents: await (await evil.intermediate({ name: NAME, version1: true })).server(),
  },
  { name: "a foreign authority of the same name", presents: await evil.server() },
  {
    name: "a foreign authority's leaf followed by the real authority's certificate",
    presents: await followedBy(real.certificate, evil.server()),
  },
  {
    name: "the real authority's certificate for another name",
    presents: await real.server({ names: ["other.example"] }),
  },
  {
    name: "a common name without alternative names",
    presents: await real.server({ names: [], commonName: "localhost" }),
  },
  {
    name: "the real authority's certificate, expired",
    presents: await real.server({
      notBefore: new Date(Date.now() - 2 * HOUR_MS),
      notAfter: new Date(Date.now() - HOUR_MS),
    }),
  },
  {
    name: "the real authority's certificate, not yet valid",
    presents: await real.server({
      notBefore: new Date(Date.now() + HOUR_MS),
      notAfter: new Date(Date.now() + 2 * HOUR_MS),
    }),
  },
  { name: "a self-signed certificate", presents: await makeSelfSigned() },
  { name: "a self-signed authority", presents: selfSigned },
  {
    name: "a self-signed version 1 certificate",
    presents: await makeSelfSigned({ version1: true }),
  },
  {
    name: "a client's certificate as a server's",
    presents: await real.client({ user: "localhost" }),
  },
  {
    name: "a wrong tls-server-name",
    presents: await real.server(),
    serverName: "kubernetes.default",
  },
  {
    name: "a forged version 1 leaf for the tls-server-name",
    presents: await evil.server({ version1: true, names: ["kubernetes.default"] }),
    serverName: "kubernetes.default",
  },
  {
    name: "another self-signed authority than the pinned one",
    presents: await makeSelfSigned({ authority: true }),
    trusts: selfSigned.certificate,
  },
  {
    name: "a leaf that the pinned certificate never signed",
    presents: await evil.server(),
    trusts: selfSigned.certificate,
  },
  {
    name: "a pinned certificate for another name",
    ...await pinned({ authority: true, names: ["other.example"] }),
  },
  {
    name: "a pinned certificate with a common name alone",
    ...await pinned({ authority: true, names: [], commonName: "localhost" }),
  },
  {
    name: "a pinned certificate with a common name beside an address",
    ...await pinned({ authority: true, names: ["127.0.0.1"], commonName: "localhost" }),
  },
  {
    name: "a pinned certificate that has expired",
    ...await pinned({
      authority: true,
      notBefore: new Date(Date.now() - 2 * HOUR_MS),
      notAfter: new Date(Date.now() - HOUR_MS),
    }),
  },
  {
    name: "a pinned certificate that is not yet valid",
    ...await pinned({
      authority: true,
      notBefore: new Date(Date.now() + HOUR_MS),
      notAfter: new Date(Date.now() + 2 * HOUR_MS),
    }),
  },
  { name: "a pinned certificate of version 1", ...await pinned({ version1: true }) },
  { name: "a trusted leaf for another name", ...await leaf({ names: ["other.example"] }) },
  {
    name: "a trusted leaf that has expired",
    ...await leaf({
      notBefore: new Date(Date.now() - 2 * HOUR_MS),
      notAfter: new Date(Date.now() - HOUR_MS),
    }),
  },
  {
    name: "a trusted leaf that is not yet valid",
    ...await leaf({
      notBefore: new Date(Date.now() + HOUR_MS),
      notAfter: new Date(Date.now() + 2 * HOUR_MS),
    }),
  },
  { name: "a trusted leaf for clients alone", ...await leaf({ forClients: true }) },
  { name: "a trusted leaf of version 1", ...await leaf({ version1: true }) },
  {
    name: "another leaf of the issuer of the trusted one",
    presents: await real.server(),
    trusts: (await real.server()).certificate,
  },
  {
    name: "a private authority where the system's are to vouch",
    presents: await real.server(),
    trusts: undefined,
  },
  {
    name: "the real server where the CA holds no certificate",
    presents: await real.server(),
    trusts: "",
  },
];

const clientCertificate = await real.client({ user: "alice" });

for (const attack of ATTACKS) {
  const { name, presents, host = "localhost", serverName } = attack;
  const certificateAuthority = "trusts" in attack ? attack.trusts : real.certificate;
  const tls: ApiTls = { certificateAuthority, insecure: false, serverName, clientCertificate };

  Deno.test(`ask() refuses ${name}, and sends no credential`, async () => {
    await using attacker = await startApiServer({ tls: presents, clientCa: real.certificate });
    await using proxy = startHttpProxy();
    for (const through of [undefined, proxy.url]) {
      const response = await ask(`https://${host}:${attacker.port}`, tls, through);
      assertEquals(refusal(response), "tls", JSON.stringify(response));
    }
    // The server was reached, so the result is not an accident, and it received no request.
    assert(attacker.connections >= 2);
    assertEquals(attacker.requests, []);
  });
}

for (const host of ["127.0.0.1", "localhost"]) {
  Deno.test(`ask() accepts the real server as ${host}, so the attacks fail for what they are`, async () => {
    await using api = await startApiServer({ tls: await real.server() });
    const tls: ApiTls = {
      certificateAuthority: real.certificate,
      insecure: false,
      serverName: undefined,
      clientCertificate,
    };
    assertEquals((await ask(`https://${host}:${api.port}`, tls)).kind, "answer");
    assertEquals(api.requests.map(({ authorization }) => authorization), ["Bearer secret"]);
  });
}

Deno.test("ask() takes anything where the user has switched verification off", async () => {
  const tls: ApiTls = {
    certificateAuthority: undefined,
    insecure: true,
    serverName: undefined,
    clientCertificate: undefined,
  };
  for (
    const presents of [
      await evil.server({ version1: true, names: ["localhost"] }),
      await real.server({ names: ["other.example"], notAfter: new Date(Date.now() - HOUR_MS) }),
      selfSigned,
    ]
  ) {
    await using server = await startApiServer({ tls: presents });
    assertEquals((await ask(server.url, tls)).kind, "answer");
  }
});

function ask(server: string, tls: ApiTls, proxy?: string): Promise<ApiResponse> {
  return http.ask({
    url: `${server}/version`,
    headers: { authorization: "Bearer secret" },
    tls,
    proxy,
    deadlineMs: performance.now() + 10_000,
    maxBytes: 1024,
  });
}

function refusal(response: ApiResponse): string {
  return response.kind === "failure" ? response.cause : "accepted";
}

async function followedBy(chain: string, leaf: Promise<Identity>): Promise<Identity> {
  const { certificate, key } = await leaf;
  return { certificate: certificate + chain, key };
}

for (const authority of [false, true]) {
  const what = authority ? "a trusted leaf of CA:TRUE" : "a trusted leaf";
  Deno.test(`ask() refuses ${what} that is shown without its key`, async () => {
    const own = await real.server({ authority });
    const shown = await ofOneLength(derOf(own), () => real.server({ authority }));
    await using impostor = await startImpostor(shown, own);
    const tls: ApiTls = {
      certificateAuthority: shown.certificate,
      insecure: false,
      serverName: undefined,
      clientCertificate,
    };
    const response = await ask(`https://localhost:${impostor.port}`, tls);
    assertEquals(response.kind, "failure");
    assert(impostor.replaced >= 1);
    assertEquals(impostor.requests, []);
  });
}

/** The client trusts the leaf that the server presents, but not its issuer. */
async function leaf(options: Parameters<typeof real.server>[0]) {
  const presents = await real.server(options);
  return { presents, trusts: presents.certificate };
}

/** The client trusts exactly the certificate that the server presents. */
async function pinned(options: Parameters<typeof makeSelfSigned>[0]) {
  const presents = await makeSelfSigned(options);
  return { presents, trusts: presents.certificate };
}
