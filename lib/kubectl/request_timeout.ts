/**
 * kubectl's `--request-timeout`: the question for the server's version waits no longer than that,
 * either.
 *
 * Source: client-go, tools/clientcmd/overrides.go (ParseTimeout); Go's time.ParseDuration.
 *
 * @module
 */

const UNIT_SECONDS: Readonly<Record<string, number>> = {
  h: 3_600,
  m: 60,
  s: 1,
  ms: 1e-3,
  us: 1e-6,
  µs: 1e-6,
  μs: 1e-6,
  ns: 1e-9,
};

/** In seconds; `undefined` where none is set: empty, zero, or nothing that kubectl would take. */
export function parseRequestTimeout(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) || undefined;
  const parts = text.match(/(\d+\.?\d*|\.\d+)(h|ms|m|s|us|µs|μs|ns)/g);
  if (parts === null || parts.join("") !== text.replace(/^\+/, "")) return undefined;
  const seconds = parts.reduce((sum, part) => {
    const unit = part.replace(/^[\d.]+/, "");
    return sum + parseFloat(part) * (UNIT_SECONDS[unit] ?? 0);
  }, 0);
  return seconds || undefined;
}
