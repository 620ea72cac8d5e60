/**
 * Attacks that another account can prepare in the places that a command reads: kuberlr obeys none
 * of them and loses nothing.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { giveToUser, missingUser, runAsUser, USER } from "../support/another_user.ts";
import { startCluster } from "../support/cluster.ts";
import { fakeOutput } from "../support/fake_kubectl.ts";
import { type Sandbox, story, SUFFIX } from "../support/sandbox.ts";
import { NO_LINKS } from "../support/wine.ts";

const ATTACKER = 23_456;
const ARGS = ["version", "--client"];

/** Writes a configuration that makes every command run the attacker's program. */
function plant(box: Sandbox, folder: string, owner: number): void {
  const evil = box.write("evil/kubectl", "#!/bin/sh\necho evil ran\n", 0o755);
  box.write(`${folder}/kuberlr.conf`, `[Contexts."*"]\nKubectl = "${evil}"\n`);
  giveToUser(folder, owner);
  giveToUser(`${box.root}/evil`, owner);
}

interface Attack {
  readonly name: string;
  readonly prepare: (box: Sandbox) => void;
  /** Text of a warning on stderr. */
  readonly said: RegExp;
  /** True if root runs the command; otherwise another user does. */
  readonly asRoot?: true;
}

const CONFIGURATIONS: readonly Attack[] = [
  {
    name: "of the attacker's, in a home that all share",
    prepare(box) {
      plant(box, `${box.home}/.kuberlr`, ATTACKER);
      Deno.chownSync(box.home, 0, 0);
      Deno.chmodSync(box.home, 0o1777);
    },
    said:
      /"[^"]*\.kuberlr\/kuberlr\.conf" is in "[^"]*\.kuberlr", which belongs to another user: it is ignored/,
  },
  {
    name: "of the attacker's, in the user's folder that everybody can write",
    prepare(box) {
      plant(box, `${box.home}/.kuberlr`, USER);
      Deno.chmodSync(`${box.home}/.kuberlr`, 0o777);
      Deno.chownSync(`${box.home}/.kuberlr/kuberlr.conf`, ATTACKER, ATTACKER);
    },
    said: /which can be written by every user: it is ignored/,
  },
  {
    name: "of the user's that everybody can write",
    prepare(box) {
      plant(box, `${box.home}/.kuberlr`, USER);
      Deno.chmodSync(`${box.home}/.kuberlr/kuberlr.conf`, 0o666);
    },
    said: /kuberlr\.conf" can be written by every user: it is ignored/,
  },
  {
    name: "of the user's, in a home that everybody can write",
    prepare(box) {
      plant(box, `${box.home}/.kuberlr`, USER);
      Deno.chmodSync(box.home, 0o777);
    },
    said: /home", which can be written by every user: it is ignored/,
  },
  {
    name: "behind a link of the attacker's to a folder of the user's",
    prepare(box) {
      plant(box, `${box.root}/other`, USER);
      Deno.chownSync(box.home, 0, 0);
      Deno.chmodSync(box.home, 0o1777);
      Deno.symlinkSync(`${box.root}/other`, `${box.home}/.kuberlr`);
      new Deno.Command("chown", { args: ["-h", `${ATTACKER}`, `${box.home}/.kuberlr`] })
        .outputSync();
    },
    said: /\.kuberlr", which belongs to another user: it is ignored/,
  },
  {
    name: "of a user in whose home root works",
    asRoot: true,
    prepare(box) {
      giveToUser(box.home);
      plant(box, `${box.home}/.kuberlr`, USER);
    },
    said: /home", which belongs to another user: it is ignored/,
  },
];

for (const { name, prepare, said, asRoot } of CONFIGURATIONS) {
  story(`a configuration ${name} is not obeyed`, async (box) => {
    box.fakeKubectl("1.30.5", { folder: box.system });
    for (const path of [box.home, box.env.TMPDIR!]) giveToUser(path, asRoot ? 0 : USER);
    prepare(box);
    for (let i = 0; i < 2; i++) {
      const run = asRoot ? await box.run("kubectl", ARGS) : await runAsUser(box, "kubectl", ARGS);
      assertEquals(run.stdout, fakeOutput("1.30.5", ARGS), run.stderr);
      assertMatch(run.stderr, /^kuberlr: warning: /);
      assertMatch(run.stderr, said);
    }
  }, { unless: missingUser });
}

story("a configuration of the user's own is obeyed", async (box) => {
  for (const path of [box.home, box.env.TMPDIR!]) giveToUser(path);
  plant(box, `${box.home}/.kuberlr`, USER);
  assertEquals((await runAsUser(box, "kubectl", ARGS)).stdout, "evil ran\n");
}, { unless: missingUser });

