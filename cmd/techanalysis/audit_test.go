package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/host/audit"
)

// auditLines is a log of n entries, and their heads.
func auditLines(n int) (lines []string, heads []audit.Head) {
	var end audit.Head
	for i := range n {
		e := audit.Seal(end, audit.Entry{Action: audit.Upload, Plugin: fmt.Sprint("mean_", i), Principal: "a < b"}, "replica-1")
		end = e.Head()
		lines, heads = append(lines, string(e.Line())+"\n"), append(heads, end)
	}
	return lines, heads
}

// TestAuditVerify: a whole log is 0, a broken one 1 with the first line that is
// wrong, and what cannot be read 2.
func TestAuditVerify(t *testing.T) {
	lines, heads := auditLines(6)
	dir := t.TempDir()
	file := func(name string, content ...string) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(strings.Join(content, "")), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	anchor := func(i int) string { return fmt.Sprintf("--anchor=%d:%s", heads[i].Seq, heads[i].Hash) }
	whole := file("whole", lines...)
	early, late := file("early", lines[:3]...), file("late", lines[3:]...)
	cut := file("cut", lines[:4]...)
	other := string(audit.Seal(audit.Head{}, audit.Entry{Action: audit.Kill}, "replica-1").Line()) + "\n"
	forged := func(i int) string { return fmt.Sprintf("--anchor=%d:%064d", heads[i].Seq, 0) }
	for name, c := range map[string]struct {
		args []string
		code int
		says string // of what is wrong, or of the table
	}{
		"whole":                             {[]string{whole}, exitDone, "6 entries, from 1 to 6"},
		"its head":                          {[]string{whole}, exitDone, "6:" + heads[5].Hash},
		"two parts":                         {[]string{early, late}, exitDone, "6 entries, from 1 to 6"},
		"with all its anchors":              {[]string{whole, anchor(0), anchor(3), anchor(5)}, exitDone, "6 entries"},
		"the later part, after its anchor":  {[]string{late, anchor(2)}, exitDone, "3 entries, from 4 to 6"},
		"nothing":                           {[]string{file("empty")}, exitDone, "no entries"},
		"cut, and nobody knows":             {[]string{cut}, exitDone, "4 entries"},
		"changed":                           {[]string{file("changed", lines[0], strings.Replace(lines[1], "mean", "mode", 1), lines[2])}, exitFailed, "changed: line 2: entry 2 was changed"},
		"taken out":                         {[]string{file("out", lines[0], lines[2])}, exitFailed, "out: line 2: it is entry 3, and entry 2 is due"},
		"half a line":                       {[]string{file("half", lines[0], lines[1][:50])}, exitFailed, "half: line 2: it is half a line"},
		"too long a line":                   {[]string{file("long", lines[0], strings.Repeat("x", 2*audit.MaxLine)+"\n")}, exitFailed, "long: line 2: it is longer"},
		"no log":                            {[]string{file("none", "hello\n")}, exitFailed, "none: line 1: it is not an entry"},
		"in the second file":                {[]string{early, file("second", lines[3], lines[5])}, exitFailed, "second: line 2: it is entry 6"},
		"parts in the wrong order":          {[]string{late, early}, exitFailed, "late: line 1: it is entry 4, and entry 1 is due"},
		"begins later":                      {[]string{late}, exitFailed, "needs the --anchor of the entry before"},
		"cut, with the anchor of the end":   {[]string{cut, anchor(5)}, exitFailed, "the log ends with entry 4, and the anchor is of entry 6"},
		"nothing, with an anchor":           {[]string{file("empty"), anchor(5)}, exitFailed, "the log ends with entry 0"},
		"another anchor":                    {[]string{whole, forged(3)}, exitFailed, "whole: line 4: entry 4 has the hash " + heads[3].Hash},
		"an anchor of before":               {[]string{late, anchor(2), anchor(0)}, exitFailed, "the anchor is of entry 1, which is not in it"},
		"two anchors of one, the 2nd wrong": {[]string{late, anchor(2), forged(2)}, exitFailed, "late: line 1: entry 4 follows one of the hash " + heads[2].Hash},
		"and the 1st":                       {[]string{late, forged(2), anchor(2)}, exitFailed, "late: line 1: entry 4 follows one of the hash " + heads[2].Hash},
		"written anew, with an old anchor":  {[]string{file("anew", other), anchor(0)}, exitFailed, "anew: line 1: entry 1 has the hash"},
		"no file":                           {[]string{}, exitUsage, "requires at least 1 arg"},
		"a file that is not there":          {[]string{filepath.Join(dir, "absent")}, exitUsage, "no such file"},
		"a directory":                       {[]string{dir}, exitUsage, "is a directory"},
		"an anchor without a hash":          {[]string{whole, "--anchor=4"}, exitUsage, "--anchor must be"},
		"an anchor without a number":        {[]string{whole, "--anchor=:" + heads[0].Hash}, exitUsage, "--anchor must be"},
	} {
		code, out, stderr := runs(nil, append([]string{"audit", "verify"}, c.args...)...)
		said := stderr
		if c.code == exitDone {
			said = out
		}
		if code != c.code || !strings.Contains(said, c.says) || c.code != exitDone && strings.Count(stderr, "\n") != 1 {
			t.Errorf("%s: exit %d, %q, %q; want %d with %q", name, code, out, stderr, c.code, c.says)
		}
		if c.code == exitUsage {
			continue
		}
		code, out, _ = runs(nil, append([]string{"audit", "verify", "--json"}, c.args...)...)
		var v verdict
		if err := json.Unmarshal([]byte(out), &v); err != nil || code != c.code || v.Whole != (code == exitDone) || (v.Why == "") != v.Whole {
			t.Errorf("%s: exit %d, %s (%v)", name, code, out, err)
		}
	}
	var out, stderr bytes.Buffer
	if code := run(t.Context(), []string{"audit", "verify", "-"}, func(string) string { return "" }, streams{strings.NewReader(strings.Join(lines, "")), &out, &stderr}); code != exitDone || !strings.Contains(out.String(), "6 entries") {
		t.Errorf("standard input: exit %d, %s%s", code, &out, &stderr)
	}
}

