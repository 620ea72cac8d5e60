/**
 * Commands that start at the same time ask a server once between them: one holds the server's lock
 * and asks, the others wait for what it writes down.
 *
 * @module
 */
import { orUndefined } from "../../errors.ts";
import { readOwnText } from "../../files/steps/read_own.ts";
import type { Host } from "../../ports/host.ts";
import type { Lock } from "../../ports/store.ts";

export interface TurnRequest {
  readonly lockPath: string;
  /** Looks whether somebody else has written down an answer meanwhile. */
  readonly isAnswered: () => boolean;
  /** The longest wait, in milliseconds, while the holder may be an ancestor of this process. */
  readonly waitMs: number;
  /** Called once, when the wait has become long enough to say what is waited for. */
  readonly onLongWait: () => void;
}

export type Turn =
  /** The lock is held until it is released. */
  | { readonly kind: "mine"; readonly lock: Lock }
  /** Somebody else's answer is there. */
  | { readonly kind: "answered" }
  /** Somebody else is asking, and waiting for it would not end, or not in time. */
  | { readonly kind: "busy" }
  /** There are no locks here. */
  | { readonly kind: "unlockable" };

const POLL_MS = 25;
const LONG_WAIT_MS = 2_000;
/** A person logs in within this time; a holder that hangs is given up. */
const LONGEST_WAIT_MS = 5 * 60 * 1000;

/** Waits until this process holds the lock, or until another's answer is there. */
export async function takeTurn(
  request: TurnRequest,
  host: Pick<Host, "files" | "store" | "clock" | "processes">,
): Promise<Turn> {
  const startMs = host.clock.monotonicMs();
  const holderPath = `${request.lockPath}.holder`;
  let hasTold = false;
  for (let strangerAtMs = startMs;;) {
    const lock = host.store.tryLock(request.lockPath);
    if (lock === "refused") return { kind: "unlockable" };
    if (lock !== "held") {
      if (request.isAnswered()) {
        lock.release();
        return { kind: "answered" };
      }
      return { kind: "mine", lock: signed(lock, holderPath, host) };
    }
    if (request.isAnswered()) return { kind: "answered" };
    const nowMs = host.clock.monotonicMs();
    const relation = relationTo(holderPath, host);
    if (relation === "descendant") return { kind: "busy" };
    // A holder is unknown between its lock and its name, too: only then does the time count.
    if (relation === "stranger") strangerAtMs = nowMs;
    const waitedMs = nowMs - startMs;
    if (waitedMs >= LONGEST_WAIT_MS || nowMs - strangerAtMs >= request.waitMs) {
      return { kind: "busy" };
    }
    if (!hasTold && waitedMs >= LONG_WAIT_MS) {
      hasTold = true;
      request.onLongWait();
    }
    await host.clock.sleep(POLL_MS);
  }
}

/** Writes down who holds the lock, for as long as it is held. */
function signed(
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

/** How this process is related to the holder of the lock. */
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
