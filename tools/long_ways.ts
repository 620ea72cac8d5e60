/**
 * The long ways as one module, for the single file: what they share is in it once.
 *
 * @module
 */
export { runManagement } from "../lib/main/management.ts";
export { runWrapperMode } from "../lib/main/wrapper_mode.ts";
