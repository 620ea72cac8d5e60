/**
 * Prints the demo: headings, the command that is about to run, and remarks on its result. With
 * colour on a terminal or with FORCE_COLOR; otherwise plain text.
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

/** Prints the output of a program unchanged. */
export function echo(text: string): void {
  write(Deno.stdout, text);
}

/** Breaks long lines between words at 80 columns. */
export function wrap(text: string): string {
  return text.replace(/(?![^\n]{1,80}$)([^\n]{1,80}) /gm, "$1\n");
}

export function printError(text: string): void {
  write(Deno.stderr, `demo: ${text}\n`);
}

/** Returns `9.9 ms`, `99 ms` or `1.23 s`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 9.95) return `${Math.max(0, milliseconds).toFixed(1)} ms`;
  return milliseconds < 99.5
    ? `${Math.round(milliseconds)} ms`
    : `${(milliseconds / 1000).toFixed(2)} s`;
}

function paint(sgr: string, text: string): string {
  return COLOR ? `\x1b[${sgr}m${text}\x1b[0m` : text;
}

/** Writes synchronously, so that the text does not mix with the output of children. */
function write(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) at += stream.writeSync(bytes.subarray(at));
}
