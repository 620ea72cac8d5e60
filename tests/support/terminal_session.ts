/**
 * A shell on a real terminal, driven by keys and read by what appears: script(1) of util-linux
 * makes the terminal.
 *
 * @module
 */

export interface TerminalSession extends AsyncDisposable {
  /** Types as a keyboard does; `\x03` is Ctrl-C. */
  type(keys: string): Promise<void>;
  /**
   * Waits until something appears after what was last waited for. Fails when the terminal closes,
   * or after 30 s.
   */
  waitFor(pattern: RegExp): Promise<RegExpExecArray>;
  /** Takes the terminal away, as a window that is closed. */
  hangUp(): void;
}

const PATIENCE_MS = 30_000;

export const CTRL_C = "\x03";
export const CTRL_Z = "\x1a";
export const CTRL_BACKSLASH = "\x1c";

/** Why no terminal can be had; `undefined` where it can. */
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
        // It has gone.
      }
      await keyboard.close().catch(() => {});
      while (!(await screen.read()).done);
      await child.status;
    },
  };
  // Root's prompt is another one, even if the environment says otherwise. What is typed is shown,
  // too, and must not look like it.
  await session.type(`PS1="sh""> "\n`);
  await session.waitFor(/sh> $/);
  return session;
}
