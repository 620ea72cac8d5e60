/**
 * Preloaded before the tests where qemu emulates the processor: ignores tests that qemu-user cannot
 * run, with the reason in the name.
 *
 * @module
 */

const CANNOT: readonly (readonly [names: RegExp, reason: string])[] = [
  [/explains .* \(spawn\)/, "qemu does not report a failed exec to the parent"],
  [/SIG(?:ABRT|SEGV)|nohup|signals come to the end/, "qemu answers signals itself"],
];

const register = Deno.test as (...args: unknown[]) => void;

function test(...args: readonly unknown[]): void {
  const [first] = args;
  const name = typeof first === "string" ? first : (first as { readonly name?: string })?.name;
  const [, reason] = CANNOT.find(([names]) => name !== undefined && names.test(name)) ?? [];
  if (reason === undefined) return register(...args);
  register({ name: `${name} (ignored: ${reason})`, ignore: true, fn() {} });
}

Object.defineProperty(Deno, "test", { value: Object.assign(test, Deno.test) });
