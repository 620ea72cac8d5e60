/** Runs from a checkout or a URL, with a file or package that cannot be loaded. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { SOURCE } from "../support/program_under_test.ts";

async function deno(args: readonly string[], env: Record<string, string> = {}) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", ...args],
    env,
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Runs with an empty cache of Deno. */
function runAfresh(url: string, args: readonly string[], folder: string, registry?: string) {
  return deno(["--quiet", "--allow-all", url, ...args], {
    HOME: folder,
    DENO_DIR: `${folder}/deno`,
    ...(registry !== undefined && { NPM_CONFIG_REGISTRY: registry }),
  });
}

/**
 * On Windows Deno keeps a hard link to its own executable in its cache, which cannot be removed
 * while it runs.
 */
async function removeAll(folder: string): Promise<void> {
  await Deno.remove(folder, { recursive: true }).catch((error) => {
    if (Deno.build.os !== "windows") throw error;
  });
}

for (const args of [["kubectl", "get", "pods"], ["bins"]]) {
  Deno.test(`without its packages and a registry, "kuberlr ${args.join(" ")}" says what is missing`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      assertEquals(await runAfresh(SOURCE.href, args, folder, "http://127.0.0.1:9"), {
        code: 125,
        stdout: "",
        stderr: "kuberlr: error: Cannot load kuberlr: its packages are not in Deno's cache\n" +
          'kuberlr: hint: Run "deno install" in the checkout where the network can be reached\n',
      });
    } finally {
      await removeAll(folder);
    }
  });
}

Deno.test("a package with another hash than the lock's is reported as such, and not run", async () => {
  const folder = await Deno.makeTempDir();
  await using registry = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    ({ url }) => {
      if (url.endsWith(".tgz")) return new Response("another package");
      const dist = { tarball: `${url}/-/std-semver-1.0.8.tgz` };
      return Response.json({
        name: "std-semver",
        versions: { "1.0.8": { version: "1.0.8", dist } },
      });
    },
  );
  try {
    const url = `http://127.0.0.1:${registry.addr.port}`;
    assertEquals(await runAfresh(SOURCE.href, ["bins"], folder, url), {
      code: 125,
      stdout: "",
      stderr:
        "kuberlr: error: Cannot load kuberlr: std-semver@1.0.8 does not have the expected hash\n" +
        "kuberlr: hint: It may have been tampered with: leave deno.lock as it is, and check the registry in NPM_CONFIG_REGISTRY or .npmrc\n",
    });
  } finally {
    await removeAll(folder);
  }
});

Deno.test("without the lock, a package that is newer than the clock allows is named as such", async () => {
  const folder = await Deno.makeTempDir();
  await using registry = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    ({ url }) => {
      const dist = { tarball: `${url}/-/std-semver-1.0.8.tgz` };
      return Response.json({
        name: "std-semver",
        versions: { "1.0.8": { version: "1.0.8", dist } },
        time: { "1.0.8": "2099-01-01T00:00:00.000Z" },
      });
    },
  );
  try {
    const { code, stdout, stderr } = await deno(
      ["--quiet", "--allow-all", "--no-lock", SOURCE.href, "bins"],
      { DENO_DIR: folder, NPM_CONFIG_REGISTRY: `http://127.0.0.1:${registry.addr.port}` },
    );
    assertEquals([code, stdout], [125, ""]);
    assertMatch(
      stderr,
      /^kuberlr: error: Cannot load kuberlr: Deno refuses std-semver, because it is newer than \d{4}-\d\d-\d\d\nkuberlr: hint: Set this machine's clock if it is wrong, or run it without "--no-lock"\n$/,
    );
  } finally {
    await removeAll(folder);
  }
});

Deno.test("a package that deno.lock does not list is not run, and not added to it", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await copyCheckout(folder);
    const path = `${folder}/deno.lock`;
    const lock = JSON.parse(await Deno.readTextFile(path));
    delete lock.specifiers["npm:std-semver@1.0.8"];
    delete lock.npm["std-semver@1.0.8"];
    const text = JSON.stringify(lock);
    await Deno.writeTextFile(path, text);
    assertEquals(await deno(["--quiet", "--allow-all", `${folder}/main.ts`, "bins"]), {
      code: 125,
      stdout: "",
      stderr: "kuberlr: error: Cannot load kuberlr: deno.lock does not list all of its packages\n" +
        'kuberlr: hint: Run "git checkout deno.lock" in the checkout, or "deno install --frozen=false" if you have changed deno.json\n',
    });
    assertEquals(await Deno.readTextFile(path), text);
  } finally {
    await removeAll(folder);
  }
});

