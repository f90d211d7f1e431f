package rest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/gravitywavesml/gravity_techanalysis/host/audit"
	"github.com/gravitywavesml/gravity_techanalysis/host/identity"
	"github.com/gravitywavesml/gravity_techanalysis/host/plugin"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm"
)

func (s *Server) plugins() []endpoint {
	const tag = "Plugins"
	one := []content{{mediaJSON, plugin.Plugin{}}}
	module := []content{{mediaWasm, nil}}
	refusals := []kind{tooLarge, wrongMedia, rejected, busy, notCompiled}
	return []endpoint{{
		method: http.MethodPost, path: "/api/v1/plugins", handle: s.uploadPlugin, scope: identity.PluginsWrite, action: audit.Upload,
		id: "uploadPlugin", tag: tag, summary: "Upload a module: check, store and activate it",
		doc:    "The body is the WebAssembly module. The same bytes again are no new version; the same name and version with other bytes are refused. A token without the scope plugins:promote only stores the version.",
		query:  []queryParam{{name: "activate", doc: "false only stores the version."}},
		bodies: module,
		answers: []answer{
			{http.StatusCreated, "A new version.", []content{{mediaJSON, uploaded{}}}},
			{http.StatusOK, "The same bytes were there already.", []content{{mediaJSON, uploaded{}}}},
		},
		problems: append(refusals, conflict, noRoom, storeAway, auditAway),
	}, {
		method: http.MethodPost, path: "/api/v1/plugins/check", handle: s.checkPlugin, scope: identity.PluginsWrite, action: audit.Check,
		id: "checkPlugin", tag: tag, summary: "Check a module as an upload does, and store nothing",
		bodies:   module,
		answers:  []answer{{http.StatusOK, "It would be taken.", []content{{mediaJSON, plugin.Version{}}}}},
		problems: refusals,
	}, {
		method: http.MethodGet, path: "/api/v1/plugins", handle: s.listPlugins, scope: identity.PluginsRead,
		id: "listPlugins", tag: tag, summary: "What is installed, with versions and states",
		answers: []answer{{http.StatusOK, "The plugins by name.", []content{{mediaJSON, pluginList{}}}}},
		headers: validated,
	}, {
		method: http.MethodGet, path: "/api/v1/plugins/:name", handle: s.getPlugin, scope: identity.PluginsRead,
		id: "getPlugin", tag: tag, summary: "One plugin, with its versions and states",
		answers: []answer{{http.StatusOK, "The plugin.", one}}, problems: []kind{unknownPlugin},
		headers: validated,
	}, {
		method: http.MethodGet, path: "/api/v1/plugins/:name/versions/:digest/module", handle: s.getModule, scope: identity.PluginsRead,
		id: "getModule", tag: tag, summary: "The bytes of a version",
		answers: []answer{{http.StatusOK, "The module.", module}}, problems: []kind{unknownPlugin, storeAway},
		headers: validated,
	}, {
		method: http.MethodPost, path: "/api/v1/plugins/:name/activate", handle: s.activatePlugin, scope: identity.PluginsPromote, action: audit.Activate,
		id: "activatePlugin", tag: tag, summary: "Promote a version, or roll back to one",
		bodies:   []content{{mediaJSON, activation{}}},
		answers:  []answer{{http.StatusOK, "The plugin as it is now.", one}},
		problems: []kind{tooLarge, wrongMedia, unknownPlugin, rejected, noRoom, changed, storeAway, auditAway},
		accepts:  []string{headerIfMatch},
	}, {
		method: http.MethodPost, path: "/api/v1/plugins/:name/candidate", handle: s.tryPlugin, scope: identity.PluginsPromote, action: audit.Try,
		id: "tryPlugin", tag: tag, summary: "Give a version a share of a plugin's calls, and compare its values",
		doc: "Which calls are in the share depends on their candles and parameters alone: the same request gets the same version each time and from every replica, and a larger share has all calls of a smaller one. Their answers are the candidate's, and plugin.digest names it; the active version computes them too, and GET on this address has what differed. Where the candidate faults, the active version's answer is given. " +
			"The candidate must take and give all that the active version does. Again with another percent, the share changes. Activating it promotes it; activating another version, killing or uninstalling the plugin ends the trial.",
		bodies:   []content{{mediaJSON, candidacy{}}},
		answers:  []answer{{http.StatusOK, "The plugin as it is now.", one}},
		problems: []kind{tooLarge, wrongMedia, unknownPlugin, rejected, noCandidate, noRoom, changed, storeAway, auditAway},
		accepts:  []string{headerIfMatch},
	}, {
		method: http.MethodGet, path: "/api/v1/plugins/:name/candidate", handle: s.getTrial, scope: identity.PluginsPromote,
		id: "getCandidate", tag: tag, summary: "How a plugin's candidate does beside the active version",
		doc:     "Counts, the first bar that differed and the size of the largest difference, but no value of any call: the candles are other callers', and the candidate may be anybody's. Each replica counts the calls that it answered, and says so: this is the answer of one. The metric plugin_candidate_calls_total has the calls of all.",
		answers: []answer{{http.StatusOK, "The candidate, and what differed.", []content{{mediaJSON, plugin.Trial{}}}}}, problems: []kind{unknownPlugin},
		headers: validated,
	}, {
		method: http.MethodDelete, path: "/api/v1/plugins/:name/candidate", handle: s.changePlugin(s.Plugins.Untry), scope: identity.PluginsPromote, action: audit.Untry,
		id: "withdrawCandidate", tag: tag, summary: "Take its share from a plugin's candidate, which stays stored",
		answers: []answer{{http.StatusOK, "The plugin as it is now.", one}}, problems: []kind{unknownPlugin, changed, storeAway, auditAway},
		accepts: []string{headerIfMatch},
	}, {
		method: http.MethodDelete, path: "/api/v1/plugins/:name", handle: s.deletePlugin, scope: identity.PluginsWrite, action: audit.Uninstall,
		id: "deletePlugin", tag: tag, summary: "Uninstall a plugin; its versions are kept, and activate brings one back",
		answers: []answer{{http.StatusNoContent, "It is uninstalled.", nil}}, problems: []kind{unknownPlugin, changed, storeAway, auditAway},
		accepts: []string{headerIfMatch},
	}, {
		method: http.MethodPost, path: "/api/v1/plugins/:name/kill", handle: s.changePlugin(s.Plugins.Kill), scope: identity.Ops, action: audit.Kill,
		id: "killPlugin", tag: tag, summary: "Stop a plugin on every replica",
		doc:     "Every replica hears of it within a second, and begins no call of any version of it any more: they are refused with the problem plugin-killed. It stays so through uploads, activations and restarts, until it is revived. There is no body.",
		answers: []answer{{http.StatusOK, "The plugin as it is now.", one}}, problems: []kind{unknownPlugin, changed, storeAway, auditAway},
		accepts: []string{headerIfMatch},
	}, {
		method: http.MethodPost, path: "/api/v1/plugins/:name/revive", handle: s.changePlugin(s.Plugins.Revive), scope: identity.Ops, action: audit.Revive,
		id: "revivePlugin", tag: tag, summary: "Let a plugin that was stopped answer again",
		doc:     "The version that is active answers, if there is one. There is no body.",
		answers: []answer{{http.StatusOK, "The plugin as it is now.", one}}, problems: []kind{unknownPlugin, rejected, changed, storeAway, auditAway},
		accepts: []string{headerIfMatch},
	}}
}

