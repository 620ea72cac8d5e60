/**
 * The launcher: the shell script that `kuberlr link` installs as `kubectl`. It follows a shortcut
 * by itself, and starts kuberlr for everything else.
 *
 * Every variable and function begins with `kl_`: a value that a script assigns to a variable of the
 * environment would reach kubectl. `docs/dev/handoff.md` says how each shell changes an
 * environment.
 *
 * @module
 */
import type { WordTables } from "./command_words.ts";
import { chooseName } from "./choose_name.ts";
import { AS_KUBECTL } from "../invocation.ts";
import {
  ALWAYS_KEPT,
  KEPT_IF_FILE,
  KEPT_IF_RELATIVE,
  KEPT_PREFIX,
  KEPT_VARIABLE_LIST,
} from "../handoff/kept_variables.ts";
import { LAUNCHER_MARK } from "./mark.ts";
import { quoteShellWord } from "../output/shell_word.ts";
import { STAT_FORMATS, type StatFlavor } from "./stat_format.ts";

export interface LauncherOptions {
  /** The interpreter for `#!`, with its flags. */
  readonly interpreter: string;
  /** The version of this kuberlr. */
  readonly version: string;
  /** The program that starts kuberlr, and its first arguments. */
  readonly command: readonly string[];
  /** The file that kuberlr runs from; `undefined`: shortcuts are not followed. */
  readonly program: string | undefined;
  /** The `stat` command; `undefined`: shortcuts are not followed. */
  readonly stat: { readonly path: string; readonly flavor: StatFlavor } | undefined;
  /** The clock: a folder whose modification time is the current time, or the `date` command. */
  readonly clock: { readonly folder: string } | { readonly date: string };
}

/** Returns the launcher's text. */
export function renderLauncher(options: LauncherOptions, tables: WordTables): string {
  const { interpreter, version, program, stat } = options;
  const follows = program !== undefined && stat !== undefined;
  const head = [
    `#!${interpreter}`,
    `# ${LAUNCHER_MARK}, ${version}`,
    "# Becomes the kubectl that kuberlr remembers for such a command, and kuberlr for all others.",
    "",
    "kl_asked=''",
  ];
  return [
    ...head,
    ...(follows ? [...chooseName(tables), ...followShortcut(options, program, stat)] : []),
    ...startKuberlr(options.command, [`${AS_KUBECTL}"$kl_asked"`]),
    "",
  ].join("\n");
}

/**
 * Returns the text of the script `kuberlr` beside a launcher, for a kuberlr that runs from source.
 */
export function renderStarter(
  { interpreter, version, command }: Pick<
    LauncherOptions,
    "interpreter" | "version" | "command"
  >,
): string {
  return [
    `#!${interpreter}`,
    `# ${LAUNCHER_MARK}, ${version}`,
    ...startKuberlr(command, []),
    "",
  ].join("\n");
}

/** The shortcut is opened as stdin. */
const OPENED = "/dev/fd/0";

/**
 * Returns the lines that check and follow a shortcut. A shortcut is trusted only if no other user
 * could have written it: by the rule of `files/trust.ts`, and without any link in its path. It is
 * read as data until `stat` has reported its owner. It names kubectl, which runs with the user's
 * stdin.
 *
 * The folders of kuberlr must belong to the user, and must not be writable by every user. The
 * folders above may also belong to root or to the owner of `/`, and may be sticky.
 */
function followShortcut(
  { clock, interpreter }: LauncherOptions,
  program: string,
  stat: NonNullable<LauncherOptions["stat"]>,
): readonly string[] {
  const { args, environment, privateFile, closedFolder, stickyFolder } = STAT_FORMATS[stat.flavor];
  const command = [stat.path, ...args].map(quoteShellWord).join(" ");
  const hasFolder = "folder" in clock;
  const ownFolder = `"$kl_user "${closedFolder}" "*`;
  const foldersAbove = [closedFolder, stickyFolder].flatMap((mode) =>
    [`"0 "`, `"$kl_user "`, `"$kl_system "`].map((owner) => `${owner}${mode}" "*`)
  ).join(" | \\\n      ");
  const files = `${hasFolder ? `${quoteShellWord(clock.folder)} ` : ""}${quoteShellWord(program)}`;
  return `
kl_tab='	'
kl_newline='
'

# Succeeds if the first lines of stat show that no other user can have written the shortcut. Leaves
# the other lines in kl_seen.
kl_verify() {
  kl_user=\${1%% *}
  case $1/$2/$3/$4 in
  "$kl_user "${privateFile}" $kl_size "*/${ownFolder}/${ownFolder}/${ownFolder}) ;;
  *) return 1 ;;
  esac
  shift 4
  kl_system=\${1%% *}
  for kl_part in $kl_above; do
    case $1 in
    ${foldersAbove}) ;;
    *) return 1 ;;
    esac
    shift
  done
${
    hasFolder
      ? `  [ $# -gt 0 ] || return 1\n  kl_now=\${1#* * * } kl_now=\${kl_now%%[. ]*}\n  shift\n`
      : ""
  }  kl_seen=$*
}

