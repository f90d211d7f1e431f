package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gravitywavesml/gravity_techanalysis/host/plugin"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm"
	"github.com/gravitywavesml/gravity_techanalysis/sdk/tck"
)

// newPluginTest holds a module to more than an upload does, offline.
func newPluginTest(io streams) *cobra.Command {
	var (
		file   string
		asJSON bool
	)
	cmd := &cobra.Command{
		Use:   "test FILE.wasm",
		Short: "Check a module, try what it claims on series of every kind, and compare it with known numbers",
		Long: "Put a module through the service's checks; then try the rules that plugins obey, and what its description claims, " +
			"on series of every kind and with each parameter at its ends; find the longest call; and compare its outputs with the cases " +
			"in NAME_cases.json beside NAME.wasm, where there is such a file (sdk/tck/README.md has its format).\n\n" +
			"The exit code is 1 if the module would be refused, breaks a rule, or differs from a case.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			module, err := os.ReadFile(args[0])
			if err != nil {
				return err
			}
			t := tested{Cases: tests{File: file}}
			if file == "" {
				t.Cases.File = casesBeside(args[0])
			}
			cases, err := readCases(t.Cases.File)
			if err != nil && (file != "" || !errors.Is(err, fs.ErrNotExist)) {
				return err
			}
			err = t.run(cmd.Context(), module, cases)
			switch {
			case errors.Is(err, tck.ErrCases):
				return fmt.Errorf("%s: %w", t.Cases.File, err)
			case err != nil:
				return refused(io.out, args[0], err, asJSON)
			}
			write := t.writeTable
			if asJSON {
				write = t.writeJSON
			}
			if err := write(io.out); err != nil || t.Passed {
				return failed(err)
			}
			return failed(fmt.Errorf("%s: %s", args[0], t.verdict()))
		},
	}
	cmd.Flags().StringVar(&file, "cases", "", "`FILE` of cases; unless given NAME_cases.json beside NAME.wasm")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON; for a module that is refused, the refusal")
	return cmd
}

// casesBeside is the file that has the cases of a module's file.
func casesBeside(module string) string {
	return strings.TrimSuffix(module, filepath.Ext(module)) + "_cases.json"
}

func readCases(file string) (*tck.Cases, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	cases, err := tck.ParseCases(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return cases, nil
}

// tested is what came of all tests of a module.
type tested struct {
	Plugin  plugin.Version `json:"plugin"`
	Laws    []tck.Law      `json:"laws"`
	Longest longest        `json:"longest_call"`
	Cases   tests          `json:"cases"`
	Passed  bool           `json:"passed"`
}

// longest is the most bars of a call at default parameters.
type longest struct {
	Bars int    `json:"bars"`
	Why  string `json:"why,omitempty"` // a call of one bar more is refused, where there is room for it
}

type tests struct {
	File    string       `json:"file"`
	Results []tck.Result `json:"results"` // null where there is no such file
}

// run tries everything. cases is nil where there are none.
func (t *tested) run(ctx context.Context, module []byte, cases *tck.Cases) error {
	return inWorkshop(func(dir string) error {
		o, err := openOffline(ctx, dir)
		if err != nil {
			return err
		}
		defer o.close()
		v, m, err := o.upload(ctx, module)
		if err != nil {
			return err
		}
		t.Plugin, t.Plugin.State = v, ""
		if cases != nil { // what is wrong with the file is said at once
			if t.Cases.Results, err = cases.Run(ctx, m); err != nil {
				return err
			}
		}
		if t.Laws, err = tck.Laws(ctx, m, v.Report.MaxBars); err != nil {
			return err
		}
		if err := t.stretch(ctx, m); err != nil {
			return err
		}
		t.Passed = t.verdict() == ""
		return nil
	})
}

// stretch finds the longest call.
func (t *tested) stretch(ctx context.Context, m *wasm.Module) error {
	args, err := m.Spec().Args(nil)
	if err != nil {
		return err
	}
	for _, most := range []int{t.Plugin.Report.MaxBars, wasm.MaxSeries} {
		if m.Takes(most) != nil {
			break
		}
		bars, why, err := tck.Longest(ctx, m, args, most)
		t.Longest.Bars = bars
		if why != nil {
			t.Longest.Why = why.Error()
		}
		if why != nil || err != nil {
			return err
		}
	}
	return nil
}

// verdict says what is wrong, or nothing.
func (t *tested) verdict() string {
	var wrong []string
	for _, law := range t.Laws {
		if !law.Kept {
			wrong = append(wrong, law.Name)
		}
	}
	var text []string
	if len(wrong) > 0 {
		text = append(text, "it breaks the rule of "+strings.Join(wrong, ", of "))
	}
	if n := t.differ(); n > 0 {
		text = append(text, fmt.Sprintf("%d of %d cases differ", n, len(t.Cases.Results)))
	}
	return strings.Join(text, ", and ")
}

// differ is how many cases did.
func (t *tested) differ() (n int) {
	for i := range t.Cases.Results {
		if !t.Cases.Results[i].Passed() {
			n++
		}
	}
	return n
}

func (t *tested) writeJSON(w io.Writer) error { return json.NewEncoder(w).Encode(t) }

func (t *tested) writeTable(w io.Writer) error {
	v := t.Plugin
	rows := [][2]string{
		{"plugin", v.Name + " " + v.Version},
		{"digest", v.Digest},
		{"checks", strings.Join(v.Report.Checks, ", ")},
	}
	if len(v.Report.Untried) > 0 {
		rows = append(rows, [2]string{"untried", strings.Join(v.Report.Untried, ", ")})
	}
	for _, law := range t.Laws {
		text := "kept"
		switch {
		case !law.Kept:
			text = "BROKEN " + law.Broken
		case !law.Exact:
			text = fmt.Sprintf("kept up to rounding (%v of the largest value)", tck.Near)
		}
		rows = append(rows, [2]string{law.Name, text})
	}
	text := fmt.Sprintf("at most %d bars", t.Longest.Bars)
	if t.Longest.Why != "" {
		text += "; one more, and " + t.Longest.Why
	}
	rows = append(rows, [2]string{"calls", text}, [2]string{"cases", t.casesText()})
	for i := range t.Cases.Results {
		if r := &t.Cases.Results[i]; !r.Passed() {
			rows = append(rows, [2]string{"", "DIFFERS " + r.String()})
		}
	}
	return writeRows(w, rows)
}

func (t *tested) casesText() string {
	all := len(t.Cases.Results)
	if all == 0 {
		return "none: there is no " + t.Cases.File
	}
	ulp, share := uint64(0), 0.0
	for _, r := range t.Cases.Results {
		ulp, share = max(ulp, r.ULP), max(share, r.Share)
	}
	text := fmt.Sprintf("%d of %d as in %s", all-t.differ(), all, t.Cases.File)
	if ulp > 0 {
		text += fmt.Sprintf("; the largest differences are %d ulp, and %.1g of the largest value", ulp, share)
	}
	return text
}
