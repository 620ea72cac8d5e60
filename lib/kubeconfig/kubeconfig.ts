/**
 * Merges several kubeconfigs into one. Each entry keeps the name of its file, because its relative
 * paths start there. If several files have an entry of one name, the first file's entry counts as a
 * whole; a name that occurs twice in one file makes that file invalid.
 *
 * Entries are decoded only when they are chosen (entries.ts): of 5,000 clusters a command needs
 * one.
 *
 * Source: client-go, tools/clientcmd/loader.go and merge.go.
 *
 * @module
 */
import { type Fields, KubeconfigError, listOf, mappingOf, textOf } from "./fields.ts";

export interface Kubeconfig {
  /** `undefined` if no file names one. */
  readonly currentContext: Sourced<string> | undefined;
  readonly contexts: Entries;
  readonly clusters: Entries;
  readonly users: Entries;
}

/** A value, and the absolute path of the file that holds it. */
export interface Sourced<T> {
  readonly value: T;
  readonly file: string;
}

export type Entries = ReadonlyMap<string, Sourced<Fields>>;

/** Reads a parsed file. @throws {KubeconfigError} the file is not a kubeconfig */
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

/** Merges kubeconfigs, the first one with the highest precedence. */
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
