/**
 * Changes this process's environment for a moment. kubectl inherits it, so every change must be
 * undone.
 *
 * @module
 */
import { splitBlock } from "../../encoding/c_strings.ts";
import { KEPT_PREFIX, KEPT_VARIABLE_LIST, KEPT_VARIABLES } from "../../handoff/kept_variables.ts";
import { hasKeptVariables, startEnvironment } from "./libc.ts";
import { removeNodeShim } from "./node_shim.ts";

/**
 * Calls `call` with variables set or removed (`undefined`), and restores them. It is synchronous,
 * so that two calls cannot overlap. If both would do, an empty value is better than removal: a
 * changed entry keeps its place in the environment, and a removed one comes back at the end.
 *
 * A variable that is not UTF-8 is left alone: Deno treats it as unset, and it could not be
 * restored.
 */
export function withEnv<T>(
  changes: Readonly<Record<string, string | undefined>>,
  call: () => T,
): T {
  const undo: (() => void)[] = [];
  try {
    for (const [name, value] of Object.entries(changes)) {
      const before = currentValue(name);
      if (before === "no UTF-8" || before.value === value) continue;
      undo.push(() => writeVariable(name, before.value));
      writeVariable(name, value);
    }
    return call();
  } finally {
    for (const restore of undo.reverse()) restore();
  }
}

/**
 * Restores the environment that this process was started with, for children and for later reads.
 *
 * Linux still has every variable; elsewhere the one change that `deno` makes is undone.
 */
export function restoreEnvironment(): void {
  const initial = initialEnvironment();
  if (initial === undefined) {
    restoreKeptVariables();
    return removeNodeShim();
  }
  const now = Deno.env.toObject();
  for (const name of Object.keys(now)) {
    if (!initial.has(name)) Deno.env.delete(name);
  }
  for (const [name, value] of initial) {
    if (value !== undefined && value !== now[name]) Deno.env.set(name, value);
  }
}

/** Returns `undefined` for a value that is not UTF-8: kuberlr never changes such a value. */
function initialEnvironment(): ReadonlyMap<string, string | undefined> | undefined {
  const block = startEnvironment();
  if (block === undefined) return undefined;
  const variables = new Map<string, string | undefined>();
  for (const entry of splitBlock(block)) {
    const [, name, value] = /^([^=]+)=(.*)\0$/s.exec(new TextDecoder().decode(entry)) ?? [];
    // If a name occurs twice, getenv(3) finds the first.
    if (name === undefined || variables.has(name)) continue;
    variables.set(name, value?.includes("\uFFFD") ? undefined : value);
  }
  return variables;
}

/**
 * Undoes the changes of the launcher one by one, for systems where the first environment is lost.
 */
function restoreKeptVariables(): void {
  if (!hasKeptVariables()) return;
  for (const name of KEPT_VARIABLES) {
    const kept = currentValue(`${KEPT_PREFIX}${name}`);
    if (kept === "no UTF-8" || kept.value === undefined) continue;
    writeVariable(name, kept.value);
    writeVariable(`${KEPT_PREFIX}${name}`, undefined);
  }
  writeVariable(KEPT_VARIABLE_LIST, undefined);
}

function currentValue(name: string): { value: string | undefined } | "no UTF-8" {
  try {
    return { value: Deno.env.get(name) };
  } catch {
    return "no UTF-8";
  }
}

function writeVariable(name: string, value: string | undefined): void {
  if (value === undefined) Deno.env.delete(name);
  else Deno.env.set(name, value);
}