Deno.test({
  name: "a command that deno install makes of a checkout says how to install it",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const root = await Deno.makeTempDir();
    try {
      const install = ["install", "-q", "-gA", "--root", root, "-n", "kubectl", SOURCE.pathname];
      const args = [...install, "--", "--as-kubectl"];
      const { success } = await new Deno.Command(Deno.execPath(), { args }).output();
      assert(success);
      const run = await new Deno.Command(`${root}/bin/kubectl`, {
        args: ["version", "--client"],
        cwd: root,
        env: { PATH: Deno.execPath().replace(/\/[^/]*$/, ""), NO_COLOR: "1" },
      }).output();
      assertEquals({ code: run.code, stderr: new TextDecoder().decode(run.stderr) }, {
        code: 125,
        stderr:
          "kuberlr: error: Cannot load kuberlr: Deno does not use the deno.json of its checkout\n" +
          'kuberlr: hint: Run "deno run -A main.ts link" in the checkout\n',
      });
    } finally {
      await removeAll(root);
    }
  },
});

Deno.test("a checkout's first command asks for no package that only tests and tools need", async () => {
  const folder = await Deno.makeTempDir();
  const asked = new Set<string>();
  await using registry = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => {
      asked.add(new URL(request.url).pathname.split("/-/")[0]!);
      return new Response(null, { status: 404 });
    },
  );
  try {
    const url = `http://127.0.0.1:${registry.addr.port}`;
    await runAfresh(SOURCE.href, ["kubectl", "get", "pods"], folder, url);
    assertEquals(asked, new Set(["/std-semver"]));
  } finally {
    await removeAll(folder);
  }
});

for (const args of [["kubectl", "get", "pods"], ["bins"]]) {
  Deno.test(`where Deno may not read its modules, "kuberlr ${args.join(" ")}" says so`, async () => {
    assertEquals(await deno(["--no-prompt", "--allow-env", SOURCE.href, ...args]), {
      code: 125,
      stdout: "",
      stderr: "kuberlr: error: Cannot load kuberlr: Deno may not read all of its modules\n" +
        'kuberlr: hint: Run it with "--allow-read" for all of them, or with "--allow-all"\n',
    });
  });
}

const ANSWERS: Readonly<
  Record<string, { readonly answer: () => Response; readonly says: RegExp }>
> = {
  "nothing": {
    answer: () => new Response(null, { status: 404 }),
    says: /^Module not found "http:.*"$/,
  },
  "a failure": {
    answer: () => new Response(null, { status: 500 }),
    says: /^Import 'http:.*' failed: 500 Internal Server Error$/,
  },
  "a page for people": {
    answer: () =>
      new Response("<html>Sign in</html>", { headers: { "content-type": "text/html" } }),
    says: /^.*(module|expected).* \(.*http:.*\)$/i,
  },
};

for (const [name, { answer, says }] of Object.entries(ANSWERS)) {
  Deno.test(`from a URL whose server has ${name} for a module, kuberlr says so, without a stack`, async () => {
    const folder = await Deno.makeTempDir();
    await using server = serveCheckout("lib/main/management.ts", answer);
    try {
      const { code, stdout, stderr } = await runAfresh(`${server.url}main.ts`, ["bins"], folder);
      assertEquals([code, stdout], [125, ""]);
      const [error = "", hint, ...rest] = stderr.split("\n");
      assertMatch(error, /^kuberlr: error: Cannot load kuberlr: /);
      assertMatch(error.slice("kuberlr: error: Cannot load kuberlr: ".length), says);
      assertEquals([hint, rest], [
        "kuberlr: hint: Run the command again; if that does not help, install kuberlr again",
        [""],
      ]);
    } finally {
      await removeAll(folder);
    }
  });
}

/** Copies the program and its dependency files. */
async function copyCheckout(folder: string): Promise<void> {
  const copy = async (path: string): Promise<void> => {
    const from = new URL(path, SOURCE);
    if (!(await Deno.stat(from)).isDirectory) {
      // Without the mode: a checkout may be read-only, and a test changes the copy.
      return await Deno.writeFile(`${folder}/${path}`, await Deno.readFile(from));
    }
    await Deno.mkdir(`${folder}/${path}`);
    for await (const { name } of Deno.readDir(from)) await copy(`${path}/${name}`);
  };
  for (const path of ["main.ts", "deno.json", "deno.lock", "lib", "std"]) await copy(path);
}

/** Serves the checkout over HTTP, except for one file. */
function serveCheckout(missing: string, answer: () => Response) {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async ({ url }) => {
      const path = new URL(url).pathname.slice(1);
      if (path === missing) return answer();
      const headers = { "content-type": "application/typescript" };
      return new Response(await Deno.readTextFile(new URL(path, SOURCE)), { headers });
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
