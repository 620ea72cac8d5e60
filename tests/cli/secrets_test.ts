/**
 * Credentials go through kuberlr only to the server that they are for. Each place that can hold a
 * credential gets a marked one, every command runs, and everything that it wrote and printed is
 * searched for the mark.
 */
import { assert, assertEquals } from "@std/assert";
import { startApiServer } from "../support/api_server.ts";
import { makeAuthority } from "../support/certificates.ts";
import { everyCommand, oneOfEach } from "../support/every_command.ts";
import { runInside } from "../support/in_process.ts";
import { kubeconfig } from "../support/kubeconfig_builder.ts";
import { type Sandbox, story } from "../support/sandbox.ts";

/**
 * A part of every marked secret. It is put together here so that the test files themselves do not
 * contain it.
 */
const MARK = ["s3cr", "3t"].join("");
const secret = (place: string) => `${MARK}-${place}`;

const ELSEWHERE = `https://me:${secret("flag")}@127.0.0.1:9`;

const LINES = everyCommand({
  kubectl: [
    "get pods",
    "version",
    `get pods --token=${secret("flag")}`,
    `get pods --token ${secret("flag")}`,
    `get pods --username=me --password=${secret("flag")}`,
    `-s ${ELSEWHERE} get pods`,
    `--server=${ELSEWHERE}?t=${secret("query")} get x`,
    `create secret generic x --from-literal=p=${secret("argument")}`,
  ],
  get: ["auto", "1.27.3", `${ELSEWHERE}/kubectl?t=${secret("query")}`],
  bins: [""],
  which: ["get pods", `-- get pods -s ${ELSEWHERE}`],
  explain: [
    "get pods",
    "--refresh get pods",
    `-- get pods --token=${secret("flag")}`,
    `-o json -- -s ${ELSEWHERE} get x`,
  ],
  clusters: [""],
  prune: ["--dry-run"],
  skew: ["v1.30.2"],
  config: [""],
  link: ["--dir /dev/null/x"],
  unlink: ["--dir /dev/null/x"],
  doctor: [""],
  completion: ["zsh"],
  version: [""],
  help: ["get"],
});

interface Place {
  readonly name: string;
  /** Writes a kubeconfig whose users and clusters hold the secret. */
  readonly prepare: (box: Sandbox, server: Server) => void;
  readonly env?: Readonly<Record<string, string>>;
  /** True if the server gets the secret, which proves that the test has used it. */
  readonly told?: true;
  readonly denied?: true;
}

interface Server {
  readonly server: string;
  readonly ca: string;
}

const plugin = (then: string, rest = {}) => ({
  exec: {
    apiVersion: "client.authentication.k8s.io/v1",
    command: "/bin/sh",
    args: ["-c", then, secret("argument")],
    env: [{ name: "PLUGIN_SECRET", value: secret("plugin-env") }],
    interactiveMode: "Never",
    ...rest,
  },
});
const credential = (token: string) =>
  `echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"${token}"}}'`;

