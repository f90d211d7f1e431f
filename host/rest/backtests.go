package rest

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/gravitywavesml/gravity_techanalysis/host/compute"
	"github.com/gravitywavesml/gravity_techanalysis/host/identity"
	"github.com/gravitywavesml/gravity_techanalysis/host/plot"
)

func (s *Server) backtests() []endpoint {
	return []endpoint{{
		method: http.MethodPost, path: "/api/v1/backtests", handle: s.runBacktest, scope: identity.Analyze,
		id: "runBacktest", tag: "Backtests", summary: "Trade a strategy over candles, and say what came of it",
		doc: "A strategy is an indicator with an output called signal: the part of the equity to hold, 1 all of it long, -1 all of it short, null as before. It is run as POST /api/v1/indicators/{name} runs it, by the same module. " +
			"The signal of a bar is known at its close, and the order that it asks for is filled at the open of the next bar; candles need open and close, and timestamps where a year is to be one. " +
			"The receipt has the digest of all that the run depends on and of what came of it: who has the same candles gets the same one. digest says which version of a plugin is to be tested: the active one, the candidate, or any that is stored, so that it can be tested before it answers anyone; of one that is not there, there is a problem and never another version's figures. " +
			"With Arrow, strategy, digest, plot, last, decimals and the rules go in the query. The answer is JSON.",
		query: append([]queryParam{
			{name: "strategy", doc: "Arrow: NAME:param=value:param=value; input.NAME=COLUMN has an input read another column."},
			{name: "digest", doc: "Arrow: the version of the plugin that is to be tested."},
			{name: "plot", doc: "Arrow: true draws the run."},
			{name: "params", form: "NAME=VALUE", doc: "Arrow: a rule by its name, fee=0.001."},
		}, formatQuery...),
		bodies:  []content{{mediaJSON, backtestRequest{}}, {mediaArrow, nil}},
		answers: []answer{{http.StatusOK, "What came of it.", []content{{mediaJSON, backtestResult{}}}}},
		headers: []string{headerCache},
		problems: append([]kind{unknownName, tooLarge, wrongMedia, invalidCandles, invalidParam, shortHistory,
			noStrategy, digestMismatch, killed, busy, notCompiled, storeAway}, faultKinds()...),
	}}
}

func (s *Server) runBacktest(c echo.Context) error {
	ask, draw := compute.Strategy{}, false
	req, err := s.read(c, func(_ *request, name string, raw []byte) (err error) {
		switch name {
		case "strategy":
			err = readStrategy(&ask.Item, raw)
		case "rules":
			ask.Rules, err = params(raw, "/rules")
		case "digest":
			ask.Digest, err = text(raw, "/digest")
		case "plot":
			draw, err = boolean(raw, "/plot")
		default:
			err = unknownField("", name, "candles", "strategy", "rules", "digest", "plot", "last", "decimals")
		}
		return err
	}, backtestArg(&ask, &draw))
	if err != nil {
		return err
	}
	if ask.Name == "" {
		return refuse("/strategy/name", "missing-field", "a backtest needs the name of a strategy")
	}
	b, err := s.request(req).Backtest(c.Request().Context(), ask)
	if err != nil {
		return &partError{"/strategy", err}
	}
	var picture []byte
	if draw {
		var svg bytes.Buffer
		if err := plot.Write(&svg, plot.Backtest(ask.Name, req.candles, b, 0), plot.SVG); err != nil {
			return fmt.Errorf("draw a backtest of %s: %w", ask.Name, err)
		}
		picture = svg.Bytes()
	}
	c.Response().Header().Set(headerCache, cacheHeader(b.Strategy.Hit))
	out := outputs.Get().(*[]byte)
	defer giveBackOutput(out)
	if *out, err = b.AppendJSON((*out)[:0], req.format, picture); err != nil {
		return err
	}
	return write(c, http.StatusOK, mediaJSON, *out)
}

// readStrategy reads {"name", "params", "inputs"}.
func readStrategy(item *compute.Item, raw []byte) error {
	const at = "/strategy"
	return members(raw, at, "a strategy", func(name string, value []byte) (err error) {
		switch name {
		case "name":
			item.Name, err = text(value, at+"/name")
		case "params":
			item.Params, err = params(value, at+"/params")
		case "inputs":
			item.Inputs, err = inputs(value, at+"/inputs")
		default:
			err = unknownField(at, name, "name", "params", "inputs")
		}
		return err
	})
}

// backtestArg sets what stands in the query of a request in Arrow.
func backtestArg(ask *compute.Strategy, draw *bool) func(name, value string) error {
	rules, seen := compute.Item{}, map[string]bool{}
	return func(name, value string) (err error) {
		if seen[name] {
			return twice("/"+escape(name), name)
		}
		seen[name] = true
		switch name {
		case "strategy":
			ask.Item, err = itemOf("/strategy", "strategy:"+value)
		case "digest":
			ask.Digest = value
		case "plot":
			*draw, err = boolean([]byte(value), "/plot")
		default:
			if strings.HasPrefix(name, "input.") {
				return unknownField("", name, "strategy", "digest", "plot", "last", "decimals")
			}
			err = queryArg(&rules, name, value)
			ask.Rules = rules.Params
		}
		return err
	}
}