type pluginList struct {
	Plugins []plugin.Plugin `json:"plugins"`
}

// uploaded is a version that was uploaded.
type uploaded struct {
	plugin.Version
	Inactive string `json:"inactive,omitempty" description:"Why it is not active although the upload was to activate it; absent unless so."`
}

type activation struct {
	Digest string `json:"digest" description:"The version, sha256: and 64 hexadecimal digits."`
}

type candidacy struct {
	Digest  string  `json:"digest" description:"The version, sha256: and 64 hexadecimal digits."`
	Percent float64 `json:"percent" exclusiveMinimum:"0" maximum:"100" description:"Its share of the calls, over 0 and up to 100."`
}

func (s *Server) uploadPlugin(c echo.Context) error {
	activate := true
	if given, ok := c.QueryParams()["activate"]; ok {
		var err error
		if activate, err = strconv.ParseBool(given[0]); err != nil {
			return refuse("/activate", "wrong-type", "activate must be true or false")
		}
	}
	module, err := s.module(c)
	if err != nil {
		return err
	}
	allowed := s.may(c, identity.PluginsPromote)
	v, created, err := s.Plugins.Upload(c.Request().Context(), module, activate && allowed)
	if err != nil {
		return err
	}
	answer := uploaded{Version: v}
	if activate && v.State != plugin.Active {
		answer.Inactive = fmt.Sprintf("it is stored and does not answer: the token lacks the scope %s; activate it with one that has it", identity.PluginsPromote)
		switch v.State {
		case plugin.Killed:
			answer.Inactive = "the plugin was stopped, and answers with this version when it is revived"
		case plugin.OnTrial:
			answer.Inactive = fmt.Sprintf("it is the candidate and answers its share alone: the token lacks the scope %s", identity.PluginsPromote)
		}
	}
	if created {
		return c.JSON(http.StatusCreated, answer)
	}
	return c.JSON(http.StatusOK, answer)
}

func (s *Server) checkPlugin(c echo.Context) error {
	module, err := s.module(c)
	if err != nil {
		return err
	}
	v, err := s.Plugins.Check(c.Request().Context(), module)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, v)
}