const PLACES: readonly Place[] = [
  { name: "a token", prepare: user({ token: secret("token") }), told: true },
  { name: "a token that is refused", prepare: user({ token: secret("token") }), denied: true },
  {
    name: "a token file",
    prepare: (box, server) =>
      user({ tokenFile: box.write("given/token", secret("token-file")) })(box, server),
    told: true,
  },
  {
    name: "a password",
    prepare: user({ username: "me", password: secret("password") }),
    told: true,
  },
  { name: "a user name in the server's URL", prepare: inServer("me") },
  {
    name: "a proxy's password",
    prepare: cluster({ "proxy-url": `http://me:${secret("proxy")}@127.0.0.1:9` }),
  },
  {
    name: "a broken proxy URL",
    prepare: cluster({ "proxy-url": `gopher://me:${secret("proxy")}@127.0.0.1:9` }),
  },
  { name: "a plugin's token", prepare: user(plugin(credential(secret("plugin")))), denied: true },
  {
    name: "a plugin that says too much",
    prepare: user(plugin(`echo ${secret("plugin-out")}; echo ${secret("plugin-err")} >&2`)),
    denied: true,
  },
  {
    name: "a plugin that fails",
    prepare: user(plugin(`echo ${secret("plugin-err")} >&2; exit 3`)),
    denied: true,
  },
  {
    name: "a plugin of an odd version",
    prepare: user(plugin("true", { apiVersion: secret("version") })),
    denied: true,
  },
  {
    name: "a legacy provider's tokens",
    prepare: user({
      "auth-provider": {
        name: "oidc",
        config: {
          "id-token": `${secret("id")}.${btoa('{"exp":9999999999}')}.x`,
          "refresh-token": secret("refresh"),
          "client-secret": secret("client"),
        },
      },
    }),
    told: true,
  },
  {
    name: "an invalid certificate and key",
    prepare: user({
      "client-certificate-data": btoa(secret("certificate")),
      "client-key-data": btoa(secret("key")),
    }),
  },
  { name: "invalid base64", prepare: user({ "client-key-data": `%${secret("key")}` }) },
  {
    name: "a kubeconfig that is not YAML",
    prepare: (box) =>
      void box.kubeconfig(`apiVersion: v1\nusers:\n- user: {token: ${secret("token")}\n  x: [\n`),
  },
  {
    name: "a kubeconfig of wrong types",
    prepare: (box) =>
      void box.kubeconfig(`apiVersion: v1\nusers: {token: ${secret("token")}}\nclusters: 7\n`),
  },
  {
    name: "a password of the mirror",
    prepare: user({}),
    env: {
      KUBERLR_KUBEMIRRORURL: `http://me:${secret("mirror")}@127.0.0.1:9/?signature=${
        secret("query")
      }`,
      KUBERLR_CHECKSUMURL: `http://me:${secret("mirror")}@127.0.0.1:9/x`,
    },
  },
  {
    name: "a mirror with an invalid URL",
    prepare: user({}),
    env: {
      KUBERLR_KUBEMIRRORURL: `htp://me:${secret("mirror")}@127.0.0.1:9/?x=${secret("query")}`,
    },
  },
  {
    name: "a mirror of the configuration",
    prepare(box, server) {
      box.config(
        `KubeMirrorUrl = ["https://me:${secret("mirror")}@127.0.0.1:9?q=${secret("q")}"]\n`,
      );
      user({})(box, server);
    },
    env: { KUBERLR_KUBEMIRRORURL: "" },
  },
  {
    name: "a configuration that is not TOML",
    prepare(box, server) {
      box.config(`KubeMirrorUrl = "https://me:${secret("mirror")}@127.0.0.1:9\nx = [\n`);
      user({})(box, server);
    },
  },
  {
    name: "a configuration of wrong types",
    prepare(box, server) {
      box.config(`Timeout = "https://me:${secret("mirror")}@127.0.0.1:9"\n`);
      user({})(box, server);
    },
  },
  {
    name: "a netrc",
    prepare(box, server) {
      box.write("home/.netrc", `machine 127.0.0.1 login me password ${secret("netrc")}\n`, 0o600);
      user({})(box, server);
    },
  },
  {
    name: "proxies of the environment",
    prepare: user({ token: secret("token") }),
    env: Object.fromEntries(
      ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY"].map((name) => [
        name,
        `http://me:${secret("proxy")}@127.0.0.1:9`,
      ]),
    ),
  },
  {
    name: "an invalid proxy in the environment",
    prepare: cluster({ server: "https://cluster.invalid" }),
    env: { HTTPS_PROXY: `gopher://me:${secret("proxy")}@127.0.0.1:9` },
  },
  ...["/", "?", "#"].flatMap((odd): readonly Place[] => [
    {
      name: `proxies of the environment with an unescaped ${odd} in the password`,
      prepare: user({ token: secret("token") }),
      env: Object.fromEntries(
        ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY"].map((name) => [
          name,
          `http://me:x${odd}${secret("proxy")}@127.0.0.1:9`,
        ]),
      ),
    },
    {
      name: `a proxy's password with an unescaped ${odd}`,
      prepare: cluster({ "proxy-url": `http://me:x${odd}${secret("proxy")}@127.0.0.1:9` }),
    },
    {
      name: `a server's password with an unescaped ${odd}`,
      prepare: cluster({ server: `https://me:x${odd}${secret("server")}@127.0.0.1:9` }),
    },
    {
      name: `a mirror's password with an unescaped ${odd}`,
      prepare: user({}),
      env: { KUBERLR_KUBEMIRRORURL: `https://me:x${odd}${secret("mirror")}@127.0.0.1:9` },
    },
    {
      name: `a configured mirror's password with an unescaped ${odd}`,
      prepare(box, server) {
        box.config(`KubeMirrorUrl = "https://me:x${odd}${secret("mirror")}@127.0.0.1:9"\n`);
        user({})(box, server);
      },
      env: { KUBERLR_KUBEMIRRORURL: "" },
    },
  ]),
  {
    name: "a mirror's password without a scheme",
    prepare: user({}),
    env: { KUBERLR_KUBEMIRRORURL: `me:${secret("mirror")}@127.0.0.1:9` },
  },
  {
    name: "kuberc",
    prepare(box, server) {
      box.write(
        "home/.kube/kuberc",
        `apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\n` +
          `defaults: [{command: get, options: [{name: token, default: ${secret("kuberc")}}]}]\n`,
      );
      user({})(box, server);
    },
  },
];

