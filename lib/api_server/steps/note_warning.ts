/**
 * Limits a warning to once per server and day.
 *
 * @module
 */
import { endpointIdentity } from "../../connection/endpoint.ts";
import type { Target } from "../../connection/target.ts";
import { orUndefined } from "../../errors.ts";
import { writeOwnText } from "../../files/steps/write_own.ts";
import type { Layout } from "../../files/layout.ts";
import type { Host } from "../../ports/host.ts";
import { formatServerRecord, type ServerRecord, wasWarned } from "../server_record.ts";
import { loadServerRecord, serverRecordPath } from "./learn_version.ts";

/** Stands for the server that a kubeconfig in a pipe would name. */
const PIPE = "a kubeconfig that comes through a pipe";

/**
 * Records that the user is warned now, and returns the record. Returns `undefined` if the user was
 * warned within a day, or if nothing can be stored: a warning on every command would be noise.
 */
export function noteWarning(
  target: Target | undefined,
  layout: Layout | undefined,
  host: Pick<Host, "platform" | "files" | "clock">,
): ServerRecord | undefined {
  const identity = target === undefined ? PIPE : endpointIdentity(target.endpoint);
  const path = serverRecordPath(identity, layout, host);
  const record = loadServerRecord(identity, path, host);
  const nowMs = host.clock.nowMs();
  if (path === undefined || layout === undefined || wasWarned(record, nowMs)) return undefined;
  const warned = { ...record, warnedAtMs: nowMs };
  return orUndefined(() => {
    writeOwnText(path, formatServerRecord(warned), layout, host);
    return warned;
  });
}
