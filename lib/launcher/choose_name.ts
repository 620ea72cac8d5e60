/**
 * The part of the launcher that reads the words of a command line.
 *
 * @module
 */
import {
  type Letters,
  MOST_NAME_CHARACTERS,
  MOST_WORDS,
  NAME_CHARACTERS,
  type WordTables,
} from "./command_words.ts";

/** `readWords()` and `shortcutName()` of `command_words.ts` in shell. */
export function chooseName(tables: WordTables): readonly string[] {
  const flags = (names: readonly string[]) => names.map((name) => `--${name}`).join(" | ");
  const words = (names: readonly string[]) => names.join(" | ");
  return `
# Sets kl_name to the name of the shortcut for these words, where they tell it for certain.
kl_choose() {
  [ $# -le ${MOST_WORDS} ] || return 0
  kl_kind='' kl_command='' kl_wait='' kl_context='' kl_kubeconfig=''
${setLetters("  ", tables.letters)}
  for kl_word do
    case $kl_word in *--kuberc*) return 0 ;; esac
    case $kl_wait in
    '') ;;
    *)
      [ "$kl_word" != -- ] || return 0
      case $kl_wait in
      context) kl_context=$kl_word; [ -n "$kl_word" ] || return 0 ;;
      kubeconfig) kl_kubeconfig=$kl_word; [ -n "$kl_word" ] || return 0 ;;
      esac
      kl_wait=
      continue ;;
    esac
    case $kl_word in
    --) break ;;
    '' | -) [ "$kl_kind" = completion ] || return 0 ;;
    --*)
      kl_flag=\${kl_word%%=*}
      case $kl_flag in
      *_* | ---* | --) return 0 ;;
      --context | --kubeconfig | --namespace)
        case $kl_word in
        *=)
          [ "$kl_flag" = --namespace ] || return 0 ;;
        --context=*) kl_context=\${kl_word#*=} ;;
        --kubeconfig=*) kl_kubeconfig=\${kl_word#*=} ;;
        --namespace=*) ;;
        *) kl_wait=\${kl_flag#--} ;;
        esac ;;
      *)
        [ -n "$kl_command" ] || return 0
        case $kl_flag in
        ${flags(tables.refusedFlags)})
          return 0 ;;
        --client)
          [ "$kl_command$kl_kind" != versioncompletion ] || return 0
          [ "$kl_command" = version ] || return 0
          case $kl_word in --client | --client=true) kl_kind=local ;; *) return 0 ;; esac ;;
        ${flags(tables.valueFlags)})
          case $kl_word in *=*) ;; *) kl_wait=value ;; esac ;;
        esac ;;
      esac ;;
    -n) kl_wait=value ;;
    -n*) ;;
    -*)
      [ -n "$kl_command" ] || return 0
      case $kl_word in
      -[$kl_value]) kl_wait=value ;;
      -[$kl_value]*) ;;
      *) case \${kl_word#-} in *[!$kl_bare]*) return 0 ;; esac ;;
      esac ;;
    *)
      if [ -n "$kl_command" ]; then
        [ "$kl_kind" != group ] || kl_kind=server
        continue
      fi
      case $kl_word in __complete | __completeNoDesc) kl_kind=completion; continue ;; esac
      kl_command=$kl_word
      case $kl_word in
${
    Object.entries(tables.lettersOf).map(([name, letters]) =>
      `      ${name})\n${setLetters("        ", letters)} ;;`
    ).join("\n")
  }
      esac
      [ "$kl_kind" != completion ] || continue
      case $kl_word in
      ${words(tables.server)})
        kl_kind=server ;;
      ${words(tables.groups)}) kl_kind=group ;;
      ${words(tables.local)}) kl_kind=local ;;
      *) return 0 ;;
      esac ;;
    esac
  done
  [ -z "$kl_wait" ] || return 0
  case $kl_kind in '' | group) return 0 ;; esac
  kl_add "$kl_kind" context "$kl_context" && kl_add "$kl_made" kubeconfig "$kl_kubeconfig" &&
    kl_add "$kl_made" KUBECONFIG "\${KUBECONFIG-}" && kl_name=$kl_made
  [ \${#kl_name} -le ${MOST_NAME_CHARACTERS} ] || kl_name=
}

# Sets kl_made to the name $1 with what $2 and $3 say.
kl_add() {
  kl_made=$1
  case $3 in
  '') return 0 ;;
  -* | *[!${NAME_CHARACTERS.replace(/-$/, "/-")}]*) return 1 ;;
  esac
  kl_rest=$3
  while :; do
    case $kl_rest in
    */*) kl_rest=\${kl_rest%%/*}%\${kl_rest#*/} ;;
    *) break ;;
    esac
  done
  kl_made=$1,$2=$kl_rest
}`.split("\n");
}

function setLetters(indent: string, { value, bare }: Letters): string {
  return `${indent}kl_value=${value} kl_bare=${bare}`;
}