// module reads the body, in memory of its own: the library keeps it. Of one that is
// too large for any module not more is read than shows it.
func (s *Server) module(c echo.Context) ([]byte, error) {
	if _, err := media(c, mediaWasm); err != nil {
		return nil, err
	}
	b, err := body(c, min(s.MaxBody, wasm.MaxBytes()))
	if over := (*bodyError)(nil); errors.As(err, &over) && over.found > wasm.MaxBytes() {
		return nil, wasm.TooLarge(over.found)
	}
	if err != nil {
		return nil, err
	}
	defer giveBack(b)
	about(c, fmt.Sprintf("sha256:%x", sha256.Sum256(b.Bytes())))
	return bytes.Clone(b.Bytes()), nil
}

func (s *Server) listPlugins(c echo.Context) error {
	return fresh(c, pluginList{s.Plugins.List()})
}

func (s *Server) getPlugin(c echo.Context) error {
	p, err := s.Plugins.Get(c.Param("name"))
	if err != nil {
		return err
	}
	return fresh(c, p)
}

func (s *Server) getModule(c echo.Context) error {
	module, err := s.Plugins.Module(c.Request().Context(), c.Param("name"), c.Param("digest"))
	if err != nil {
		return err
	}
	// Its address has its digest: it is the same for ever.
	return serve(c, mediaWasm, module, strconv.Quote(c.Param("digest")), "private, max-age=31536000, immutable")
}

// small reads a JSON object of few members, of the form that it should have, and
// calls each for every one of them.
func (s *Server) small(c echo.Context, form string, each func(name string, value []byte) error) error {
	if _, err := media(c, mediaJSON); err != nil {
		return err
	}
	b, err := body(c, s.MaxBody)
	if err != nil {
		return err
	}
	defer giveBack(b)
	if !json.Valid(b.Bytes()) {
		return &refusal{malformed, FieldError{Message: "the body is not JSON; it should be " + form}}
	}
	return members(b.Bytes(), "", "the body", each)
}

func (s *Server) tryPlugin(c echo.Context) error {
	var digest string
	var percent float64
	err := s.small(c, `{"digest": "sha256:...", "percent": 10}`, func(name string, value []byte) (err error) {
		switch name {
		case "digest":
			digest, err = text(value, "/digest")
		case "percent":
			if percent, err = number(value, "/percent"); err == nil && !(0 < percent && percent <= 100) {
				err = refuse("/percent", "out-of-range", "percent must be over 0 and up to 100; DELETE takes the share away")
			}
		default:
			err = unknownField("", name, "digest", "percent")
		}
		return err
	})
	switch {
	case err != nil:
		return err
	case digest == "":
		return refuse("/digest", "missing-field", "the body needs the digest of the version to try")
	case percent == 0:
		return refuse("/percent", "missing-field", "the body needs percent, the version's share of the calls")
	}
	about(c, digest)
	p, err := s.Plugins.Try(c.Request().Context(), c.Param("name"), digest, percent, still(c))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, p)
}

func (s *Server) getTrial(c echo.Context) error {
	t, err := s.Plugins.Trial(c.Param("name"))
	if err != nil {
		return err
	}
	return fresh(c, t)
}

func (s *Server) activatePlugin(c echo.Context) error {
	var digest string
	err := s.small(c, `{"digest": "sha256:..."}`, func(name string, value []byte) (err error) {
		if name != "digest" {
			return unknownField("", name, "digest")
		}
		digest, err = text(value, "/digest")
		return err
	})
	if err != nil {
		return err
	}
	if digest == "" {
		return refuse("/digest", "missing-field", "the body needs the digest of the version to activate")
	}
	about(c, digest)
	p, err := s.Plugins.Activate(c.Request().Context(), c.Param("name"), digest, still(c))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, p)
}

func (s *Server) deletePlugin(c echo.Context) error {
	if err := s.Plugins.Delete(c.Request().Context(), c.Param("name"), still(c)); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// changePlugin answers with what a change without a body has made of a plugin.
func (s *Server) changePlugin(change func(context.Context, string, func(plugin.Plugin) bool) (plugin.Plugin, error)) echo.HandlerFunc {
	return func(c echo.Context) error {
		p, err := change(c.Request().Context(), c.Param("name"), still(c))
		if err != nil {
			return err
		}
		return c.JSON(http.StatusOK, p)
	}
}

// still is whether a plugin is as If-Match says that the caller knows it, by
// the ETag of GET /plugins/NAME; nil where the caller says nothing.
func still(c echo.Context) func(plugin.Plugin) bool {
	known := c.Request().Header.Get(headerIfMatch)
	if known == "" {
		return nil
	}
	return func(p plugin.Plugin) bool {
		b, err := encode(p)
		return err == nil && slices.ContainsFunc(strings.Split(known, ","), func(tag string) bool {
			tag = strings.TrimSpace(tag)
			return tag == "*" || tag == etagOf(b)
		})
	}
}