if [ -n "$kl_name" ]; then
  kl_asked="=$kl_name.${stat.flavor}" kl_head='' kl_seen='' kl_now='' kl_run=''
  kl_home=\${HOME-}/.kuberlr kl_cache=\${HOME-}/.kuberlr/cache
  kl_memo=$kl_cache/memo kl_file=$kl_cache/memo/$kl_name.${stat.flavor}
  # shellcheck disable=SC2166
  case \${HOME-} in
  *[$kl_newline$kl_tab]*) ;;
  /*)
    # It is opened once, so the file that stat checks is the file that runs, even if a folder is
    # renamed in between.
    [ ! -O "$kl_file" -o ! -f "$kl_file" -o -h "$kl_file" -o -h "$kl_memo" -o -h "$kl_cache" \\
      -o -h "$kl_home" ] || {
      [ -O ${OPENED} ] && IFS= read -r kl_head || kl_head=''
      case $kl_head in
      "#1 "[0-9]*"$kl_tab"*)
        kl_size=\${kl_head#"#1 "} kl_size=\${kl_size%%"$kl_tab"*}
        kl_path='' kl_above=/
        set -f
        IFS=/
        for kl_part in \${HOME#/}; do
          kl_path=$kl_path/$kl_part
          if [ -h "$kl_path" ]; then
            kl_above=''
            break
          fi
          kl_above=$kl_above$kl_tab$kl_path
        done
        IFS=$kl_newline$kl_tab
        # shellcheck disable=SC2086
        [ -z "$kl_above" ] || kl_seen=$(
          ${environment} exec ${command} ${OPENED} "$kl_memo" "$kl_cache" "$kl_home" $kl_above \\
            ${files} \${kl_head#*"$kl_tab"} 2>&-
        )
        # shellcheck disable=SC2086
        kl_verify $kl_seen ${
    hasFolder ? "|| kl_now=''" : `&& kl_now=$(${quoteShellWord(clock.date)} +%s)`
  }
        IFS=" $kl_tab$kl_newline"
        set +f
        ;;
      esac
      case $kl_now in
      '' | *[!0-9]*) ;;
      *)
        # shellcheck source=/dev/null
        . ${OPENED} ;;
      esac
    } <"$kl_file" ;;
  esac
  if [ -n "$kl_run" ]; then
${closeOwnScript(interpreter)}    exec "$kl_run" "$@"
  fi
fi`.split("\n");
}

/** If stderr is closed, bash opens the script as descriptor 2, and kubectl would inherit it. */
function closeOwnScript(interpreter: string): string {
  return /\bbash\b/.test(interpreter)
    ? `    # shellcheck disable=SC3013\n    [ ! /dev/fd/2 -ef "$0" ] || exec 2>&-\n`
    : "";
}

/**
 * Returns the lines that start kuberlr, or say why it cannot start: Deno's message does not help.
 *
 * @param more shell words between those of the command and the user's
 */
function startKuberlr(
  [program = "", ...words]: readonly string[],
  more: readonly string[],
): readonly string[] {
  const module = words.at(-1)?.startsWith("/") ? quoteShellWord(words.at(-1)!) : undefined;
  return `
kl_start=${quoteShellWord(program)}
kl_gone=''
[ -x "$kl_start" ] || kl_gone=$kl_start
${module === undefined ? "" : `[ -e ${module} ] || kl_gone=${module}\n`}if [ -n "$kl_gone" ]; then
  echo "kuberlr: error: Cannot start kuberlr: \\"$kl_gone\\" is not there" >&2
  echo "kuberlr: hint: Install it again and run \\"kuberlr link\\", or remove \\"$0\\"" >&2
  exit 127
fi
${refuseToStart([program, ...words]).join("\n")}
${hideVariables().join("\n")}
exec ${['"$kl_start"', ...words.map(quoteShellWord), ...more, '"$@"'].join(" ")}`.split("\n");
}

/**
 * Returns the lines that end the script with an error where Deno would not start. The `deno`
 * command raises its limit of open files to the hard one, an executable does not.
 */
function refuseToStart({ length }: LauncherOptions["command"]): readonly string[] {
  const limit = length === 1 ? "-n" : "-H -n";
  return `if [ ! -d "\${PWD-}" ] && [ -z "$(pwd -P 2>/dev/null)" ]; then
  echo 'kuberlr: error: Cannot start kuberlr: the working directory has been deleted' >&2
  echo 'kuberlr: hint: Change to another directory: cd' >&2
  exit 125
fi
# shellcheck disable=SC3045
case $(ulimit ${limit} 2>/dev/null) in
[0-9] | [12][0-9])
  echo 'kuberlr: error: Cannot start kuberlr: the limit of open files is too low' >&2
  echo 'kuberlr: hint: Raise it, or open a new shell: ulimit -n 1024' >&2
  exit 125
  ;;
esac`.split("\n");
}

/**
 * Returns the lines that rename the variables which change what Deno runs. kuberlr gives them their
 * names back for kubectl.
 */
function hideVariables(): readonly string[] {
  return `# Variables for Node and Deno are for kubectl and its plugins, not for kuberlr's own runtime.
kl_kept='' kl_more=''
case \${${KEPT_IF_RELATIVE}-/} in /*) ;; *) kl_more=${KEPT_IF_RELATIVE} ;; esac
[ ! -e "\${${KEPT_IF_FILE}-}" ] || [ -d "$${KEPT_IF_FILE}" ] || kl_more="$kl_more ${KEPT_IF_FILE}"
for kl_variable in ${ALWAYS_KEPT.join(" ")} $kl_more; do
  eval "kl_set=\\\${$kl_variable+x}"
  [ -n "$kl_set" ] || continue
  eval "${KEPT_PREFIX}$kl_variable=\\\$$kl_variable"
  # shellcheck disable=SC2163
  export "${KEPT_PREFIX}$kl_variable"
  unset "$kl_variable"
  kl_kept=$kl_kept:$kl_variable
done
[ -z "$kl_kept" ] || export ${KEPT_VARIABLE_LIST}="$kl_kept"`.split("\n");
}
