package hostile

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/hostile.md")

// TestEveryItemHasAModule, and every module an item of the list or none, and a
// name of its own.
func TestEveryItemHasAModule(t *testing.T) {
	have, names := make(map[string]int), make(map[string]bool)
	for _, m := range All() {
		have[m.Item]++
		if m.Item != "" && !slices.Contains(Items, m.Item) {
			t.Errorf("%s: the item %q is not on the list", m.Name, m.Item)
		}
		if names[m.Name] {
			t.Errorf("two are named %q", m.Name)
		}
		names[m.Name] = true
		if m.What == "" != (m.By == Nobody) {
			t.Errorf("%s: dealt with by %s as %q", m.Name, m.By, m.What)
		}
	}
	for _, item := range Items {
		if have[item] == 0 {
			t.Errorf("no module is an example of %q", item)
		}
	}
}

// TestPage: docs/hostile.md is this list.
func TestPage(t *testing.T) {
	const name = "../../../../docs/hostile.md"
	want := page(All())
	if *update {
		if err := os.WriteFile(name, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(name); err != nil || string(got) != want {
		t.Errorf("docs/hostile.md is not what the list says (%v): go test ./host/wasm/wasmtest/hostile -update", err)
	}
}

func page(all []Module) string {
	var b strings.Builder
	b.WriteString(`# Hostile modules

What an uploaded module may try, and what becomes of it. This page is written by the tests from the list that they try (` + "`host/wasm/wasmtest/hostile`" + `): each module goes to the gate, to the sandbox, and by HTTP to the service, which must answer as it says here, and go on answering others. What a good request takes beside them: [ADR 10](adr/0010-long-calls-get-gas-by-slices.md). What the worst modules that break no rule take the compiler: [ADR 9](adr/0009-the-compiler-is-another-process.md).

A module that is *refused* gets 422 ` + "`plugin-rejected`" + ` at upload, with the rule or check that it did not pass. A *call* that fails gets 422 with the kind of fault, and nobody else notices. A module marked ● would take the compiler more than its share if the gate were not there, and is given to it, too: the compiler's process ends, which is reported as the module's fault.

What no trial can refuse is a module whose *values* are wrong later: one that looks ahead, or whose ` + "`ta_bar`" + ` gives others than its ` + "`ta_run`" + `, only over more bars than it was tried with. It deceives those who call it, harms nobody else, and still gives the same answer to the same request. The comparison of a candidate sees it on real calls, and ` + "`techanalysis plugin test`" + ` with longer cases of one's own before that.

`)
	table := func(item string) {
		for _, m := range all {
			if m.Item == item {
				fmt.Fprintf(&b, "| %s%s | %d | %s |\n", m.Name, map[bool]string{true: " ●"}[m.Bomb], len(m.Bytes), m.outcome())
			}
		}
	}
	const head = "| module | bytes | what becomes of it |\n|---|---|---|\n"
	for _, item := range Items {
		fmt.Fprintf(&b, "## %s\n\n%s", item, head)
		table(item)
		b.WriteString("\n")
	}
	b.WriteString("## Beside these\n\n" + head)
	table("")
	return b.String()
}

// outcome says what becomes of a module.
func (m Module) outcome() string {
	switch m.By {
	case Gate:
		s := fmt.Sprintf("refused by the gate's rule `%s`", m.What)
		if m.Allowed > 0 {
			s += fmt.Sprintf(": %d, at most %d allowed", m.Found, m.Allowed)
		}
		return s
	case Check:
		return fmt.Sprintf("refused by the check `%s`", m.What)
	case Library:
		return fmt.Sprintf("refused by the library: `%s`", m.What)
	case Call:
		return fmt.Sprintf("a call of more than %d bars fails: `%s`", LateBars, m.What)
	}
	return "answers as it describes: what it tries has no effect"
}
