package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/gravitywavesml/gravity_techanalysis/host/audit"
)

// The logs that there are to get.
const (
	logService = "service"
	logReplica = "replica"
)

// newAuditExport gets a log from a service.
func newAuditExport(io streams) *cobra.Command {
	var (
		server, token, log string
		after              int64
	)
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Print the audit log of a running service, the oldest entries first, each line as it was written",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			u, err := serverURL(server, "api/v1/audit")
			if err != nil {
				return err
			}
			if log != logService && log != logReplica {
				return fmt.Errorf("--log must be %s or %s, not %q", logService, logReplica, log)
			}
			entries, err := fetchAudit(cmd.Context(), u, token, log, after)
			if err != nil {
				return failed(err)
			}
			for _, e := range entries {
				if _, err := io.out.Write(append(e.Line(), '\n')); err != nil {
					return failed(err)
				}
			}
			return nil
		},
	}
	f := cmd.Flags()
	addServer(f, &server, &token)
	f.StringVar(&log, "log", logService, "service, or replica for that of the process which answers: --server is then one replica, no balancer")
	f.Int64Var(&after, "after", 0, "leave out the entries up to this `NUMBER`, which are in a file already")
	return cmd
}

// fetchAudit gets the entries after one, the oldest first.
func fetchAudit(ctx context.Context, u *url.URL, token, log string, after int64) (entries []audit.Entry, err error) {
	query := url.Values{"limit": {"200"}, "log": {log}}
	var last *audit.Entry // of the page before
	for {
		u.RawQuery = query.Encode()
		page, next, err := auditPage(ctx, u, token)
		if err != nil {
			return nil, err
		}
		for i, e := range page {
			if _, offset := e.Time.Zone(); offset != 0 {
				return nil, fmt.Errorf("%s answered with entry %d, whose time is not in UTC: it is not one that was written", u.Redacted(), e.Seq)
			}
			if i == 0 && last != nil && log == logReplica && (e.Seq != last.Seq-1 || e.Hash != last.Prev) {
				return nil, fmt.Errorf("entry %d of the next page is not the one before entry %d: another replica has answered, or the log was changed; name one replica with --server", e.Seq, last.Seq)
			}
			if e.Seq <= after {
				next = ""
				break
			}
			entries = append(entries, e)
			last = &e
		}
		if next == "" {
			slices.Reverse(entries)
			return entries, nil
		}
		query.Set("cursor", next)
	}
}

const (
	auditTimeout = 30 * time.Second
	auditAnswer  = 200*audit.MaxLine + 1<<10 // bytes of an answer that are read
)

// auditPage gets one page, and the cursor of the next; "" on the last.
func auditPage(ctx context.Context, u *url.URL, token string) (entries []audit.Entry, next string, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, "", err
	}
	req.Header.Set("Accept", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	client := &http.Client{Timeout: auditTimeout}
	res, err := client.Do(req)
	if err != nil {
		return nil, "", away(req.URL, err)
	}
	defer func() { err = errors.Join(err, res.Body.Close()) }()
	answer, err := io.ReadAll(io.LimitReader(res.Body, auditAnswer))
	if err != nil {
		return nil, "", fmt.Errorf("read the answer of %s: %w", u.Redacted(), err)
	}
	if res.StatusCode != http.StatusOK {
		_, err := problemOf(res, answer)
		return nil, "", err
	}
	var page struct {
		Entries []audit.Entry `json:"entries"`
	}
	if err := json.Unmarshal(answer, &page); err != nil {
		return nil, "", fmt.Errorf("read the answer of %s: %w", u.Redacted(), err)
	}
	// </api/v1/audit?cursor=...>; rel="next"
	address, _, found := strings.Cut(strings.TrimPrefix(res.Header.Get("Link"), "<"), ">")
	if !found {
		return page.Entries, "", nil
	}
	link, err := url.Parse(address)
	if err != nil || link.Query().Get("cursor") == "" {
		return nil, "", fmt.Errorf("%s answered with a Link that leads nowhere: %s", u.Redacted(), address)
	}
	return page.Entries, link.Query().Get("cursor"), nil
}
