import { assertEquals } from "@std/assert";
import type { Credentials, Endpoint, ExecPlugin, Target } from "../../lib/connection.ts";
import { apiHttp } from "../../lib/host/api_client.ts";
import { denoFiles } from "../../lib/host/files.ts";
import { denoProcesses } from "../../lib/host/processes.ts";
import { queryApiServer } from "../../lib/steps/query_api_server.ts";
import { parseVersion, type Version } from "../../lib/version.ts";
import { type Answer, type ApiServer, startApiServer } from "../support/api_server.ts";
import { makeAuthority } from "../support/certificates.ts";

const clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds)),
};
const host = {
  clock,
  http: apiHttp(clock),
  processes: denoProcesses(clock),
  files: denoFiles({ os: Deno.build.os === "windows" ? "windows" : "linux", arch: "amd64" }),
};
const ca = await makeAuthority();
const tls = await ca.server();
const WINDOWS = Deno.build.os === "windows";

function target(
  server: Pick<ApiServer, "url">,
  credentials: Credentials = {},
  endpoint: Partial<Endpoint> = {},
): Target {
  return {
    context: "c",
    cluster: "c",
    user: "u",
    server: server.url,
    endpoint: {
      url: `${server.url}/version`,
      certificateAuthority: ca.certificate,
      insecure: false,
      tlsServerName: undefined,
      proxy: undefined,
      ...endpoint,
    },
    credentials,
    origins: [],
  };
}

/** `v1.30.2`, or `kind: reason`. */
async function ask(asked: Target, timeoutSeconds = 10): Promise<string> {
  const answer = await queryApiServer(asked, timeoutSeconds, host);
  return answer.kind === "version" ? answer.gitVersion : `${answer.kind}: ${answer.reason}`;
}

function authorizations({ requests }: ApiServer): readonly (string | undefined)[] {
  return requests.map(({ authorization }) => authorization);
}

Deno.test("queryApiServer() tells the version", async () => {
  await using server = await startApiServer({ tls, version: "v1.29.4-eks-036c24b" });
  assertEquals(await queryApiServer(target(server), 10, host), {
    kind: "version",
    version: parseVersion("1.29.4") as Version,
    gitVersion: "v1.29.4-eks-036c24b",
  });
});

for (
  const { name, answer, want } of [
    {
      name: "a login page",
      answer: { kind: "html" },
      want: "unknown: its answer is no JSON object",
    },
    { name: "401", answer: { kind: "status", status: 401 }, want: "denied: it answered 401" },
    { name: "403", answer: { kind: "status", status: 403 }, want: "denied: it answered 403" },
    { name: "404", answer: { kind: "status", status: 404 }, want: "unknown: it answered 404" },
    { name: "429", answer: { kind: "status", status: 429 }, want: "unknown: it answered 429" },
    { name: "500", answer: { kind: "status", status: 500 }, want: "unknown: it answered 500" },
    { name: "503", answer: { kind: "status", status: 503 }, want: "unknown: it answered 503" },
    {
      name: "nothing",
      answer: { kind: "body", body: "" },
      want: "unknown: its answer is no JSON object",
    },
    {
      name: "no gitVersion",
      answer: { kind: "body", body: "{}" },
      want: "unknown: its answer names no version",
    },
    {
      name: "an unbuilt server's version",
      answer: { kind: "body", body: `{"gitVersion":"v0.0.0-master+$Format:%H$"}` },
      want: "unknown: its answer names no version",
    },
    {
      name: "a cut answer",
      answer: { kind: "truncated" },
      want: "unreachable: the answer was cut off",
    },
    {
      name: "silence",
      answer: { kind: "hang" },
      want: "unreachable: no answer in time",
    },
    {
      name: "drops without end",
      answer: { kind: "drip" },
      want: "unreachable: no answer in time",
    },
    {
      name: "more than is read",
      answer: { kind: "huge", bytes: 4 * 1024 * 1024 },
      // Padding only, so that what was read is the version.
      want: "v1.30.2",
    },
    {
      name: "a redirect to nowhere",
      answer: { kind: "body", status: 302, body: "" },
      want: "unknown: it redirects nowhere",
    },
    {
      name: "a redirect to itself",
      answer: { kind: "redirect", location: "/version" },
      want: "unknown: it redirects in circles",
    },
    {
      name: "terminal escapes",
      answer: { kind: "body", body: JSON.stringify({ gitVersion: "v1.30.2-\x1b[31mred" }) },
      want: "v1.30.2-[31mred",
    },
  ] satisfies { name: string; answer: Answer; want: string }[]
) {
  Deno.test(`queryApiServer() makes sense of ${name}`, async () => {
    await using server = await startApiServer({ tls, answer });
    const patience = want.endsWith("in time") ? 0.5 : 10;
    assertEquals(await ask(target(server), patience), want);
  });
}