for (const place of PLACES) {
  story(
    `no trace is left of ${place.name}`,
    (box) =>
      assertNoTrace(box, place, LINES, async (command, env) => {
        // With details nothing is remembered. Without them, the memory is searched, too.
        const quiet = await runInside(box, command, { ...env, KUBERLR_VERBOSITY: "0" });
        const { stdout, stderr } = await runInside(box, command, env);
        return quiet.stdout + quiet.stderr + stdout + stderr;
      }),
  );
}

story(
  "no trace is left of a token, with a process for each command",
  (box) =>
    assertNoTrace(box, PLACES[0]!, oneOfEach(LINES), async (command, env) => {
      const { stdout, stderr } = await box.run("kuberlr", command, { env });
      // kubectl decides what it prints: the fake repeats its arguments.
      return command[0] === "kubectl" ? stderr : stdout + stderr;
    }),
);

async function assertNoTrace(
  box: Sandbox,
  { prepare, env = {}, told, denied }: Place,
  lines: readonly (readonly string[])[],
  run: (command: readonly string[], env: Readonly<Record<string, string>>) => Promise<string>,
): Promise<void> {
  const authority = await makeAuthority();
  await using api = await startApiServer({
    version: "v1.29.1",
    tls: await authority.server(),
    ...(denied && { answer: { kind: "status", status: 401 } as const }),
  });
  box.fakeKubectl("1.29.4");
  box.fakeKubectl("1.28.0", { folder: box.system });
  prepare(box, { server: api.url, ca: authority.certificate });
  const given = new Set(box.files(box.root));

  for (const command of lines) {
    const said = await run(command, { KUBERLR_VERBOSITY: "9", KUBERLR_TIMEOUT: "10", ...env });
    assertEquals(findMark(said), undefined, `${command.join(" ")}\n${said}`);
  }
  const written = box.files(box.root).filter((path) => !given.has(path));
  for (const path of written) {
    const text = Deno.readTextFileSync(`${box.root}/${path}`);
    assertEquals(findMark(text), undefined, `${path}\n${text}`);
    assertEquals(findMark(path), undefined);
  }
  if (told) assert(api.requests.some(({ authorization }) => authorization !== undefined));
}

function user(entry: Record<string, unknown>): Place["prepare"] {
  return (box, server) => {
    box.kubeconfig(kubeconfig().context("prod", { ...server }, entry));
  };
}

function cluster(entry: Record<string, unknown>): Place["prepare"] {
  return (box, server) => {
    box.kubeconfig(kubeconfig().context("prod", { ...server, ...entry }));
  };
}

function inServer(name: string): Place["prepare"] {
  return (box, { server, ca }) => {
    const url = server.replace("://", `://${name}:${secret("userinfo")}@`);
    box.kubeconfig(kubeconfig().context("prod", { server: `${url}/?t=${secret("query")}`, ca }));
  };
}

/** Finds the mark in plain text and in its encodings. */
function findMark(text: string): string | undefined {
  return ENCODED.find((mark) => text.includes(mark));
}

/** Base64 text begins in one of three ways, depending on the bytes before it. */
const ENCODED = [
  MARK,
  ...["", "x", "xy"].map((before) => {
    const start = Math.ceil(before.length * 4 / 3);
    return btoa(before + MARK).slice(start, start + 8);
  }),
  new TextEncoder().encode(MARK).toHex(),
];
