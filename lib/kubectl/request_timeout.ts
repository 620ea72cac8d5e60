/**
 * Parses kubectl's `--request-timeout`. The request for the server's version does not wait longer.
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

/** Returns seconds; `undefined` if the text is empty, zero or malformed. */
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
