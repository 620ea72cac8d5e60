/**
 * Lets only one of the commands that start at the same time ask a server: it holds the server's
 * lock, and the others wait for the answer that it records.
 *
 * @module
 */
import { orUndefined } from "../../errors.ts";
import { readOwnText } from "../../files/steps/read_own.ts";
import { LONG_WAIT_MS } from "../../output/report.ts";
import type { Host } from "../../ports/host.ts";
import type { Lock } from "../../ports/store.ts";

export interface TurnRequest {
  readonly lockPath: string;
  /** Returns true once another command has recorded an answer. */
  readonly isAnswered: () => boolean;
  /** The longest wait in milliseconds while the holder may be an ancestor of this process. */
  readonly waitMs: number;
  /** Called once, when the wait takes long enough to be explained to the user. */
  readonly onLongWait: () => void;
}

export type Turn =
  /** This command asks, and holds `lock` until it releases it. */
  | { readonly kind: "mine"; readonly lock: Lock }
  /** Another command has recorded an answer. */
  | { readonly kind: "answered" }
  /** Another command is asking, and waiting for it would not end, or not in time. */
  | { readonly kind: "busy" }
  /** The file system has no locks, or the lock's file cannot be created. */
  | { readonly kind: "unlockable" };

const POLL_MS = 25;
/** Enough for a person to log in; a holder that hangs is not waited for any longer. */
const MAX_WAIT_MS = 5 * 60 * 1000;

/** Waits until this process holds the lock, or until another command's answer is recorded. */
export async function takeTurn(
  request: TurnRequest,
  host: Pick<Host, "files" | "store" | "clock" | "processes">,
): Promise<Turn> {
  const startMs = host.clock.monotonicMs();
  const holderPath = `${request.lockPath}.holder`;
  let hasExplained = false;
  for (let lastStrangerMs = startMs;;) {
    const lock = host.store.tryLock(request.lockPath);
    if (lock === "refused") return { kind: "unlockable" };
    if (lock !== "held") {
      if (request.isAnswered()) {
        lock.release();
        return { kind: "answered" };
      }
      return { kind: "mine", lock: withHolder(lock, holderPath, host) };
    }
    if (request.isAnswered()) return { kind: "answered" };
    const nowMs = host.clock.monotonicMs();
    const relation = relationTo(holderPath, host);
    if (relation === "descendant") return { kind: "busy" };
    // Between taking the lock and writing its name, a holder is unknown, too. Only the time since
    // the holder was last known counts towards `waitMs`.
    if (relation === "stranger") lastStrangerMs = nowMs;
    const waitedMs = nowMs - startMs;
    if (waitedMs >= MAX_WAIT_MS || nowMs - lastStrangerMs >= request.waitMs) {
      return { kind: "busy" };
    }
    if (!hasExplained && waitedMs >= LONG_WAIT_MS) {
      hasExplained = true;
      request.onLongWait();
    }
    await host.clock.sleep(POLL_MS);
  }
}

/** Names this process in the file beside the lock for as long as the lock is held. */
function withHolder(
  lock: Lock,
  holderPath: string,
  { files, processes }: Pick<Host, "files" | "processes">,
): Lock {
  const [self] = processes.ancestry() ?? [];
  orUndefined(() => files.writeAtomically(holderPath, self ?? "", 0o600));
  return {
    release() {
      orUndefined(() => files.remove(holderPath));
      lock.release();
    },
  };
}

/** Returns the relation of this process to the holder of the lock. */
function relationTo(
  holderPath: string,
  { files, processes }: Pick<Host, "files" | "processes">,
): "descendant" | "stranger" | "unknown" {
  const holder = orUndefined(() => readOwnText(holderPath, "lock-holder", files));
  const ancestry = processes.ancestry();
  if (!holder || ancestry === undefined) return "unknown";
  if (ancestry.indexOf(holder) > 0) return "descendant";
  const machineOf = (process: string) => process.slice(0, process.lastIndexOf("/"));
  return machineOf(holder) === machineOf(ancestry[0] ?? "") ? "stranger" : "unknown";
}
