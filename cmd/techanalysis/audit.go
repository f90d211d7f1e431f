package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gravitywavesml/gravity_techanalysis/host/audit"
)

// newAudit groups what is done with audit logs.
func newAudit(io streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "audit",
		Short: "Write the audit log of a service to a file, and check such a file",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newAuditExport(io), newAuditVerify(io))
	return cmd
}

// newAuditVerify checks a log.
func newAuditVerify(io streams) *cobra.Command {
	var (
		anchors []string
		asJSON  bool
	)
	cmd := &cobra.Command{
		Use:   "verify FILE...",
		Short: "Say whether an audit log is whole, and which entry is the first that is wrong",
		Long: "Say whether an audit log is whole, and which entry is the first that is wrong. The files are the parts of one log in order; - is standard input.\n" +
			"What was cut off at the end shows only with an --anchor: the number and hash of an entry, as head of GET /api/v1/audit and the log of the service have it.\n" +
			"A log that does not begin with its first entry needs the anchor of the entry before.",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, files []string) error {
			v := verification{chain: audit.Chain{}}
			for _, text := range anchors {
				a, err := anchorOf(text)
				if err != nil {
					return err
				}
				v.anchors = append(v.anchors, a)
			}
			for _, file := range files {
				if err := v.file(io.in, file); err != nil {
					return err
				}
			}
			v.end(files[len(files)-1])
			if asJSON {
				if err := json.NewEncoder(io.out).Encode(v.verdict); err != nil {
					return failed(err)
				}
			}
			if !v.Whole {
				return failed(v.broken())
			}
			if asJSON {
				return nil
			}
			if v.Entries == 0 {
				return failed(writeRows(io.out, [][2]string{{"whole", "no entries"}}))
			}
			return failed(writeRows(io.out, [][2]string{
				{"whole", fmt.Sprintf("%d entries, from %d to %d", v.Entries, v.First, v.Head.Seq)},
				{"head", fmt.Sprintf("%d:%s", v.Head.Seq, v.Head.Hash)},
			}))
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&anchors, "anchor", nil, "`NUMBER:HASH` of an entry that the log must have; may be given several times")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// anchorOf reads NUMBER:HASH.
func anchorOf(text string) (audit.Head, error) {
	number, hash, _ := strings.Cut(text, ":")
	seq, err := strconv.ParseInt(number, 10, 64)
	if err != nil || seq < 1 || len(hash) != 64 || strings.Trim(hash, "0123456789abcdef") != "" {
		return audit.Head{}, fmt.Errorf("--anchor must be the number of an entry, a colon and its hash of 64 hexadecimal digits, not %q", text)
	}
	return audit.Head{Seq: seq, Hash: hash}, nil
}

// verification is the checking of one log.
type verification struct {
	verdict
	chain   audit.Chain
	anchors []audit.Head
	bad     bool
}

// verdict is what --json prints.
type verdict struct {
	Whole   bool       `json:"whole"`
	Entries int64      `json:"entries"` // those that are right, before the first that is not
	First   int64      `json:"first"`   // the number of the first; 0 for none
	Head    audit.Head `json:"head"`    // the last of them
	File    string     `json:"file,omitempty"`
	Line    int        `json:"line,omitempty"` // of the file, from 1; where something is wrong
	Why     string     `json:"why,omitempty"`
}

// file checks the next part of the log. The error is for a file that cannot be
// read.
func (v *verification) file(in io.Reader, name string) (err error) {
	if v.bad {
		return nil
	}
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		defer f.Close()
		in = f
	}
	r := bufio.NewReaderSize(in, audit.MaxLine)
	for line := 1; ; line++ {
		text, err := r.ReadSlice('\n')
		switch {
		case errors.Is(err, io.EOF) && len(text) == 0:
			return nil
		case errors.Is(err, io.EOF):
			v.stop(name, line, "it is half a line: the end of the file was cut off, or the service ended while it was written")
		case errors.Is(err, bufio.ErrBufferFull):
			v.stop(name, line, "it is longer than an entry can be")
		case err != nil:
			return err
		default:
			if err := v.add(bytes.TrimSuffix(text, []byte("\n"))); err != nil {
				v.stop(name, line, err.Error())
			}
		}
		if v.bad {
			return nil
		}
	}
}

// add checks the next line.
func (v *verification) add(line []byte) error {
	if v.Entries == 0 {
		if err := v.begin(line); err != nil {
			return err
		}
	}
	e, err := v.chain.Add(line)
	if err != nil {
		if v.Entries == 0 && v.chain.Seq == 0 {
			err = fmt.Errorf("%w; a log that begins later needs the --anchor of the entry before", err)
		}
		return err
	}
	for _, a := range v.anchors {
		if a.Seq == e.Seq && a.Hash != e.Hash {
			return fmt.Errorf("entry %d has the hash %s, and the anchor says %s", e.Seq, e.Hash, a.Hash)
		}
	}
	if v.Entries == 0 {
		v.First = e.Seq
	}
	v.Entries, v.Head = v.Entries+1, v.chain.Head
	return nil
}

// begin has the log begin after an anchor, where its first line does.
func (v *verification) begin(line []byte) error {
	e, err := audit.Parse(line)
	if err != nil {
		return nil // the chain says so
	}
	for _, a := range v.anchors {
		switch {
		case a.Seq != e.Seq-1:
		case a.Hash != e.Prev:
			return fmt.Errorf("entry %d follows one of the hash %s, and the anchor of entry %d says %s", e.Seq, e.Prev, a.Seq, a.Hash)
		default:
			v.chain = audit.Chain{Head: a}
		}
	}
	return nil
}

// end holds the anchors to what there was.
func (v *verification) end(last string) {
	for _, a := range v.anchors {
		switch {
		case v.bad:
		case a.Seq > v.Head.Seq:
			v.stop(last, 0, fmt.Sprintf("the log ends with entry %d, and the anchor is of entry %d: its end was cut off", v.Head.Seq, a.Seq))
		case a.Seq < v.First-1:
			v.stop(last, 0, fmt.Sprintf("the log begins with entry %d, and the anchor is of entry %d, which is not in it", v.First, a.Seq))
		}
	}
	v.Whole = !v.bad
}

// stop ends the check with what is wrong.
func (v *verification) stop(file string, line int, why string) {
	v.bad, v.File, v.Line, v.Why = true, file, line, why
}

// broken is what is wrong as an error.
func (v *verification) broken() error {
	if v.Line == 0 {
		return fmt.Errorf("%s: %s", v.File, v.Why)
	}
	return fmt.Errorf("%s: line %d: %s", v.File, v.Line, v.Why)
}
