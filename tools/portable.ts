/**
 * Takes the build machine out of a bundle. The bundler names each module by its path from the
 * working directory, and npm packages lie in Deno's cache, under the name of the registry they came
 * from: the same source made on another machine would be another file, and would tell whose it was.
 *
 * @module
 */

/** `../../home/me/.cache/deno/npm/registry.example/js-yaml/4.3.2/…` -> `npm:js-yaml/4.3.2/…` */
export function withoutMachinePaths(bundle: string): string {
  return bundle.replace(CACHED_PACKAGE, "npm:");
}

/**
 * Up to the package's name and version; the cache may be anywhere, and on Windows on another drive.
 */
const CACHED_PACKAGE =
  /(?:\.\.?\/|\/|[A-Za-z]:\/)[^\s"'`\\]*?\/npm\/[^\/\s"'`\\]+\/(?=(?:@[^\/\s"'`\\]+\/)?[^\/\s"'`\\]+\/\d+\.\d+\.\d+)/g;
