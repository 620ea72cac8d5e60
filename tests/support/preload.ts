/**
 * Gives every test a time limit and a location in its own file, and the same environment and umask
 * on every machine. `deno test --preload` loads it.
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
 * Returns `file:///…/x_test.ts:7:6`, the innermost frame of a test file, so that helpers that
 * register tests are skipped.
 */
function findLocation(stack: string): string | undefined {
  return /(file:[^()\n]+_test\.ts:\d+:\d+)/.exec(stack)?.[1];
}

Object.assign(Deno, { test: Object.assign(limited, register) });

/**
 * Variables that the system needs to find programs and packages, and those that are for the tests.
 */
const KEPT = new RegExp(
  "^(?:PATH|HOME|TMPDIR|CI|XDG_CACHE_HOME|DENO\\w*|SSL_CERT_\\w+|NODE_EXTRA_CA_CERTS" +
    "|(?:HTTPS?|ALL|NO)_PROXY|npm_config_\\w+|\\w*TEST\\w*|KUBERLR_(?:STAND_IN|GO|WINDOWS_TREE)" +
    "|STD_CHECKOUT|KUBEBUILDER_\\w+|(?:FUZZ|MEMO|LAUNCHER|DIFFERENTIAL)_\\w+)$",
  "i",
);

// Windows has many variables of its own, and they differ between machines.
if (Deno.build.os !== "windows") {
  for (const name of Object.keys(Deno.env.toObject())) {
    if (!KEPT.test(name)) Deno.env.delete(name);
  }
  // kuberlr does not trust what others can write. With another umask, that is every test's folder.
  Deno.umask(0o022);
}

const loading = setTimeout(() => {
  throw new Error(`a test file is not loaded after ${LIMIT_MS} ms`);
}, LIMIT_MS);
Deno.unrefTimer(loading);
Deno.test.beforeAll(() => clearTimeout(loading));
