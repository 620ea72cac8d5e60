/**
 * A kubectl that counts one signal until another comes: `count_signals.ts COUNTED LAST`. It ends
 * with status 9.
 *
 * @module
 */
const [counted, last] = Deno.args as [Deno.Signal, Deno.Signal];
let count = 0;
Deno.addSignalListener(counted, () => say(`caught ${++count}`));
Deno.addSignalListener(last, () => {
  say(`${count} in all.`);
  Deno.exit(9);
});
// Keeps the process alive; the test ends long before this fires.
setTimeout(() => {}, 600_000);
say(`ready ${Deno.pid} ${Deno.ppid}.`);

function say(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}
