/**
 * Times whole processes. Every round runs each row once, in a random order, so that a disturbance
 * of the machine affects all rows alike. The minimum is the cost of a command, the median its usual
 * time on this machine.
 *
 * @module
 */

export interface Row {
  /** The name in JSON. */
  readonly id: string;
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Called before each run, and not timed. */
  readonly prepare?: () => void;
  /** The number of rounds, from the first, for a slow row; all rounds if absent. */
  readonly rounds?: number;
}

/** Milliseconds, or ratios of them. */
export interface Times {
  readonly minimum: number;
  readonly median: number;
}

export interface Measured extends Times {
  readonly id: string;
  readonly name: string;
  readonly runs: number;
}

export interface Rounds {
  readonly runs: number;
  /** After this time, no round begins. */
  readonly budgetSeconds: number;
}

/** Measures the rows. @throws {Error} a program fails */
export async function measure(
  rows: readonly Row[],
  { runs, budgetSeconds }: Rounds,
): Promise<readonly Measured[]> {
  const times = new Map(rows.map(({ id }) => [id, [] as number[]]));
  const endMs = performance.now() + budgetSeconds * 1000;
  for (let round = 0; round < runs && (round === 0 || performance.now() < endMs); round++) {
    for (const row of shuffle(rows.filter(({ rounds = runs }) => round < rounds))) {
      times.get(row.id)!.push(await timeOnce(row));
    }
  }
  return rows.map(({ id, name }) => {
    const all = times.get(id)!;
    return { id, name, runs: all.length, ...summarize(all) };
  });
}

/** Runs a row once, and returns its time in milliseconds. @throws {Error} the program fails */
export async function timeOnce({ command, env, cwd, name, prepare }: Row): Promise<number> {
  prepare?.();
  const [program, ...args] = command;
  // Nothing is read from the child, so that only its end is waited for.
  const toRun = new Deno.Command(program, {
    args,
    cwd,
    env: { ...env },
    clearEnv: true,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  });
  const startedMs = performance.now();
  const { code } = await toRun.spawn().status;
  const tookMs = performance.now() - startedMs;
  if (code !== 0) throw new Error(`Cannot measure "${name}": exit status ${code}`);
  return tookMs;
}

export function summarize(times: readonly number[]): Times {
  const sorted = times.toSorted((a, b) => a - b);
  return {
    minimum: rounded(sorted[0] ?? NaN, 1),
    median: rounded(sorted[Math.floor(sorted.length / 2)] ?? NaN, 1),
  };
}

export function divide(a: Times, b: Times): Times {
  return {
    minimum: rounded(a.minimum / b.minimum, 2),
    median: rounded(a.median / b.median, 2),
  };
}

export function subtract(a: Times, b: Times): Times {
  return {
    minimum: rounded(a.minimum - b.minimum, 1),
    median: rounded(a.median - b.median, 1),
  };
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

function shuffle<Item>(items: readonly Item[]): Item[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
