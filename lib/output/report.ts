/**
 * The voice, after age's: every line on stderr begins with `kuberlr:`, failures say `error:`, advice says `hint:`.
 * Nothing that a server, a kubeconfig or a mirror wrote reaches the terminal raw. Colour goes on the one word that tells
 * lines apart, and only where {@linkcode wantsColor} says so.
 *
 * @module
 */
import type { KuberlrError } from "../errors.ts";
import type { Stream } from "../ports/host.ts";

export interface ReportStyle {
  readonly color: boolean;
}

/** The setting `Color`, after `NO_COLOR` has been applied. */
export type Color = "auto" | "always" | "never";

const PLAIN: ReportStyle = { color: false };

/** An error, and its hint if it has one. */
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

export function renderNote(message: string): string {
  return `kuberlr: ${sanitize(message)}\n`;
}

/** What no user, network or disk can cause: with its stack, and where to take it. */
export function renderBug(error: unknown): string {
  const stack = error instanceof Error ? error.stack ?? error.message : String(error);
  return renderFailure({
    message: "This is a bug in kuberlr",
    hint: `Report it with what follows and with the output of "kuberlr version -o json"`,
  }) + stack.split("\n").map((each) => `  ${sanitize(each)}\n`).join("");
}

/** The setting `Color`, which has heeded `NO_COLOR`, for one stream. */
export function wantsColor(color: Color, stream: Pick<Stream, "isTerminal">): boolean {
  return color === "always" || (color === "auto" && stream.isTerminal);
}

/**
 * On one line, and harmless: control characters, among them the one that begins every escape sequence, and the marks that
 * turn the direction of text around become visible; so do lone surrogates, which no terminal can show.
 */
export function sanitize(text: string): string {
  return text.replaceAll(
    UNSAFE,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** What {@linkcode sanitize} replaces. */
export const UNSAFE =
  // deno-lint-ignore no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\p{Cs}/gu;

function line(label: string, sgr: string, message: string, { color }: ReportStyle): string {
  const shown = color ? `\x1b[1;${sgr}m${label}:\x1b[0m` : `${label}:`;
  return `kuberlr: ${shown} ${sanitize(message)}\n`;
}
