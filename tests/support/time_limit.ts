/**
 * Gives every test a time limit, a location in its own file, and the usual umask. To be loaded with
 * `deno test --preload`.
 *
 * A test that hangs fails by its name after {@linkcode LIMIT_MS}, even in an endless loop. A module
 * that is not loaded by then fails, too. A test with a `timeout` of its own keeps it.
 * `TEST_LIMIT_MS` is another limit, in milliseconds.
 *
 * @module
 */

const LIMIT_MS = Number(Deno.env.get("TEST_LIMIT_MS")) || 100_000;

/**
 * Deno reports a test whose function has this property at that location, instead of where it was
 * registered.
 */
const LOCATION = Symbol.for("Deno.test.location");

const register = Deno.test;

function limited(...args: unknown[]): void {
  const fn = args.find((arg) => typeof arg === "function");
  const options = args.filter((arg) => typeof arg === "object");
  const [name] = args.filter((arg) => typeof arg === "string");
  const { fn: body = fn, ...rest } = Object.assign({}, ...options);
  const location = findLocation(new Error().stack ?? "");
  register({
    timeout: LIMIT_MS,
    name: name ?? body.name,
    ...rest,
    fn: Object.assign((t: Deno.TestContext) => body(t), location && { [LOCATION]: location }),
  });
}

/**
 * `file:///…/x_test.ts:7:6`, the innermost frame of a test file: the helpers that register tests
 * are not meant.
 */
function findLocation(stack: string): string | undefined {
  return /(file:\S+_test\.ts:\d+:\d+)/.exec(stack)?.[1];
}

Object.assign(Deno, { test: Object.assign(limited, register) });

// Kuberlr distrusts what others can write to: with another umask, every test's folder.
if (Deno.build.os !== "windows") Deno.umask(0o022);

const loading = setTimeout(() => {
  throw new Error(`a test file is not loaded after ${LIMIT_MS} ms`);
}, LIMIT_MS);
Deno.unrefTimer(loading);
Deno.test.beforeAll(() => clearTimeout(loading));