story("nothing in a hostile working directory is read or run", async (box) => {
  await using cluster = await startCluster(box, {
    kubectls: ["1.30.5"],
    api: { version: "v1.30.5" },
  });
  const evil = box.write("work/kubectl", "#!/bin/sh\necho evil ran\n", 0o755);
  const conf = `[Contexts."*"]\nKubectl = "${evil}"\n`;
  for (const path of ["kuberlr.conf", ".kuberlr/kuberlr.conf"]) box.write(`work/${path}`, conf);
  for (const name of ["stat", "sh", "kuberlr", "deno", "kubectl1.30.9", "kubectl1.30.9.exe"]) {
    box.write(`work/${name}`, "#!/bin/sh\necho evil ran\n", 0o755);
  }
  box.write(`work/.kuberlr/${box.binaries.split("/").at(-1)}/kubectl1.30.9`, "", 0o755);
  box.write("work/.env", `KUBERLR_KUBECTL=${evil}\n`);
  box.write("work/.netrc", "machine 127.0.0.1 login me password secret\n");
  box.write("work/config", "not: [a kubeconfig");
  box.write("work/.kube/kuberc", "not: [a kuberc");
  const script = `console.log("evil ran");\n`;
  box.write("work/main.ts", script);
  box.write("work/preload.js", script);
  box.write(
    "work/deno.json",
    `{"imports": {"@std/cli": "./main.ts"}, "preload": ["./preload.js"]}`,
  );
  box.write("work/package.json", `{"dependencies": {"std-semver": "file:./evil"}}`);
  const args = ["get", "pods"];
  // Each run goes another way: a download, the memo, the launcher.
  for (let i = 0; i < 3; i++) {
    const run = await box.run("kubectl", args);
    assertEquals(run.stdout, fakeOutput("1.30.5", args), run.stderr);
    assertEquals(/evil|warning|error/.test(run.stderr), false, run.stderr);
  }
  assertEquals(cluster.mirror.requests.some(({ headers }) => "authorization" in headers), false);
});

for (
  const { name, env } of [
    {
      name: "KUBERLR_CFG",
      env: (box: Sandbox) => ({ KUBERLR_CFG: `${box.root}/evil/kuberlr.conf` }),
    },
    {
      name: "KUBERLR_KUBECTL",
      env: (box: Sandbox) => ({ KUBERLR_KUBECTL: `${box.root}/evil/kubectl` }),
    },
  ]
) {
  story(
    `a file that ${name} names counts, and is said to be one that others can write`,
    async (box) => {
      box.write("evil/kubectl", "#!/bin/sh\necho it ran\n", 0o777);
      box.write(
        "evil/kuberlr.conf",
        `[Contexts."*"]\nKubectl = "${box.root}/evil/kubectl"\n`,
        0o666,
      );
      for (let i = 0; i < 2; i++) {
        const run = await box.run("kubectl", ARGS, { env: env(box) });
        assertEquals(run.stdout, "it ran\n", run.stderr);
        assertMatch(run.stderr, /^kuberlr: warning: .* can be written by every user$/m);
      }
    },
    { unix: "its files have no modes" },
  );
}

story("nothing of the user's is removed through a link in the cache", async (box) => {
  await using _cluster = await startCluster(box, {
    kubectls: ["1.30.5"],
    api: { version: "v1.30.5" },
  });
  box.fakeKubectl("1.30.5");
  const mail = `${box.root}/Mail`;
  Deno.mkdirSync(mail);
  // This holds even for files with the names of kuberlr's own.
  for (let i = 0; i < 5_200; i++) {
    Deno.writeTextFileSync(`${mail}/${i.toString(16).padStart(16, "0")}.json`, "");
  }
  for (const folder of ["servers", "memo"]) {
    Deno.mkdirSync(box.cache, { recursive: true });
    Deno.symlinkSync(mail, `${box.cache}/${folder}`, { type: "dir" });
    const run = await box.run("kubectl", ["get", "pods"]);
    assertEquals(run.stdout, fakeOutput("1.30.5", ["get", "pods"]), run.stderr);
    assertEquals([...Deno.readDirSync(mail)].length, 5_200);
    Deno.removeSync(`${box.cache}/${folder}`);
  }
}, { wine: NO_LINKS });

