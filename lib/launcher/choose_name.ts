/**
 * The part of the launcher that parses the words of a command line.
 *
 * It is at the top level of the script, because bash copies a function after it has parsed it.
 * Lists of words are strings, which a shell parses faster than patterns.
 *
 * @module
 */
import {
  type Letters,
  MAX_NAME_CHARACTERS,
  MAX_WORDS,
  NAME_CHARACTERS,
  NAMED_FLAGS,
  type WordTables,
} from "./command_words.ts";

/**
 * Returns the lines of shell code that do the same as `readWords()` and `shortcutName()` of
 * `command_words.ts`: they set `kl_name` to the name of the shortcut for the script's arguments, or
 * leave it empty.
 */
export function chooseName(tables: WordTables): readonly string[] {
  const flags = (names: readonly string[]) => list(names.map((name) => `--${name}`));
  const refused = flags([...tables.refusedFlags, "client", ...NAMED_FLAGS]);
  return `
# Finds kl_name, the name of the shortcut. kl_wait is the flag whose value is the next word; "no" if
# only kuberlr can parse the line.
kl_name='' kl_kind='' kl_command='' kl_wait='' kl_context='' kl_kubeconfig=''
${setLetters("", tables.letters)}
kl_servers=${list(tables.server)}
kl_refused=${refused}
kl_valued=${flags(tables.valueFlags)}
if [ $# -le ${MAX_WORDS} ]; then
  for kl_word do
    case $kl_wait:$kl_word in
    *--kuberc* | value:-- | context:-- | kubeconfig:-- | context: | kubeconfig:)
      kl_wait=no
      break ;;
    :*) ;;
    *)
      case $kl_wait in
      context) kl_context=$kl_word ;;
      kubeconfig) kl_kubeconfig=$kl_word ;;
      esac
      kl_wait=
      continue ;;
    esac
    case $kl_word in
    --) break ;;
    --context=?*) kl_context=\${kl_word#*=} ;;
    --kubeconfig=?*) kl_kubeconfig=\${kl_word#*=} ;;
    --context | --kubeconfig) kl_wait=\${kl_word#--} ;;
    -n | --namespace) kl_wait=value ;;
    -n* | --namespace=*) ;;
    '' | -) [ "$kl_kind" = completion ] || { kl_wait=no; break; } ;;
    --*)
      kl_flag=\${kl_word%%=*}
      case \${kl_command:+:}$kl_flag in
      --* | :-- | :---* | *_* | *' '*) kl_wait=no; break ;;
      esac
      case $kl_command:$kl_kind:$kl_word in
      version:server:--client | version:server:--client=true | version:local:--client | \\
        version:local:--client=true)
        kl_kind=local
        continue ;;
      esac
      case $kl_refused in *" $kl_flag "*) kl_wait=no; break ;; esac
      case $kl_word in
      *=*) ;;
      *)
        case $kl_valued in
        *" $kl_flag "*) kl_wait=value ;;
        esac ;;
      esac ;;
    -*)
      case \${kl_command:+:}$kl_word in
      -*) kl_wait=no; break ;;
      :-[$kl_value]) kl_wait=value ;;
      :-[$kl_value]*) ;;
      :-*[!$kl_bare]*) kl_wait=no; break ;;
      esac ;;
    *)
      case \${kl_command:+:}$kl_kind in
      :group) kl_kind=server; continue ;;
      :*) continue ;;
      esac
      case $kl_word in
      __complete | __completeNoDesc) kl_kind=completion; continue ;;
${
    Object.entries(tables.lettersOf).map(([name, letters]) =>
      `      ${name}) ${setLetters("", letters)} ;;`
    ).join("\n")
  }
      esac
      kl_command=$kl_word
      case $kl_kind:$kl_word in
      :*' '*) kl_wait=no; break ;;
      :*) ;;
      *) continue ;;
      esac
      case $kl_servers in
      *" $kl_word "*) kl_kind=server; continue ;;
      esac
      case $kl_word in
      ${tables.groups.join(" | ")}) kl_kind=group ;;
      ${tables.local.join(" | ")}) kl_kind=local ;;
      *) kl_wait=no; break ;;
      esac ;;
    esac
  done
fi

case $kl_wait$kl_kind:$kl_context$kl_kubeconfig\${KUBECONFIG-} in
server: | local: | completion:) kl_name=$kl_kind ;;
server:* | local:* | completion:*)
  kl_name=$kl_kind
  for kl_word in "context=$kl_context" "kubeconfig=$kl_kubeconfig" "KUBECONFIG=\${KUBECONFIG-}"; do
    case $kl_word in
    context= | kubeconfig= | KUBECONFIG=) continue ;;
    context=-* | kubeconfig=-* | KUBECONFIG=-* | *[!${NAME_CHARACTERS.replace(/-$/, "/-")}]*)
      kl_name=
      break ;;
    esac
    while :; do
      case $kl_word in
      */*) kl_word=\${kl_word%%/*}%\${kl_word#*/} ;;
      *) break ;;
      esac
    done
    kl_name=$kl_name,$kl_word
  done
  [ \${#kl_name} -le ${MAX_NAME_CHARACTERS} ] || kl_name= ;;
esac`.split("\n");
}

function setLetters(indent: string, { value, bare }: Letters): string {
  return `${indent}kl_value=${value} kl_bare=${bare}`;
}

/** Returns a shell string with a blank on each side of every word. */
function list(words: readonly string[]): string {
  return `' ${words.join(" ")} '`;
}
