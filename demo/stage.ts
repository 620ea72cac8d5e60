/**
 * What the audience sees: headings, the command that is about to run, and remarks on what it did.
 * Colour on a terminal, or where FORCE_COLOR wants it; plain text in a pipe.
 *
 * @module
 */
const COLOR = Deno.env.get("FORCE_COLOR") !== undefined ||
  Deno.stdout.isTerminal() && !Deno.env.get("NO_COLOR");

export function heading(text: string): void {
  say(`\n${paint("1", text)}`);
}

/** @param before a remark above the command */
export function prompt(command: string, before?: string): void {
  say(before === undefined ? "" : `\n${paint("2", `# ${before}`)}`);
  say(`${paint("36", "$")} ${paint("1", command)}`);
}

export function remark(text: string): void {
  say(paint("2", `  # ${text}`));
}

export function say(text: string): void {
  write(Deno.stdout, `${text}\n`);
}

/** What a program has printed, as it is. */
export function echo(text: string): void {
  write(Deno.stdout, text);
}

/** A program's long lines, broken between words at 80 columns. */
export function wrap(text: string): string {
  return text.replace(/(?![^\n]{1,80}$)([^\n]{1,80}) /gm, "$1\n");
}

export function complain(text: string): void {
  write(Deno.stderr, `demo: ${text}\n`);
}

/**
 * Below 10 ms to the tenth, below 100 ms to the millisecond, above to the hundredth of a second.
 */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 9.95) return `${Math.max(0, milliseconds).toFixed(1)} ms`;
  return milliseconds < 99.5
    ? `${Math.round(milliseconds)} ms`
    : `${(milliseconds / 1000).toFixed(2)} s`;
}

function paint(sgr: string, text: string): string {
  return COLOR ? `\x1b[${sgr}m${text}\x1b[0m` : text;
}

/** At once and in order, so that it does not mix with what children print. */
function write(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) at += stream.writeSync(bytes.subarray(at));
}