story("prune removes nothing behind a link", async (box) => {
  await using _cluster = await startCluster(box, {
    kubectls: ["1.30.5", "1.28.0"],
    api: { version: "v1.30.5" },
  });
  for (const version of ["1.28.0", "1.30.5"]) {
    assertEquals((await box.run("kuberlr", ["get", version])).status, 0);
  }
  await box.run("kubectl", ["get", "pods"]);
  Deno.renameSync(box.binaries, `${box.root}/elsewhere`);
  Deno.symlinkSync(`${box.root}/elsewhere`, box.binaries, { type: "dir" });
  const prune = await box.run("kuberlr", ["prune", "--all"]);
  assertEquals(prune.stdout, "");
  assertEquals(
    box.files(`${box.root}/elsewhere`),
    ["1.28.0", "1.30.5"].map((version) => `kubectl${version}${SUFFIX}`),
  );
}, { wine: NO_LINKS });

story("bytes that are overwritten in place are noticed, even with the old time", async (box) => {
  await using _cluster = await startCluster(box, {
    kubectls: ["1.30.5"],
    api: { version: "v1.30.5" },
  });
  assertEquals((await box.run("kubectl", ["get", "pods"])).status, 0);
  const path = box.kubectl("1.30.5");
  const { atime, mtime, size } = Deno.statSync(path);
  const evil = "#!/bin/sh\necho evil ran\n";
  Deno.writeTextFileSync(path, evil.padEnd(size, "#"));
  Deno.utimeSync(path, atime!, mtime!);
  for (const args of [["get", "pods"], ["get", "nodes"]]) {
    const run = await box.run("kubectl", args);
    assertEquals(run.stdout, fakeOutput("1.30.5", args), run.stderr);
  }
});

story("a home that is flipped between two owners runs only the user's", async (box) => {
  Deno.chownSync(box.home, 0, 0);
  Deno.chmodSync(box.home, 0o1777);
  box.fakeKubectl("1.30.5", { folder: box.system });
  plant(box, `${box.root}/attackers`, ATTACKER);
  Deno.mkdirSync(`${box.root}/users`, { mode: 0o700 });
  giveToUser(`${box.root}/users`);
  giveToUser(box.env.TMPDIR!);
  const flipper = new Deno.Command("/bin/sh", {
    args: [
      "-c",
      `while :; do ln -sfn "$0" "$2"; chown -h ${ATTACKER} "$2"; ln -sfn "$1" "$2"; done`,
      `${box.root}/attackers`,
      `${box.root}/users`,
      `${box.home}/.kuberlr`,
    ],
    stderr: "null",
  }).spawn();
  try {
    for (let i = 0; i < 8; i++) {
      const run = await runAsUser(box, "kubectl", ARGS);
      assertEquals(run.stdout, fakeOutput("1.30.5", ARGS), run.stderr);
    }
  } finally {
    flipper.kill("SIGKILL");
    await flipper.status;
  }
}, { unless: missingUser });

story(
  "a receipt that no longer fits is checked once, in a home that cannot be written",
  async (box) => {
    await using _cluster = await startCluster(box, {
      kubectls: ["1.30.5"],
      api: { version: "v1.30.5" },
    });
    for (const path of [box.home, box.env.TMPDIR!]) giveToUser(path);
    assertEquals((await runAsUser(box, "kuberlr", ["get", "1.30.5"])).status, 0);
    // An image layer or a restored cache leaves it like this: another inode and time, in a folder
    // that cannot be written.
    const path = box.kubectl("1.30.5");
    Deno.copyFileSync(path, `${path}.copy`);
    Deno.renameSync(`${path}.copy`, path);
    Deno.chmodSync(path, 0o755);
    const place = `${box.env.TMPDIR}/kuberlr-kubectls-${USER}`;
    for (const owner of [0, USER]) {
      Deno.chownSync(path, owner, owner);
      for (const folder of [`${box.home}/.kuberlr`, box.binaries, box.cache]) {
        Deno.chownSync(folder, 0, 0);
        Deno.chmodSync(folder, 0o755);
      }
      Deno.chmodSync(`${box.cache}/receipts`, 0o555);
      for (const { name } of Deno.readDirSync(`${box.cache}/receipts`)) {
        Deno.chownSync(`${box.cache}/receipts/${name}`, 0, 0);
        Deno.chmodSync(`${box.cache}/receipts/${name}`, 0o755);
      }
      const run = await runAsUser(box, "kubectl", ["get", "pods"]);
      assertEquals(run.stdout, fakeOutput("1.30.5", ["get", "pods"]), run.stderr);
      const renewed = box.files(place).filter((name) => name.includes("/elsewhere-"));
      // A file of root's is not hashed; the check of the user's own file is remembered in another
      // place.
      assertEquals(renewed.length, owner === 0 ? 0 : 1);
      Deno.removeSync(place, { recursive: true });
    }
  },
  { unless: missingUser },
);
