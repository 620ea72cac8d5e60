import { assertEquals } from "@std/assert";
import { startApiServer } from "../../support/api_server.ts";
import {
  ask,
  authorizations,
  ca,
  plugin,
  pluginPrinting,
  target,
  tls,
  V1,
} from "../../support/query_world.ts";

const WINDOWS = Deno.build.os === "windows";
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
