/**
 * What a server said of its version.
 *
 * @module
 */
import type { Version } from "./version.ts";

export type ServerAnswer =
  | { readonly kind: "version"; readonly version: Version; readonly gitVersion: string }
  /** Refused, no such host, TLS, timeout, a plugin that failed. */
  | { readonly kind: "unreachable"; readonly reason: string }
  /** 401, 403. */
  | { readonly kind: "denied"; readonly reason: string }
  /** Something answered, and it told no version. */
  | { readonly kind: "unknown"; readonly reason: string };