Deno.test("queryApiServer() reports a server that is down", async () => {
  const server = await startApiServer({ tls });
  await server[Symbol.asyncDispose]();
  assertEquals(await ask(target(server)), "unreachable: connection refused");
});

for (
  const { name, credentials, want } of [
    { name: "no credentials", credentials: {}, want: undefined },
    { name: "a token", credentials: { token: "t" }, want: "Bearer t" },
    {
      name: "user and password",
      credentials: { basic: { username: "u", password: "p" } },
      want: `Basic ${btoa("u:p")}`,
    },
    {
      name: "the token of a file before the token itself",
      credentials: { token: "t", tokenFile: "{folder}/token" },
      want: "Bearer from-file",
    },
    {
      name: "the token where its file is missing",
      credentials: { token: "t", tokenFile: "{folder}/missing" },
      want: "Bearer t",
    },
    {
      name: "the token where its file is empty",
      credentials: { token: "t", tokenFile: "{folder}/empty" },
      want: "Bearer t",
    },
    {
      name: "nothing where the token's file is a folder",
      credentials: { tokenFile: "{folder}" },
      want: undefined,
    },
    {
      name: "nothing where a client certificate's file is missing",
      credentials: {
        clientCertificate: { file: "{folder}/missing" },
        clientKey: { file: "{folder}/missing" },
      },
      want: undefined,
    },
  ] satisfies { name: string; credentials: Credentials; want: string | undefined }[]
) {
  Deno.test(`queryApiServer() sends ${name}, at once and once`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      await Deno.writeTextFile(`${folder}/token`, "  from-file\n");
      await Deno.writeTextFile(`${folder}/empty`, " \n");
      await using server = await startApiServer({ tls });
      const escaped = JSON.stringify(folder).slice(1, -1);
      const located = JSON.parse(JSON.stringify(credentials).replaceAll("{folder}", escaped));
      assertEquals(await ask(target(server, located)), "v1.30.2");
      assertEquals(authorizations(server), [want]);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

for (const combined of [false, true]) {
  Deno.test(`queryApiServer() presents a client certificate ${combined ? "from one combined file" : "and its key"}`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      await using server = await startApiServer({
        tls,
        clientCa: ca.certificate,
        anonymous: false,
      });
      const { certificate, key } = await ca.client({ user: "alice" });
      const file = `${folder}/client.pem`;
      await Deno.writeTextFile(file, combined ? key + certificate : certificate);
      const credentials: Credentials = {
        clientCertificate: { file },
        clientKey: combined ? { file } : { text: key },
      };
      assertEquals(await ask(target(server, credentials)), "v1.30.2");
      assertEquals(server.requests.map((request) => request.clientCertificate), ["alice"]);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

Deno.test("queryApiServer() sends no credential over http, whatever it is given", async () => {
  await using server = await startApiServer({ answer: { kind: "status", status: 401 } });
  const plugin = pluginPrinting({ token: "t" });
  for (
    const credentials of [{ token: "t" }, { basic: { username: "u", password: "p" } }, {
      exec: plugin,
    }]
  ) {
    assertEquals(await ask(target(server, credentials)), "denied: it answered 401");
  }
  assertEquals(authorizations(server), [undefined, undefined, undefined]);
});

Deno.test("queryApiServer() follows a redirect within the server, with its credentials", async () => {
  await using server = await startApiServer({
    tls,
    token: "t",
    anonymous: false,
    prefix: "/k8s",
    answer: ({ path }) =>
      path === "/version" ? { kind: "redirect", location: "/k8s/version" } : undefined,
  });
  const { url } = server;
  const asked = target({ url: url.slice(0, -"/k8s".length) }, { token: "t" });
  assertEquals(await ask(asked), "v1.30.2");
  assertEquals(server.requests.map(({ path }) => path), ["/version", "/k8s/version"]);
});

for (const status of [301, 302, 303, 307, 308]) {
  Deno.test(`queryApiServer() carries no credential to another server (${status})`, async () => {
    await using elsewhere = await startApiServer({ tls });
    await using plain = await startApiServer();
    for (const location of [elsewhere.url, plain.url, `//127.0.0.1:${elsewhere.port}/version`]) {
      const answer: Answer = { kind: "redirect", location, status };
      await using server = await startApiServer({ tls, answer });
      assertEquals(
        await ask(target(server, { token: "t" })),
        "unknown: it redirects to another server",
      );
    }
    assertEquals([elsewhere.connections, plain.connections], [0, 0]);
  });
}

Deno.test("queryApiServer() follows no more than three redirects", async () => {
  let hops = 0;
  await using server = await startApiServer({
    tls,
    answer: () => hops++ < 4 ? { kind: "redirect", location: `/version?${hops}` } : undefined,
  });
  assertEquals(await ask(target(server)), "unknown: it redirects in circles");
  assertEquals(server.requests.length, 4);
});

const V1 = "client.authentication.k8s.io/v1";

/** A plugin that is a script of Deno's. */
function plugin(code: string, options: Partial<ExecPlugin> = {}): ExecPlugin {
  return {
    apiVersion: V1,
    command: Deno.execPath(),
    args: ["eval", "--no-config", "--no-lock", code],
    env: [],
    interactiveMode: "IfAvailable",
    installHint: undefined,
    clusterInfo: undefined,
    forbidden: false,
    ...options,
  };
}

function pluginPrinting(status: unknown, options: Partial<ExecPlugin> = {}): ExecPlugin {
  const credential = JSON.stringify({ kind: "ExecCredential", apiVersion: V1, status });
  return plugin(`console.log(${JSON.stringify(credential)})`, options);
}

const CLOSED = { tls, token: "from-plugin", anonymous: false } as const;

Deno.test("queryApiServer() runs no plugin for a server that answers anonymously", async () => {
  const marker = await Deno.makeTempFile();
  try {
    await using server = await startApiServer({ tls });
    const exec = plugin(`Deno.writeTextFileSync(${JSON.stringify(marker)}, "ran")`);
    assertEquals(await ask(target(server, { exec })), "v1.30.2");
    assertEquals(authorizations(server), [undefined]);
    assertEquals(await Deno.readTextFile(marker), "");
  } finally {
    await Deno.remove(marker);
  }
});

for (const status of [404, 500]) {
  Deno.test(`queryApiServer() runs no plugin for a server that answers ${status}`, async () => {
    await using server = await startApiServer({ tls, answer: { kind: "status", status } });
    const exec = plugin(`Deno.exit(9)`);
    assertEquals(await ask(target(server, { exec })), `unknown: it answered ${status}`);
  });
}

for (const status of [401, 403]) {
  Deno.test(`queryApiServer() runs the plugin after ${status} and sends its token`, async () => {
    await using server = await startApiServer({
      tls,
      answer: ({ authorization }) =>
        authorization === "Bearer from-plugin" ? undefined : { kind: "status", status },
    });
    const exec = pluginPrinting({ token: "from-plugin" });
    assertEquals(await ask(target(server, { exec })), "v1.30.2");
    assertEquals(authorizations(server), [undefined, "Bearer from-plugin"]);
  });
}

Deno.test("queryApiServer() presents the client certificate of a plugin", async () => {
  await using server = await startApiServer({ tls, clientCa: ca.certificate, anonymous: false });
  const { certificate, key } = await ca.client({ user: "bob" });
  const exec = pluginPrinting({ clientCertificateData: certificate, clientKeyData: key });
  assertEquals(await ask(target(server, { exec })), "v1.30.2");
  assertEquals(server.requests.map((request) => request.clientCertificate), [undefined, "bob"]);
});

Deno.test("queryApiServer() runs the plugin for a server that wants a certificate in TLS", async () => {
  const { createServer } = await import("node:https");
  const server = createServer({
    cert: tls.certificate,
    key: tls.key,
    ca: ca.certificate,
    requestCert: true,
    rejectUnauthorized: true,
  }, (_request, response) => response.end(`{"gitVersion":"v1.31.0"}`));
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = server.address() as { port: number };
    const url = `https://127.0.0.1:${port}`;
    const { certificate, key } = await ca.client({ user: "bob" });
    const exec = pluginPrinting({ clientCertificateData: certificate, clientKeyData: key });
    assertEquals(await ask(target({ url }, { exec })), "v1.31.0");
    assertEquals(await ask(target({ url })), "denied: the server wants a client certificate");
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

Deno.test("queryApiServer() tells the plugin what kubectl would tell it, and that it must not ask", async () => {
  await using server = await startApiServer(CLOSED);
  const code = `
    const { KUBERNETES_EXEC_INFO, KUBERLR_RESOLVING_VERSION, GIVEN } = Deno.env.toObject();
    const input = await new Response(Deno.stdin.readable).text();
    const fits = KUBERNETES_EXEC_INFO === ${
    JSON.stringify(
      `{"kind":"ExecCredential","apiVersion":"${V1}","spec":` +
        `{"cluster":{"server":"https://x","config":null},"interactive":false}}\n`,
    )
  } && KUBERLR_RESOLVING_VERSION === "1" && GIVEN === "last" && input === "";
    const status = { token: fits ? "from-plugin" : "wrong" };
    console.log(JSON.stringify({ apiVersion: ${JSON.stringify(V1)}, status }));`;
  const exec = plugin(code, {
    clusterInfo: { server: "https://x", config: null },
    env: [
      { name: "GIVEN", value: "first" },
      { name: "GIVEN", value: "last" },
      { name: "KUBERNETES_EXEC_INFO", value: "nonsense" },
    ],
  });
  assertEquals(await ask(target(server, { exec })), "v1.30.2");
});

for (
  const { name, exec, want } of [
    {
      name: "that kuberc forbids",
      exec: pluginPrinting({ token: "from-plugin" }, { forbidden: true }),
      want: "denied: kuberc forbids its credential plugin",
    },
    {
      name: "that always wants a terminal",
      exec: pluginPrinting({ token: "from-plugin" }, { interactiveMode: "Always" }),
      want: "denied: its credential plugin wants a terminal",
    },
    {
      name: "that is not installed",
      exec: plugin("", { command: "no-such-credential-plugin" }),
      want:
        `unreachable: its credential plugin failed: there is no executable "no-such-credential-plugin"`,
    },
    {
      name: "that fails",
      exec: plugin("Deno.exit(7)"),
      want: "unreachable: its credential plugin failed with exit status 7",
    },
    {
      name: "that prints a log",
      exec: plugin(`console.log("hello")`),
      want: "unreachable: its credential plugin failed: its output is no JSON or YAML object",
    },
    {
      name: "that prints too much",
      exec: plugin(`for (;;) console.log("x".repeat(10_000))`),
      want: "unreachable: its credential plugin failed: it printed too much",
    },
    {
      name: "that gives a wrong token",
      exec: pluginPrinting({ token: "wrong" }),
      want: "denied: it answered 401",
    },
    {
      name: "that gives what no header can carry",
      exec: pluginPrinting({ token: "from-plugin\r\nX-Injected: 1" }),
      want: "denied: it answered 401",
    },
  ]
) {
  Deno.test(`queryApiServer() copes with a plugin ${name}`, async () => {
    await using server = await startApiServer(CLOSED);
    assertEquals(await ask(target(server, { exec })), want);
    assertEquals(server.requests.some(({ headers }) => "x-injected" in headers), false);
  });
}

Deno.test({
  name: "queryApiServer() spends one budget on server and plugin",
  ignore: WINDOWS,
  async fn() {
    await using server = await startApiServer(CLOSED);
    const exec = plugin("", { command: "sh", args: ["-c", "sleep 1000"] });
    assertEquals(
      await ask(target(server, { exec }), 1),
      "unreachable: its credential plugin failed: it did not finish in time",
    );
    assertEquals(server.requests.length, 1);
  },
});
