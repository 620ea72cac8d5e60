/**
 * One kubeconfig out of several: entries by name, each remembering its file, because its relative
 * paths start there. Of a name in several files the first wins with its whole entry; a name twice
 * in one file makes that file invalid.
 *
 * Entries stay undecoded until one is chosen (entries.ts): of 5,000 clusters a command
 * needs one.
 *
 * Source: client-go, tools/clientcmd/loader.go and merge.go.
 *
 * @module
 */
import { type Fields, KubeconfigError, listOf, mappingOf, textOf } from "./fields.ts";

export interface Kubeconfig {
  /** `undefined` where no file names one. */
  readonly currentContext: Sourced<string> | undefined;
  readonly contexts: Entries;
  readonly clusters: Entries;
  readonly users: Entries;
}

/** A value and the absolute path of the file that holds it. */
export interface Sourced<T> {
  readonly value: T;
  readonly file: string;
}

export type Entries = ReadonlyMap<string, Sourced<Fields>>;

/** `value` is what the file's text says. @throws {KubeconfigError} */
export function readKubeconfig(value: unknown, file: string): Kubeconfig {
  const fields = mappingOf(value, "the file");
  const apiVersion = textOf(fields.apiVersion, "apiVersion");
  const kind = textOf(fields.kind, "kind");
  if (!["", "v1"].includes(apiVersion) || !["", "Config"].includes(kind)) {
    throw new KubeconfigError("the file is not a Config of v1");
  }
  const currentContext = textOf(fields["current-context"], "current-context");
  return {
    currentContext: currentContext === "" ? undefined : { value: currentContext, file },
    contexts: readEntries(fields.contexts, "context", file),
    clusters: readEntries(fields.clusters, "cluster", file),
    users: readEntries(fields.users, "user", file),
  };
}

/** In the order of the files. */
export function mergeKubeconfigs(files: readonly Kubeconfig[]): Kubeconfig {
  const [only] = files;
  if (only !== undefined && files.length === 1) return only;
  return {
    currentContext: files.find(({ currentContext }) => currentContext !== undefined)
      ?.currentContext,
    contexts: mergeEntries(files.map(({ contexts }) => contexts)),
    clusters: mergeEntries(files.map(({ clusters }) => clusters)),
    users: mergeEntries(files.map(({ users }) => users)),
  };
}

function readEntries(value: unknown, key: "context" | "cluster" | "user", file: string): Entries {
  const entries = new Map<string, Sourced<Fields>>();
  for (const item of listOf(value, `${key}s`)) {
    const entry = mappingOf(item, `an entry of ${key}s`);
    const name = textOf(entry.name, `the name of a ${key}`);
    if (entries.has(name)) throw new KubeconfigError(`two ${key}s are named "${name}"`);
    entries.set(name, { value: mappingOf(entry[key], `the ${key} "${name}"`), file });
  }
  return entries;
}

function mergeEntries(lists: readonly Entries[]): Entries {
  return new Map(lists.toReversed().flatMap((entries) => [...entries]));
}
