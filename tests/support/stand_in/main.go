// A fake kubectl for stories on Windows, where only an executable counts as a kubectl. It prints its version and its
// arguments, then follows a few commands of a shell. Version and commands are in JSON after MARK, at the end of the file.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"time"
)

// MARK is written in two parts, so that the program itself does not contain it.
var mark = "\nkuberlr-stand" + "-in\n"

type script struct {
	Version string `json:"version"`
	Then    string `json:"then"`
}

func main() {
	told := readScript()
	fmt.Printf("kubectl %s\n", told.Version)
	for _, arg := range os.Args[1:] {
		fmt.Printf("<%s>\n", arg)
	}
	for _, line := range strings.FieldsFunc(told.Then, func(r rune) bool { return r == ';' || r == '\n' }) {
		run(strings.TrimSpace(line))
	}
}

func readScript() script {
	path, err := os.Executable()
	check(err)
	content, err := os.ReadFile(path)
	check(err)
	at := bytes.LastIndex(content, []byte(mark))
	if at == -1 {
		check(fmt.Errorf("nothing stands behind the mark"))
	}
	var told script
	check(json.Unmarshal(content[at+len(mark):], &told))
	return told
}

// run follows one command: echo, cat, pwd, exit, or "await-key FILE", which makes the file and waits for Ctrl-C or
// Ctrl-Break.
func run(line string) {
	words := split(line)
	if len(words) == 0 {
		return
	}
	out := io.Writer(os.Stdout)
	if last := len(words) - 1; words[last] == ">&2" {
		out, words = os.Stderr, words[:last]
	}
	switch words[0] {
	case "echo":
		for i, word := range words {
			words[i] = os.Expand(word, variable)
		}
		fmt.Fprintln(out, strings.Join(words[1:], " "))
	case "cat":
		_, err := io.Copy(out, os.Stdin)
		check(err)
	case "pwd":
		folder, err := os.Getwd()
		check(err)
		fmt.Fprintln(out, folder)
	case "await-key":
		keys := make(chan os.Signal, 1)
		signal.Notify(keys, os.Interrupt)
		check(os.WriteFile(words[1], nil, 0o600))
		select {
		case <-keys:
			fmt.Fprintln(out, "a key")
		case <-time.After(30 * time.Second):
			check(fmt.Errorf("no key"))
		}
	case "exit":
		status := 0
		_, err := fmt.Sscan(words[1], &status)
		check(err)
		os.Exit(status)
	default:
		check(fmt.Errorf("%q is not one of its commands", line))
	}
}

func variable(name string) string {
	if name == "$" {
		return fmt.Sprint(os.Getpid())
	}
	return os.Getenv(name)
}

// split ends a word at a space outside of quotes, and removes the quotes.
func split(line string) []string {
	var words []string
	var word strings.Builder
	quote, inWord := rune(0), false
	for _, r := range line {
		switch {
		case r == quote:
			quote = 0
		case quote == 0 && (r == '\'' || r == '"'):
			quote, inWord = r, true
		case quote == 0 && r == ' ':
			if inWord {
				words = append(words, word.String())
			}
			word.Reset()
			inWord = false
		default:
			word.WriteRune(r)
			inWord = true
		}
	}
	if inWord {
		words = append(words, word.String())
	}
	return words
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "stand-in:", err)
		os.Exit(99)
	}
}
