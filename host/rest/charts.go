package rest

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/gravitywavesml/gravity_techanalysis/engine"
	"github.com/gravitywavesml/gravity_techanalysis/host/compute"
	"github.com/gravitywavesml/gravity_techanalysis/host/identity"
)

func (s *Server) charts() []endpoint {
	const tag = "Charts"
	return []endpoint{{
		method: http.MethodGet, path: "/api/v1/charts", handle: s.listCharts, scope: identity.Analyze,
		id: "listCharts", tag: tag, summary: "Every chart pattern there is",
		answers: []answer{{http.StatusOK, "The patterns, family by family.", []content{{mediaJSON, chartList{}}}}},
		headers: validated,
	}, {
		method: http.MethodPost, path: "/api/v1/charts/:name", handle: s.findChart, scope: identity.Analyze,
		id: "findChart", tag: tag, summary: "Find a chart pattern in candles",
		doc: "Candles go in as they do for an indicator, with high, low and close. Each figure that is found has its points, what was found and allowed of each of its rules, and the bar whose close made it known: no figure uses a later one. With Arrow, last, the parameters and input.oscillator go in the query. The answer is JSON.",
		query: []queryParam{
			{name: "params", form: "NAME=VALUE", doc: "Arrow: a parameter of the pattern by its name, reversal=2. Also input.oscillator=COLUMN."},
			{name: "last", doc: "Arrow: only figures that became known in the last bars, at most so many."},
		},
		bodies:   []content{{mediaJSON, chartRequest{}}, {mediaArrow, nil}},
		answers:  []answer{{http.StatusOK, "The figures.", []content{{mediaJSON, chartResult{}}}}},
		problems: []kind{unknownPattern, tooLarge, wrongMedia, invalidCandles, invalidParam},
	}}
}

type chartList struct {
	Patterns []compute.PatternInfo `json:"patterns"`
	Engine   string                `json:"engine" description:"The version of the native engine."`
}

func (s *Server) listCharts(c echo.Context) error {
	list := chartList{Engine: engine.Version}
	for _, p := range compute.Patterns() {
		list.Patterns = append(list.Patterns, compute.Info(&p.Spec))
	}
	return fresh(c, list)
}

func (s *Server) findChart(c echo.Context) error {
	if _, err := compute.Pattern(c.Param("name")); err != nil {
		return err // before the body is read
	}
	req, item, err := s.readChart(c)
	if err != nil {
		return err
	}
	figures, err := s.Compute.Request(req.candles).Figures(item, req.format.Last)
	if err != nil {
		return err
	}
	return writeChart(c, figures)
}

// readChart reads a request for what the path names.
func (s *Server) readChart(c echo.Context) (*request, compute.Item, error) {
	item := compute.Item{Name: c.Param("name")}
	unknown := func(name string) error { return unknownField("", name, "candles", "params", "inputs", "last") }
	req, err := s.read(c, func(_ *request, name string, raw []byte) (err error) {
		switch name {
		case "params":
			item.Params, err = params(raw, "/params")
		case "inputs":
			item.Inputs, err = inputs(raw, "/inputs")
		default:
			return unknown(name)
		}
		return err
	}, func(name, value string) error {
		return queryArg(&item, name, value)
	})
	if err == nil && req.format.Decimals != compute.Exact.Decimals {
		err = unknown("decimals")
	}
	return req, item, err
}

// writeChart answers with figures or bricks.
func writeChart(c echo.Context, result interface {
	AppendJSON(b []byte) ([]byte, error)
}) (err error) {
	out := outputs.Get().(*[]byte)
	defer giveBackOutput(out)
	if *out, err = result.AppendJSON((*out)[:0]); err != nil {
		return err
	}
	return write(c, http.StatusOK, mediaJSON, *out)
}
