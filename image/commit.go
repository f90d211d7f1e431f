package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// A commit is what an image is made from.
type commit struct {
	hash    string    // 40 hexadecimal digits
	time    time.Time // when it was committed, UTC: the one time in an image
	changed bool      // the work tree differs from it
}

// readCommit asks git about the work tree that folder is in.
func readCommit(ctx context.Context, folder string) (commit, error) {
	head, err := git(ctx, folder, "show", "--no-patch", "--no-show-signature", "--format=%H %ct", "HEAD")
	if err != nil {
		return commit{}, fmt.Errorf("read the commit, without which an image cannot say what it is made from: %w", err)
	}
	hash, seconds, _ := strings.Cut(head, " ")
	at, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return commit{}, fmt.Errorf("read the commit's time: %w", err)
	}
	status, err := git(ctx, folder, "status", "--porcelain")
	if err != nil {
		return commit{}, fmt.Errorf("compare the work tree with the commit: %w", err)
	}
	return commit{hash: hash, time: time.Unix(at, 0).UTC(), changed: status != ""}, nil
}

// revision is the hash, marked when the work tree differs from it.
func (c commit) revision() string {
	return c.hash + c.mark()
}

// version is the commit's pseudo-version, in the form of Go modules but never
// counted from a tag: clones differ in which tags they have.
func (c commit) version() string {
	return "0.0.0-" + c.time.Format("20060102150405") + "-" + c.hash[:12] + c.mark()
}

func (c commit) mark() string {
	if c.changed {
		return "+changed"
	}
	return ""
}

func git(ctx context.Context, folder string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "git", append([]string{"-C", folder}, args...)...)
	out, err := cmd.Output()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		return "", fmt.Errorf("git %s: %s", args[0], bytes.TrimSpace(exit.Stderr))
	}
	return strings.TrimSpace(string(out)), err
}
