/**
 * Removes the paths of the build machine from a bundle. The bundler names each module by its path
 * from the working directory, and npm packages are in Deno's cache, under the name of their
 * registry. With these paths, a build on another machine would differ, and would disclose them.
 *
 * @module
 */

/**
 * Replaces `../../home/me/.cache/deno/npm/registry.example/js-yaml/4.3.2/…` by
 * `npm:js-yaml/4.3.2/…`.
 */
export function withoutMachinePaths(bundle: string): string {
  return bundle.replaceAll(CACHED_PACKAGE, "$1npm:");
}

/**
 * Matches a path up to the package's name, in a comment or in a string, where characters may be
 * escaped. On Windows, the cache may be on another drive.
 */
const CACHED_PACKAGE =
  /(^\/\/ |["'`])(?:\.\.?\/|\/|[A-Za-z]:\/)(?:\\.|(?!\1)[^\\\n])*?\/npm\/(?:(?!\1)[^\/\s])+\/(?=(?:@[^\/\s"'`\\]+\/)?[^\/\s"'`\\]+\/\d+\.\d+\.\d+)/gm;
