/**
 * Every call in `lib/` that makes, renames or removes something on the disk, and what limits it to
 * kuberlr's own files. A new call must be reviewed, and added here with its reason.
 */
import { assertEquals } from "@std/assert";
import { mentionsOf, unsortedIn } from "../support/port_methods.ts";

const LIB = new URL("../../lib/", import.meta.url);

/** The number of calls of each kind by file, and why they only reach kuberlr's own files. */
const WRITES: Readonly<Record<string, { readonly calls: string; readonly because: string }>> = {
  "api_server/steps/take_turn.ts": {
    calls: "remove 1, tryLock 1, writeAtomically 1",
    because: "the holder's name beside a lock that this process holds, in a folder that is trusted",
  },
  "commands/get.ts": {
    calls: "writeAtomically 1",
    because: "the marker of a mirror, in the folder that --to names",
  },
  "commands/inspect_path.ts": {
    calls: "canWrite 1",
    because: "a name of kuberlr's own, removed at once, where the system does not tell without",
  },
  "commands/open_lock.ts": {
    calls: "remove 1, writeAtomically 1",
    because: "the file that --lock names; removed is what this command has just downloaded",
  },
  "commands/link_unix.ts": {
    calls: "linkAtomically 3, makeDirectory 1, writeAtomically 2",
    because: "asked for by the user; another file than kuberlr's own only with --force",
  },
  "commands/link_windows.ts": {
    calls: "hardLinkAtomically 1, linkAtomically 1, remove 2, writeAtomically 1",
    because:
      "asked for by the user; removed are launchers of kuberlr's, by their mark or the name " +
      "that kuberlr gave them, and another program only with --force",
  },
  "commands/prune.ts": {
    calls: "remove 3, tryLock 1",
    because: "regular files with a receipt that fits, their receipts, and locks that are free, " +
      "each after findFolderDistrust",
  },
  "commands/unlink.ts": {
    calls: "remove 1",
    because: "launchers of kuberlr's, by their mark",
  },
  "files/steps/bound_folder.ts": {
    calls: "remove 1",
    because: "regular files with the names that kuberlr gives, in a folder that is a folder",
  },
  "files/steps/find_places.ts": {
    calls: "canWrite 1, makeDirectory 2, tryWriting 1",
    because:
      "a name of kuberlr's own in a temporary folder, with its folders, after followPath, and " +
      "looked at again; " +
      "a file that is removed at once, in a place that followPath has allowed",
  },
  "files/steps/write_own.ts": {
    calls: "makeDirectory 2, writeAtomically 1",
    because: "below a place: findFolderDistrust before and after the place is made",
  },
  "host/disk/files.ts": {
    calls: "chmodSync 1, linkSync 1, mkdirSync 1, openSync 1, removeSync 3, renameSync 4, " +
      "symlinkSync 1",
    because: "the port itself: its own temporary names, made anew",
  },
  "host/disk/store.ts": {
    calls: "fchmodSync 1, openSync 5, removeSync 2, renameSync 1, truncateSync 1",
    because:
      "the port itself: temporary files made with O_EXCL, whose mode is changed only if they still " +
      "have their name; a sweep takes regular files with " +
      "such a name that no process holds; a lock is opened only if it is a regular file",
  },
  "host/net/download_file.ts": { calls: "openSync 1", because: "to read" },
  "host/process/handoff_spawn.ts": { calls: "openSync 1", because: "to read" },
  "host/process/held_stderr.ts": {
    calls: "makeTempFileSync 1, openSync 1, removeSync 2, truncateSync 1",
    because: "a file that this process has made for a plugin's stderr",
  },
  "host/process/interrupts.ts": {
    calls: "removeSync 1",
    because: "the temporary file that this process has made",
  },
  "kubectls/steps/install_kubectl.ts": {
    calls: "sweepTemporaries 1",
    because: "in the folders of places, after findDistrustBelowRoot",
  },
  "kubectls/steps/install_place.ts": {
    calls: "makeDirectory 1",
    because: "the folder that --to names; in a place makeFolderIn does it",
  },
  "kubectls/steps/install_release.ts": {
    calls:
      "createTemporary 1, makeDirectory 1, publish 1, remove 1, sweepTemporaries 1, tryLock 1, writeAtomically 2",
    because: "in a place that openPlace has opened; the final name after findPresent, which " +
      "throws for what kuberlr did not put there",
  },
  "launcher/steps/write_shortcut.ts": {
    calls: "linkAtomically 1",
    because: "below the place, after makeFolderIn",
  },
  "memory/steps/recall_kubectl.ts": {
    calls: "writeAtomically 1",
    because: "the memo that was read, in a folder that findDistrustBelowRoot has allowed",
  },
};

Deno.test("every write, rename and removal in lib/ is on the list, with what bounds it", async () => {
  const found: Record<string, string> = {};
  for await (const path of sources(LIB)) {
    const name = path.href.slice(LIB.href.length);
    if (name.startsWith("ports/")) continue;
    const counts = new Map<string, number>();
    for (const call of mentionsOf("writes", await Deno.readTextFile(path))) {
      counts.set(call, (counts.get(call) ?? 0) + 1);
    }
    if (counts.size === 0) continue;
    found[name] = [...counts].map(([call, count]) => `${call} ${count}`).toSorted().join(", ");
  }
  const listed = Object.fromEntries(
    Object.entries(WRITES).map(([name, { calls }]) => [name, calls]),
  );
  assertEquals(found, listed);
});

Deno.test("every way to the disk that lib/ takes is known to read, to write or to do neither", async () => {
  const found: string[] = [];
  for await (const path of sources(LIB)) found.push(...unsortedIn(await Deno.readTextFile(path)));
  assertEquals(found, []);
});

async function* sources(folder: URL): AsyncGenerator<URL> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* sources(new URL(`${name}/`, folder));
    else if (name.endsWith(".ts")) yield new URL(name, folder);
  }
}
