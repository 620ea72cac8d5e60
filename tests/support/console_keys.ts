/**
 * Ctrl-C and Ctrl-Break in a Windows console. They reach every process of a console, so the program
 * under test gets its own: this module, which {@linkcode pressKey} runs, opens it.
 *
 * @module
 */
import type { RunOptions, Sandbox } from "./sandbox.ts";

export type Key = "Ctrl-C" | "Ctrl-Break";

export interface Pressed {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Order {
  readonly command: string;
  readonly args: readonly string[];
  readonly key: Key;
  /** The key is pressed when this file or folder holds text that begins like `sign`. */
  readonly folder: string;
  readonly sign: string;
}

const EVENTS: Readonly<Record<Key, number>> = { "Ctrl-C": 0, "Ctrl-Break": 1 };

/** Runs kubectl in a new console, and presses the key once the sign is in the folder. */
export async function pressKey(
  box: Sandbox,
  args: readonly string[],
  when: Pick<Order, "key" | "folder" | "sign">,
  options: RunOptions = {},
): Promise<Pressed> {
  const [command, ...words] = box.command("kubectl");
  const order: Order = { command, args: [...words, ...args], ...when };
  const result = `${box.root}/pressed.json`;
  const driver = await box.exec(Deno.execPath(), [
    ...["run", "-A", "--no-check", import.meta.url],
    ...[JSON.stringify(order), result],
  ], options);
  if (driver.status !== 0) throw new Error(driver.stderr);
  return JSON.parse(Deno.readTextFileSync(result));
}

/** Runs in a process of its own. */
async function drive({ command, args, key, folder, sign }: Order): Promise<Pressed> {
  const { symbols } = Deno.dlopen("kernel32.dll", {
    FreeConsole: { parameters: [], result: "i32" },
    AllocConsole: { parameters: [], result: "i32" },
    SetConsoleCtrlHandler: { parameters: ["pointer", "i32"], result: "i32" },
    GenerateConsoleCtrlEvent: { parameters: ["u32", "u32"], result: "i32" },
  });
  symbols.FreeConsole();
  if (symbols.AllocConsole() === 0) throw new Error("There is no console to be had");
  // The child would inherit that a parent has switched this off.
  symbols.SetConsoleCtrlHandler(null, 0);
  Deno.addSignalListener("SIGINT", () => {});
  Deno.addSignalListener("SIGBREAK", () => {});
  const child = new Deno.Command(command, { args: [...args], stdout: "piped", stderr: "piped" })
    .spawn();
  const output = child.output();
  while (!isThere(folder, sign)) await new Promise((resolve) => setTimeout(resolve, 50));
  // Sends the key to every process of this console.
  if (symbols.GenerateConsoleCtrlEvent(EVENTS[key], 0) === 0) {
    child.kill("SIGKILL");
    throw new Error(`${key} cannot be pressed here`);
  }
  const { code, stdout, stderr } = await output;
  const decoder = new TextDecoder();
  return { status: code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

function isThere(folder: string, sign: string): boolean {
  try {
    return [...Deno.readDirSync(folder)].some(({ name }) => name.startsWith(sign));
  } catch {
    return false;
  }
}

if (import.meta.main) {
  const [order = "", result = ""] = Deno.args;
  Deno.writeTextFileSync(result, JSON.stringify(await drive(JSON.parse(order))));
  Deno.exit(0);
}
