import { assertEquals, assertMatch } from "@std/assert";
import type { Endpoint } from "../../../lib/connection/endpoint.ts";
import type { Http, Processes } from "../../../lib/ports/host.ts";
import { type Answer, startApiServer } from "../../support/api_server.ts";
import { makeAuthority } from "../../support/certificates.ts";
import { fakeTerminal } from "../../support/fake_host.ts";
import {
  ask,
  authorizations,
  ca,
  host,
  plugin,
  pluginPrinting,
  query,
  target,
  tls,
  V1,
} from "../../support/query_world.ts";

const stranger = await makeAuthority();
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

for (
  const { name, answer } of [
    { name: "401", answer: { kind: "status", status: 401 } },
    { name: "403", answer: { kind: "status", status: 403 } },
    { name: "404", answer: { kind: "status", status: 404 } },
    { name: "500", answer: { kind: "status", status: 500 } },
    { name: "503", answer: { kind: "status", status: 503 } },
    { name: "a login page", answer: { kind: "html" } },
    {
      name: "a redirect to another server",
      answer: { kind: "redirect", location: "https://login.example.com/" },
    },
    {
      name: "a redirect to a login page of its own",
      answer: { kind: "redirect", location: "/login", status: 307 },
    },
    {
      name: "400 for want of a certificate",
      answer: { kind: "body", status: 400, body: "No required SSL certificate was sent" },
    },
    { name: "an empty object", answer: { kind: "body", body: "{}" } },
  ] satisfies { name: string; answer: Answer }[]
) {
  Deno.test(`queryApiServer() runs the plugin after ${name} and sends its token`, async () => {
    await using server = await startApiServer({
      tls,
      answer: ({ authorization, path }) =>
        authorization === "Bearer from-plugin"
          ? undefined
          : path === "/login"
          ? { kind: "html" }
          : answer,
    });
    const exec = pluginPrinting({ token: "from-plugin" });
    assertEquals(await ask(target(server, { exec })), "v1.30.2");
    assertEquals(authorizations(server).at(-1), "Bearer from-plugin");
    assertEquals(authorizations(server)[0], undefined);
  });
}

for (
  const { name, endpoint, answer } of [
    { name: "is down", endpoint: { url: "https://127.0.0.1:2/version" } },
    { name: "has no address", endpoint: { url: "https://no-such-host.invalid/version" } },
    { name: "cannot be verified", endpoint: { certificateAuthority: stranger.certificate } },
    { name: "is silent", endpoint: {}, answer: { kind: "hang" } },
  ] satisfies { name: string; endpoint: Partial<Endpoint>; answer?: Answer }[]
) {
  Deno.test(`queryApiServer() runs no plugin for a server that ${name}`, async () => {
    await using server = await startApiServer({ tls, ...(answer === undefined ? {} : { answer }) });
    let runs = 0;
    const processes = {
      ...host.processes,
      run: () => {
        runs++;
        throw new Error("it was run");
      },
    };
    const exec = pluginPrinting({ token: "from-plugin" });
    const { kind } = await query(
      target(server, { exec }, endpoint),
      { timeoutSeconds: answer === undefined ? 10 : 0.5 },
      { processes },
    );
    assertEquals([kind, runs], ["unreachable", 0]);
  });
}

for (
  const [os, want] of [["windows", "v1.31.0"], [
    "linux",
    "unreachable: the connection was reset",
  ]] as const
) {
  Deno.test(`queryApiServer() takes a reset on ${os} for ${want}`, async () => {
    // On Windows, the alert that asks for a certificate is lost when the server closes the
    // connection.
    const http: Http = {
      ask: (request) =>
        Promise.resolve(
          request.headers["authorization"] === undefined
            ? { kind: "failure", cause: "reset", message: "the connection was reset" }
            : {
              kind: "answer",
              status: 200,
              location: undefined,
              body: new TextEncoder().encode(`{"gitVersion":"v1.31.0"}`),
            },
        ),
    };
    const asked = target({ url: "https://127.0.0.1:1" }, {
      exec: pluginPrinting({ token: "from-plugin" }),
    });
    // Windows looks for the plugin with an extension, and runs this system's program.
    const command = Deno.execPath();
    const answer = await query(asked, {}, {
      http,
      platform: { os, arch: "amd64" },
      files: { ...host.files, stat: () => host.files.stat(command) },
      processes: { ...host.processes, run: (own) => host.processes.run({ ...own, command }) },
    });
    assertEquals(
      answer.kind === "version" ? answer.gitVersion : `${answer.kind}: ${answer.reason}`,
      want,
    );
  });
}