// TestAuditExport: what a service gives is, byte for byte, what it has written, on
// however many pages; and is whole.
func TestAuditExport(t *testing.T) {
	const n = 450
	dir := t.TempDir()
	log := audit.OpenFile(filepath.Join(dir, "audit"), "replica-1", func(audit.Entry, error) {})
	for i := range n {
		if err := log.Append(t.Context(), audit.Entry{Action: audit.Kill, Plugin: fmt.Sprint(i, "<&>\u2028\x01\xff\ufffd"), Count: i}); err != nil {
			t.Fatal(err)
		}
	}
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(filepath.Join(dir, "audit", "audit.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	url := service(t, map[string]string{"DATA_DIR": dir})
	for _, args := range [][]string{{}, {"--log", "replica"}} {
		code, out, stderr := runs(map[string]string{"SERVER": url}, append([]string{"audit", "export"}, args...)...)
		if code != exitDone || out != string(want) {
			t.Fatalf("%v: exit %d, %d bytes, want %d: %s", args, code, len(out), len(want), stderr)
		}
	}
	early, late := filepath.Join(dir, "early"), filepath.Join(dir, "late")
	lines := strings.SplitAfter(string(want), "\n")
	_, out, _ := runs(nil, "audit", "export", "--server", url, "--after", "180")
	if out != strings.Join(lines[180:], "") {
		t.Errorf("what is new: %d bytes", len(out))
	}
	for path, text := range map[string]string{early: strings.Join(lines[:180], ""), late: out} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if code, out, stderr := runs(nil, "audit", "verify", early, late); code != exitDone || !strings.Contains(out, "450 entries, from 1 to 450") {
		t.Errorf("both together: exit %d, %s%s", code, out, stderr)
	}
	for _, c := range []struct {
		code int
		says string
		args []string
	}{
		{exitUsage, "--server must be", []string{"--server", "nowhere"}},
		{exitUsage, "--log must be", []string{"--server", url, "--log", "all"}},
		{exitUsage, "unknown command", []string{"all"}},
		{exitFailed, "no service answers", []string{"--server", "http://127.0.0.1:1"}},
	} {
		code, out, stderr := runs(nil, append([]string{"audit", "export"}, c.args...)...)
		if code != c.code || out != "" || !strings.Contains(stderr, c.says) || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%v: exit %d, %q, %q", c.args, code, out, stderr)
		}
	}
}

// TestExportOfStrangers: what no log of ours can have, and the logs of two replicas
// in one, are an error of one line and print nothing.
func TestExportOfStrangers(t *testing.T) {
	hostile := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"entries":[{"seq":1,"time":"2026-01-01T00:00:00+24:00","action":"plugin.kill","outcome":"done","prev":""}]}`)
	}))
	defer hostile.Close()

	var replicas []*httputil.ReverseProxy
	for i := range 2 {
		dir := t.TempDir()
		log := audit.OpenFile(filepath.Join(dir, "audit"), fmt.Sprint("replica-", i), func(audit.Entry, error) {})
		for range 300 {
			if err := log.Append(t.Context(), audit.Entry{Action: audit.Kill}); err != nil {
				t.Fatal(err)
			}
		}
		if err := log.Close(); err != nil {
			t.Fatal(err)
		}
		target, err := url.Parse(service(t, map[string]string{"DATA_DIR": dir}))
		if err != nil {
			t.Fatal(err)
		}
		replicas = append(replicas, httputil.NewSingleHostReverseProxy(target))
	}
	asked := 0
	balancer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		replicas[asked%2].ServeHTTP(w, r)
		asked++
	}))
	defer balancer.Close()

	for says, args := range map[string][]string{
		"entry 1, whose time is not in UTC": {"--server", hostile.URL},
		"another replica has answered":      {"--server", balancer.URL, "--log", "replica"},
	} {
		code, out, stderr := runs(nil, append([]string{"audit", "export"}, args...)...)
		if code != exitFailed || out != "" || !strings.Contains(stderr, says) || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%s: exit %d, %d bytes, %q", says, code, len(out), stderr)
		}
	}
}
