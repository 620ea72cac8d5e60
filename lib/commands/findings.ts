/**
 * A finding of `kuberlr doctor`, as fields and as lines.
 *
 * @module
 */
import { sanitize } from "../output/report.ts";
import { paint, type TableStyle, type Tone } from "../output/table.ts";
import { wrapText } from "../output/text_width.ts";

/** The entry of a check in `-o json`. */
export interface Finding {
  readonly check:
    | "configuration"
    | "folders"
    | "kubectls"
    | "PATH"
    | "launcher"
    | "mirror"
    | "kuberlr"
    | "pins"
    | "cluster";
  readonly status: "ok" | "warning" | "error";
  readonly finding: string;
  readonly hint?: string;
}

const TONES: Readonly<Record<Finding["status"], Tone>> = {
  ok: "good",
  warning: "odd",
  error: "bad",
};

/** Returns a paragraph for each finding, with its hint below, wrapped at the terminal's width. */
export function renderFindings(
  findings: readonly Finding[],
  { width = Infinity, color }: TableStyle,
): string {
  return findings.flatMap(({ check, status, finding, hint }) => {
    const label = status.padEnd(8);
    const text = wrapText(sanitize(`${check}: ${finding}`), width - label.length);
    const advice = hint === undefined ? [] : wrapText(sanitize(`→ ${hint}`), width - label.length);
    return [...text, ...advice].map((line, index) =>
      (index === 0 ? paint(label, TONES[status], color) : " ".repeat(label.length)) + line + "\n"
    );
  }).join("");
}
