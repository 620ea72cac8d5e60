/**
 * A shell on a real terminal, which util-linux' script(1) provides: the test types keys and reads
 * the output.
 *
 * @module
 */

export interface TerminalSession extends AsyncDisposable {
  /** Types like a keyboard; `\x03` is Ctrl-C. */
  type(keys: string): Promise<void>;
  /** Waits for new output after the last match. Fails if the terminal closes, or after 30 s. */
  waitFor(pattern: RegExp): Promise<RegExpExecArray>;
  /** Closes the terminal, as closing a window does. */
  hangUp(): void;
}

const PATIENCE_MS = 30_000;

export const CTRL_C = "\x03";
export const CTRL_Z = "\x1a";
export const CTRL_BACKSLASH = "\x1c";

/** Why a terminal is not available; `undefined` if it is. */
export function missingTerminal(): string | undefined {
  if (Deno.build.os !== "linux") return "it needs script of util-linux";
  try {
    const { success, stdout } = new Deno.Command("script", { args: ["--version"], stderr: "null" })
      .outputSync();
    return success && /util-linux/.test(new TextDecoder().decode(stdout))
      ? undefined
      : "it needs script of util-linux";
  } catch {
    return "it needs script of util-linux";
  }
}

/** An interactive `/bin/sh` with job control; its prompt is `sh> `. */
export async function openTerminal(
  env: Readonly<Record<string, string>> = {},
): Promise<TerminalSession> {
  const child = new Deno.Command("script", {
    args: ["-qec", "/bin/sh -i", "/dev/null"],
    env: { TERM: "xterm", ...env, ENV: "", HISTFILE: "" },
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const keyboard = child.stdin.getWriter();
  const screen = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let shown = "";
  const session: TerminalSession = {
    type: (keys) => keyboard.write(new TextEncoder().encode(keys)),
    async waitFor(pattern) {
      while (true) {
        const match = pattern.exec(shown);
        if (match !== null) {
          shown = shown.slice(match.index + match[0].length);
          return match;
        }
        const late = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
        const { value, done } = await screen.read();
        clearTimeout(late);
        if (done) throw new Error(`The terminal never showed ${pattern}, but:\n${shown}`);
        shown += value;
      }
    },
    hangUp: () => child.kill("SIGKILL"),
    async [Symbol.asyncDispose]() {
      try {
        child.kill("SIGKILL");
      } catch {
        // It has already ended.
      }
      await keyboard.close().catch(() => {});
      while (!(await screen.read()).done);
      await child.status;
    },
  };
  // Root's prompt is different, even if the environment sets one. Typed text is echoed, and must
  // not look like the prompt.
  await session.type(`PS1="sh""> "\n`);
  await session.waitFor(/sh> $/);
  return session;
}
