/**
 * Messages on stderr; every line starts with `kuberlr:`. Failures say `error:`, advice says
 * `hint:`. Text from servers, kubeconfigs and mirrors is sanitized. Only the label has a colour,
 * where {@linkcode wantsColor} allows it.
 *
 * @module
 */
import type { KuberlrError } from "../errors.ts";
import type { Stream } from "../ports/host.ts";

/** A wait of more milliseconds is announced, with who is waited for. */
export const LONG_WAIT_MS = 2_000;

export interface ReportStyle {
  readonly color: boolean;
}

/** The setting `Color`, after `NO_COLOR` has been applied. */
export type Color = "auto" | "always" | "never";

const PLAIN: ReportStyle = { color: false };

/** Returns the lines of an error and its hint. */
export function renderFailure(
  { message, hint }: Pick<KuberlrError, "message" | "hint">,
  style: ReportStyle = PLAIN,
): string {
  return line("error", "31", message, style) +
    (hint === undefined ? "" : line("hint", "36", hint, style));
}

export function renderWarning(message: string, style: ReportStyle = PLAIN): string {
  return line("warning", "33", message, style);
}

/** Returns a hint to follow a note or a warning. */
export function renderHint(hint: string, style: ReportStyle = PLAIN): string {
  return line("hint", "36", hint, style);
}

export function renderNote(message: string): string {
  return `kuberlr: ${sanitize(message)}\n`;
}

/**
 * Returns the lines of a bug, with its stack: for errors that no user, network or disk can cause.
 */
export function renderBug(error: unknown): string {
  const stack = error instanceof Error ? error.stack ?? error.message : String(error);
  return renderFailure({
    message: "This is a bug in kuberlr",
    hint: `Report it with what follows and with the output of "kuberlr version -o json"`,
  }) + stack.split("\n").map((each) => `  ${sanitize(each)}\n`).join("");
}

/** Returns true if a stream gets colours by the setting `Color`. */
export function wantsColor(color: Color, stream: Pick<Stream, "isTerminal">): boolean {
  return color === "always" || (color === "auto" && stream.isTerminal);
}

/**
 * Makes a text safe for a terminal, on one line: control characters (ESC among them), marks that
 * change the direction of text, and lone surrogates become visible escapes, for example `\u{1b}`.
 */
export function sanitize(text: string): string {
  return text.replaceAll(
    UNSAFE,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** The characters that {@linkcode sanitize} replaces. */
export const UNSAFE =
  // deno-lint-ignore no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\p{Cs}/gu;

function line(label: string, sgr: string, message: string, { color }: ReportStyle): string {
  const shown = color ? `\x1b[1;${sgr}m${label}:\x1b[0m` : `${label}:`;
  return `kuberlr: ${shown} ${sanitize(message)}\n`;
}
