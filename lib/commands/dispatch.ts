/**
 * Runs management commands. Each is imported when it is called.
 *
 * @module
 */
import { parseCommandLine } from "../cli/command_line.ts";
import type { Host } from "../ports/host.ts";

/**
 * Parses the arguments and runs the command.
 *
 * @returns the exit status
 * @throws {KuberlrError} `usage`, and every failure of the command
 */
export async function runCommand(args: readonly string[], host: Host): Promise<number> {
  if (args[0] === "__complete") {
    return await (await import("./complete.ts")).complete(args.slice(1), host);
  }
  const line = parseCommandLine(args);
  if (line.kind === "help") return (await import("./help.ts")).help(line.command, host);
  switch (line.command.name) {
    case "bins":
      return await (await import("./bins.ts")).bins(line, host);
    case "config":
      return await (await import("./config.ts")).config(line, host);
    case "skew":
      return (await import("./skew.ts")).skew(line, host);
    case "completion":
      return (await import("./completion.ts")).completion(line, host);
    case "version":
      return (await import("./version.ts")).version(line, host);
    case "link":
      return await (await import("./link.ts")).link(line, host);
    case "unlink":
      return (await import("./unlink.ts")).unlink(line, host);
    case "prune":
      return await (await import("./prune.ts")).prune(line, host);
    case "get":
      return await (await import("./get.ts")).get(line, host);
    case "which":
      return await (await import("./which.ts")).which(line, host);
    case "explain":
      return await (await import("./explain.ts")).explain(line, host);
    case "clusters":
      return await (await import("./clusters.ts")).clusters(line, host);
    case "doctor":
      return await (await import("./doctor.ts")).doctor(line, host);
    case "kubectl":
    case "help":
      throw new Error(`"${line.command.name}" cannot be run here`);
  }
}
