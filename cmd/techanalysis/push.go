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

	"github.com/gravitywavesml/gravity_techanalysis/host/plugin"
)

// newPluginPush uploads a module to a running service.
func newPluginPush(io streams) *cobra.Command {
	var (
		server, token string
		asJSON        bool
	)
	cmd := &cobra.Command{
		Use:   "push FILE.wasm",
		Short: "Upload a module to a running service, which checks and activates it",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			endpoint, err := pluginsURL(server)
			if err != nil {
				return err
			}
			module, err := os.ReadFile(args[0])
			if err != nil {
				return err
			}
			answer, err := push(cmd.Context(), endpoint, token, module)
			if err != nil {
				return failed(err)
			}
			if asJSON {
				_, err := io.out.Write(append(bytes.TrimSpace(answer), '\n'))
				return failed(err)
			}
			var v struct {
				plugin.Version
				Inactive string `json:"inactive"`
			}
			if err := json.Unmarshal(answer, &v); err != nil {
				return failed(fmt.Errorf("read the answer of %s: %w", endpoint, err))
			}
			if _, err := fmt.Fprintf(io.out, "%s %s %s %s\n", v.Name, v.Version.Version, v.Digest, v.State); err != nil || v.Inactive == "" {
				return failed(err)
			}
			_, err = fmt.Fprintf(io.err, "techanalysis: %s\n", v.Inactive)
			return failed(err)
		},
	}
	f := cmd.Flags()
	f.StringVar(&server, "server", "http://127.0.0.1:8000", "`URL` of the service")
	f.StringVar(&token, "token", "", "bearer `TOKEN`, where the service asks for one")
	asSettings(f)
	f.BoolVar(&asJSON, "json", false, "print the service's answer")
	return cmd
}

// pluginsURL is where plugins are uploaded to.
func pluginsURL(server string) (string, error) {
	u, err := url.Parse(server)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "", fmt.Errorf("--server must be a URL such as http://127.0.0.1:8000, not %q", server)
	}
	return u.JoinPath("api/v1/plugins").String(), nil
}

const (
	pushTimeout = 2 * time.Minute // a Large module is compiled and tried before the answer
	pushAnswer  = 1 << 20         // bytes of an answer that are read
)

// push uploads module and returns the answer to it.
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
		return nil, err
	}
	defer func() { err = errors.Join(err, res.Body.Close()) }()
	answer, err = io.ReadAll(io.LimitReader(res.Body, pushAnswer))
	if err != nil {
		return nil, fmt.Errorf("read the answer of %s: %w", endpoint, err)
	}
	if res.StatusCode == http.StatusOK || res.StatusCode == http.StatusCreated {
		return answer, nil
	}
	return nil, problemOf(res, answer)
}

// problemOf is what an answer that is not a success says: the detail of a
// problem, or the status where something else than the service has answered.
func problemOf(res *http.Response, answer []byte) error {
	var p struct {
		Title string `json:"title"`
		refusal
	}
	media, _, err := mime.ParseMediaType(res.Header.Get("Content-Type"))
	if err != nil || media != "application/problem+json" || json.Unmarshal(answer, &p) != nil || p.Title == "" {
		return fmt.Errorf("%s answered %s", res.Request.URL, res.Status)
	}
	text := p.Title
	if p.Gate != "" {
		text += fmt.Sprintf(" by the check %q", p.Gate)
	}
	if p.Detail != "" {
		text += ": " + p.Detail
	}
	return errors.New(text)
}