for (
  const [plugin, why] of [["failed-before", "has failed before"], [
    "no-lock",
    "runs only under a lock, which cannot be taken",
  ]] as const
) {
  Deno.test(`queryApiServer() does not run a plugin: ${plugin}`, async () => {
    await using server = await startApiServer(CLOSED);
    const exec = pluginPrinting({ token: "from-plugin" });
    assertEquals(await query(target(server, { exec }), { plugin }), {
      kind: "denied",
      reason: `it answered 401, and its credential plugin ${why}`,
    });
    assertEquals(server.requests.length, 1);
  });
}

Deno.test("queryApiServer() presents the client certificate of a plugin", async () => {
  await using server = await startApiServer({ tls, clientCa: ca.certificate, anonymous: false });
  const { certificate, key } = await ca.client({ user: "bob" });
  const exec = pluginPrinting({ clientCertificateData: certificate, clientKeyData: key });
  assertEquals(await ask(target(server, { exec })), "v1.30.2");
  assertEquals(server.requests.map((request) => request.clientCertificate), [undefined, "bob"]);
});

for (const maxVersion of ["TLSv1.2", "TLSv1.3"] as const) {
  Deno.test(`queryApiServer() runs the plugin for a server that wants a certificate in ${maxVersion}`, async () => {
    await wantsCertificate(maxVersion);
  });
}

async function wantsCertificate(maxVersion: "TLSv1.2" | "TLSv1.3"): Promise<void> {
  const { createServer } = await import("node:https");
  const server = createServer({
    maxVersion,
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
    // Windows does not report an alert that comes after the handshake.
    assertMatch(
      await ask(target({ url })),
      Deno.build.os === "windows" ? /certificate|reset/ : /certificate/,
    );
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

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
      want: "denied: its credential plugin needs a terminal",
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
      want: "unreachable: its credential plugin failed: its output is not a JSON or YAML object",
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

Deno.test("queryApiServer() waits for a plugin beyond the budget, and counts only the requests", async () => {
  await using server = await startApiServer(CLOSED);
  const code = `setTimeout(() => console.log(JSON.stringify({ kind: "ExecCredential",
    apiVersion: ${JSON.stringify(V1)}, status: { token: "from-plugin" } })), 2500)`;
  assertEquals(await ask(target(server, { exec: plugin(code) }), 2), "v1.30.2");
  assertEquals(server.requests.length, 2);
});

Deno.test("queryApiServer() says once that it waits for a plugin, and shows the plugin's output", async () => {
  await using server = await startApiServer(CLOSED);
  const code = `console.error("Open https://login.example.com and enter ABCD");
    setTimeout(() => console.log(JSON.stringify({ kind: "ExecCredential",
      apiVersion: ${JSON.stringify(V1)}, status: { token: "from-plugin" } })), 1800)`;
  const terminal = fakeTerminal();
  const answer = await query(target(server, { exec: plugin(code) }), {}, { terminal });
  assertEquals(answer.kind, "version");
  assertMatch(
    terminal.stderrText,
    /^kuberlr: Waiting for the credential plugin "deno[^"]*"\nOpen https:\/\/login.example.com and enter ABCD\n$/,
  );
  assertEquals(terminal.stdoutText, "");
});

Deno.test("queryApiServer() says that it waits for a server that takes two seconds in all", async () => {
  await using server = await startApiServer({ ...CLOSED, delayMs: 1_300 });
  const asked = target(server, { exec: pluginPrinting({ token: "from-plugin" }) });
  for (
    const [quiet, said] of [[false, `kuberlr: Waiting for ${server.url}\n`], [true, ""]] as const
  ) {
    const terminal = fakeTerminal();
    assertEquals((await query(asked, { quiet }, { terminal })).kind, "version");
    assertEquals(terminal.stderrText.replace(/.*credential plugin.*\n/, ""), said);
  }
});

Deno.test("queryApiServer() bounds what a plugin prints, and shows its words after a second", async () => {
  await using server = await startApiServer(CLOSED);
  const bounds: unknown[] = [];
  const processes: Processes = {
    ...host.processes,
    run(request) {
      bounds.push([request.maxOutputBytes, request.stderr?.afterMs, request.deadlineMs]);
      return host.processes.run(request);
    },
  };
  const exec = pluginPrinting({ token: "from-plugin" });
  assertEquals((await query(target(server, { exec }), {}, { processes })).kind, "version");
  assertEquals(bounds, [[1024 * 1024, 1_000, undefined]]);
});
