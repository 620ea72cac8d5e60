/**
 * The completion scripts of the shells. Each passes the words to `kuberlr __complete`, and the
 * suggestions to its shell. completion.ts makes the suggestions; kubectl completes its own words.
 *
 * @module
 */
import type { SHELLS } from "./setup_specs.ts";

export type Shell = (typeof SHELLS)[number];

export function isShell(name: string): name is Shell {
  return name in SCRIPTS;
}

export function completionScript(shell: Shell): string {
  return SCRIPTS[shell];
}

// The bash 3.2 of macOS has neither mapfile nor compopt.
const BASH = script`# bash completion for kuberlr: eval "$(kuberlr completion bash)"
_kuberlr() {
    local program="@{COMP_WORDS[0]}" typed="@{COMP_WORDS[COMP_CWORD]}" line also=":nothing"
    local -a words=("@{COMP_WORDS[@]:1:COMP_CWORD}")
    COMPREPLY=()
    while IFS= read -r line; do
        case $line in
        :*) also=$line ;;
        *) COMPREPLY+=("@{line%%$'\t'*}") ;;
        esac
    done < <("$program" __complete "@{words[@]}" 2>/dev/null)
    case $also in
    :files) while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$typed") ;;
    :directories) while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -d -- "$typed") ;;
    :kubectl\ *)
        while IFS= read -r line; do
            case $line in
            :* | _activeHelp_*) ;;
            *) COMPREPLY+=("@{line%%$'\t'*}") ;;
            esac
        done < <("$program" kubectl __complete "@{words[@]:@{also#* }}" 2>/dev/null)
        ;;
    esac
}
complete -F _kuberlr kuberlr
`;

const ZSH = script`#compdef kuberlr
# zsh completion for kuberlr: source <(kuberlr completion zsh), after compinit
_kuberlr() {
    local line also=":nothing"
    local -a given=("@{(@)words[2,CURRENT]}") candidates
    for line in "@{(@f)$("@{words[1]}" __complete "@{(@)given}" 2>/dev/null)}"; do
        case $line in
        :*) also=$line ;;
        ?*) candidates+=("@{@{line%%$'\t'*}//:/\\:}:@{line#*$'\t'}") ;;
        esac
    done
    if [[ $also == ":kubectl "* ]]; then
        for line in "@{(@f)$("@{words[1]}" kubectl __complete "@{(@)given[@{also#* }+1,-1]}" 2>/dev/null)}"; do
            case $line in
            :* | _activeHelp_*) ;;
            *$'\t'*) candidates+=("@{@{line%%$'\t'*}//:/\\:}:@{line#*$'\t'}") ;;
            ?*) candidates+=("@{line//:/\\:}") ;;
            esac
        done
    fi
    (( @{#candidates} )) && _describe -V kuberlr candidates
    [[ $also == ":files" ]] && _files
    [[ $also == ":directories" ]] && _files -/
    return 0
}
if [[ $funcstack[1] == "_kuberlr" ]]; then _kuberlr "$@"; else compdef _kuberlr kuberlr; fi
`;

const FISH = script`# fish completion for kuberlr: kuberlr completion fish | source
function __kuberlr_complete
    set -l tokens (commandline -opc)
    set -l typed (commandline -ct)
    set -l program $tokens[1]
    set -l words $tokens[2..-1] "$typed"
    set -l also :nothing
    for line in ($program __complete $words 2>/dev/null)
        if string match -q ':*' -- $line
            set also $line
        else
            echo $line
        end
    end
    switch $also
        case ':files'
            __fish_complete_path "$typed"
        case ':directories'
            __fish_complete_directories "$typed"
        case ':kubectl *'
            set -l from (string replace ':kubectl ' '' -- $also)
            $program kubectl __complete $words[(math $from + 1)..-1] 2>/dev/null |
                string match -v -r -- '^(:|_activeHelp_)'
    end
end
complete -c kuberlr -f -a '(__kuberlr_complete)'
`;

// Windows PowerShell and PowerShell 7.2 drop empty arguments of programs.
const POWERSHELL = script`# PowerShell completion for kuberlr:
# kuberlr completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName kuberlr -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements |
        Where-Object { $_.Extent.StartOffset -lt $cursorPosition } |
        ForEach-Object { $_.Extent.Text })
    $program = $words[0]
    $words = @($words | Select-Object -Skip 1)
    if ($wordToComplete -eq '') {
        $words += if ($PSVersionTable.PSVersion -lt [version]'7.3') { '""' } else { '' }
    }
    $lines = @(& $program __complete @words 2>$null)
    $also = $lines | Where-Object { $_.StartsWith(':') } | Select-Object -Last 1
    $lines = @($lines | Where-Object { -not $_.StartsWith(':') })
    if ($also -like ':kubectl *') {
        $from = [int]$also.Split(' ')[1]
        $kubectls = @($words | Select-Object -Skip $from)
        $lines += @(& $program kubectl __complete @kubectls 2>$null |
            Where-Object { -not $_.StartsWith(':') -and -not $_.StartsWith('_activeHelp_') })
    }
    foreach ($line in $lines) {
        $value, $summary = $line.Split([char]9, 2)
        if (-not $summary) { $summary = $value }
        [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $summary)
    }
}
`;

/** Returns the raw text with `${` in place of `@{`: in a template, `${` is TypeScript's. */
function script({ raw: [text = ""] }: TemplateStringsArray): string {
  return text.replaceAll("@{", "${");
}

const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: BASH,
  zsh: ZSH,
  fish: FISH,
  powershell: POWERSHELL,
};
