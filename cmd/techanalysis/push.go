package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/gravitywavesml/gravity_techanalysis/host/wasm"
)

// newPluginPush uploads a module to a running service.
func newPluginPush(io streams) *cobra.Command {
	var (
		server, token    string
		activate, asJSON bool
	)
	cmd := &cobra.Command{
		Use:   "push FILE.wasm",
		Short: "Upload a module to a running service, which checks and activates it",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			endpoint, err := pluginsURL(server, activate)
			if err != nil {
				return err
			}
			module, err := os.ReadFile(args[0])
			if err != nil {
				return err
			}
			answer, err := push(cmd.Context(), endpoint, token, module)
			if asJSON && len(answer) > 0 {
				if _, err := io.out.Write(append(bytes.TrimSpace(answer), '\n')); err != nil {
					return failed(err)
				}
			}
			if err != nil || asJSON {
				return failed(err)
			}
			return failed(pushTable(io, endpoint, answer))
		},
	}
	f := cmd.Flags()
	addServer(f, &server, &token)
	f.BoolVar(&activate, "activate", true, "have the version answer from now on; --activate=false only stores it")
	f.BoolVar(&asJSON, "json", false, "print the service's answer, be it yes or no")
	return cmd
}

// pushTable prints what became of an upload.
func pushTable(io streams, endpoint string, answer []byte) error {
	var v struct {
		Name     string       `json:"name"`
		Version  string       `json:"version"`
		Digest   string       `json:"digest"`
		State    string       `json:"state"`
		Inactive string       `json:"inactive"`
		Report   *wasm.Report `json:"report"`
	}
	if err := json.Unmarshal(answer, &v); err != nil {
		return fmt.Errorf("read the answer of %s: %w", endpoint, err)
	}
	rows := [][2]string{{"plugin", v.Name + " " + v.Version}, {"digest", v.Digest}, {"state", v.State}}
	if v.Report != nil {
		rows = append(rows, reportRows(v.Report)...)
	}
	if err := writeRows(io.out, rows); err != nil || v.Inactive == "" {
		return err
	}
	_, err := fmt.Fprintf(io.err, "techanalysis: %s\n", v.Inactive)
	return err
}

// pluginsURL is where plugins are uploaded to.
func pluginsURL(server string, activate bool) (string, error) {
	u, err := serverURL(server, "api/v1/plugins")
	if err != nil {
		return "", err
	}
	if !activate {
		u.RawQuery = "activate=false"
	}
	return u.String(), nil
}

// serverURL is a path of the service.
func serverURL(server, path string) (*url.URL, error) {
	u, err := url.Parse(server)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("--server must be a URL such as http://127.0.0.1:8000, not %q", server)
	}
	return u.JoinPath(path), nil
}

// addServer adds the settings that say where the service is.
func addServer(f *pflag.FlagSet, server, token *string) {
	f.StringVar(server, "server", "http://127.0.0.1:8000", "`URL` of the service")
	f.StringVar(token, "token", "", "bearer `TOKEN`, where the service asks for one")
	asSettings(f)
}

const (
	pushTimeout = 2 * time.Minute // a Large module is compiled and tried before the answer
	pushAnswer  = 1 << 20         // bytes of an answer that are read
)

// push uploads module and returns the answer to it. If that is a problem then
// the error says which, too.
func push(ctx context.Context, endpoint, token string, module []byte) (answer []byte, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint, bytes.NewReader(module))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/wasm")
	req.Header.Set("Accept", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	client := &http.Client{Timeout: pushTimeout}
	res, err := client.Do(req)
	if err != nil {
		return nil, away(req.URL, err)
	}
	defer func() { err = errors.Join(err, res.Body.Close()) }()
	answer, err = io.ReadAll(io.LimitReader(res.Body, pushAnswer))
	if err != nil {
		return nil, fmt.Errorf("read the answer of %s: %w", endpoint, err)
	}
	if res.StatusCode == http.StatusOK || res.StatusCode == http.StatusCreated {
		return answer, nil
	}
	return problemOf(res, answer)
}

// away is the error of a service that does not answer.
func away(at *url.URL, err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err // without the method and the path
	}
	return fmt.Errorf("no service answers at %s://%s: %w; `techanalysis serve` starts one, --server names another", at.Scheme, at.Host, err)
}

// problemOf is what an answer that is not a success says: the detail of a
// problem, which it returns, or the status where something else than the service
// has answered.
func problemOf(res *http.Response, answer []byte) (problem []byte, err error) {
	var p struct {
		Title string `json:"title"`
		refusal
	}
	media, _, err := mime.ParseMediaType(res.Header.Get("Content-Type"))
	if err != nil || media != "application/problem+json" || json.Unmarshal(answer, &p) != nil || p.Title == "" {
		return nil, fmt.Errorf("%s answered %s, and not as this service does", res.Request.URL.Redacted(), res.Status)
	}
	text := p.Title
	if p.Gate != "" {
		text += fmt.Sprintf(" by the check %q", p.Gate)
	}
	if p.Offset != nil {
		text += fmt.Sprintf(" at offset %d", *p.Offset)
	}
	if p.Bar != nil {
		text += fmt.Sprintf(" at bar %d", *p.Bar)
	}
	if p.Detail != "" {
		text += ": " + p.Detail
	}
	return answer, errors.New(text)
}
