package rest

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/gravitywavesml/gravity_techanalysis/engine"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/candle"
	"github.com/gravitywavesml/gravity_techanalysis/host/compute"
	"github.com/gravitywavesml/gravity_techanalysis/host/identity"
	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
)

func (s *Server) indicators() []endpoint {
	const tag = "Indicators"
	return []endpoint{{
		method: http.MethodGet, path: "/api/v1/indicators", handle: s.listIndicators, scope: identity.Analyze,
		id: "listIndicators", tag: tag, summary: "Every indicator there is, native and plugin",
		answers: []answer{{http.StatusOK, "The indicators by name.", []content{{mediaJSON, indicatorList{}}}}},
		headers: validated,
	}, {
		method: http.MethodGet, path: "/api/v1/indicators/:name", handle: s.getIndicator, scope: identity.Analyze,
		id: "getIndicator", tag: tag, summary: "What one indicator takes and gives",
		answers:  []answer{{http.StatusOK, "The indicator.", []content{{mediaJSON, indicatorInfo{}}}}},
		headers:  validated,
		problems: []kind{unknownName, killed, storeAway},
	}, {
		method: http.MethodPost, path: "/api/v1/indicators/:name", handle: s.runIndicator, scope: identity.Analyze,
		id: "runIndicator", tag: tag, summary: "Compute one indicator over candles",
		doc: "Candles go in as columns, as rows, or as an Arrow IPC stream; with Arrow, last, decimals, the parameters and the mapping of inputs (input.real=hl2) go in the query. Outputs are as long as the candles, or last; null where there is no value.",
		query: append([]queryParam{
			{name: "params", form: "NAME=VALUE", doc: "Arrow: a parameter of the indicator by its name, period=14. Also input.NAME=COLUMN, for an input that reads another column than its default."},
		}, formatQuery...),
		headers: []string{headerCache, headerVary},
		bodies:  []content{{mediaJSON, indicatorRequest{}}, {mediaArrow, nil}},
		answers: []answer{{http.StatusOK, "The outputs. Arrow columns are named NAME.OUTPUT.", []content{
			{mediaJSON, indicatorResult{}}, {mediaArrow, nil},
		}}},
		problems: append([]kind{unknownName, tooLarge, wrongMedia, invalidCandles, invalidParam, shortHistory, killed, busy, notCompiled, storeAway}, faultKinds()...),
	}}
}

// indicatorInfo is a Spec as the listing shows it.
type indicatorInfo struct {
	ta.Spec
	Warmup int              `json:"warmup" description:"The index of the first bar with a value, at default parameters."`
	Plugin *registry.Origin `json:"plugin,omitempty" description:"The uploaded module; absent for a native indicator."`
}

type indicatorList struct {
	Indicators []indicatorInfo `json:"indicators"`
	Engine     string          `json:"engine" description:"The version of the native engine."`
}

func info(run registry.Runner) (indicatorInfo, error) {
	args, err := run.Spec().Args(nil)
	if err != nil {
		return indicatorInfo{}, fmt.Errorf("defaults of %s: %w", run.Spec().Name, err)
	}
	i := indicatorInfo{*run.Spec(), run.Warmup(args), run.Origin()}
	if i.Params == nil {
		i.Params = []ta.Param{} // an empty list, never null
	}
	return i, nil
}

func (s *Server) listIndicators(c echo.Context) error {
	list := indicatorList{Indicators: []indicatorInfo{}, Engine: engine.Version}
	for _, name := range s.Registry.Names() {
		run, ok := s.Registry.Get(name)
		if !ok {
			continue // uninstalled since
		}
		i, err := info(run)
		if err != nil {
			return err
		}
		list.Indicators = append(list.Indicators, i)
	}
	return fresh(c, list)
}

func (s *Server) getIndicator(c echo.Context) error {
	run, err := s.Compute.Find(c.Param("name"))
	if err != nil {
		return err
	}
	i, err := info(run)
	if err != nil {
		return err
	}
	return fresh(c, i)
}

func (s *Server) runIndicator(c echo.Context) error {
	c.Response().Header().Set(echo.HeaderVary, echo.HeaderAccept)
	item := compute.Item{ID: c.Param("name"), Name: c.Param("name")}
	if _, err := s.Compute.Find(item.Name); err != nil {
		return err // before the body is read
	}
	req, err := s.read(c, func(q *request, name string, raw []byte) (err error) {
		switch name {
		case "params":
			item.Params, err = params(raw, "/params")
		case "inputs":
			item.Inputs, err = inputs(raw, "/inputs")
		default:
			return unknownField("", name, "candles", "params", "inputs", "last", "decimals")
		}
		return err
	}, func(name, value string) error {
		return queryArg(&item, name, value)
	})
	if err != nil {
		return err
	}
	run := s.request(req)
	if err := run.Admit("/last", item); err != nil {
		return err
	}
	res, err := run.Run(c.Request().Context(), item)
	if err != nil {
		return err
	}
	c.Response().Header().Set("X-Cache", cacheHeader(res.Hit))
	if wantsArrow(c) {
		return writeArrow(c, res.Columns(item.ID, req.format))
	}
	out := outputs.Get().(*[]byte)
	defer giveBackOutput(out)
	if *out, err = res.AppendJSON((*out)[:0], req.format); err != nil {
		return err
	}
	return write(c, http.StatusOK, mediaJSON, *out)
}

func cacheHeader(hit bool) string {
	if hit {
		return "HIT"
	}
	return "MISS"
}

// request is what every request with candles has.
type request struct {
	candles *candle.Series
	format  compute.Format
}

// request begins to compute what was read, within what one request may have.
func (s *Server) request(req *request) *compute.Request {
	return s.Compute.Request(req.candles).Bound(s.MaxValues, req.format)
}

// read reads a request with candles: JSON, whose other members go to field, or
// Arrow, whose query goes to arg.
func (s *Server) read(c echo.Context, field func(q *request, name string, raw []byte) error, arg func(name, value string) error) (*request, error) {
	t, err := media(c, mediaJSON, mediaArrow)
	if err != nil {
		return nil, err
	}
	if t == mediaJSON {
		_, given, err := queryOf(c.QueryString())
		if err != nil {
			return nil, err
		}
		if len(given) > 0 {
			return nil, notInQuery(given[0], "nothing is read with JSON: the body has all, as /api/docs shows")
		}
	}
	b, err := body(c, s.MaxBody)
	if err != nil {
		return nil, err
	}
	defer giveBack(b)
	q := &request{format: compute.Exact}
	if t == mediaArrow {
		if err := readQuery(q, c.QueryString(), arg); err != nil {
			return nil, err
		}
		q.candles, err = candle.ReadArrow(bytes.NewReader(b.Bytes()), s.limits())
		return q, err
	}
	q.candles, err = candle.Decode(b.Bytes(), s.limits(), func(name string, raw []byte) error {
		if known, err := format(&q.format, name, raw); known {
			return err
		}
		return field(q, name, raw)
	})
	return q, err
}

func (s *Server) limits() candle.Limits {
	return candle.Limits{MaxCandles: s.MaxCandles, MaxBytes: s.MaxBody}
}

// formatQuery are the parameters of the query that say how results are written.
var formatQuery = []queryParam{
	{name: "last", doc: "Arrow: only the last bars, at most so many."},
	{name: "decimals", doc: "Arrow: round to so many places after the point."},
}

// readQuery reads what stands in the query of a request in Arrow: the names in their
// order, the values of one as they stand.
func readQuery(q *request, query string, arg func(name, value string) error) error {
	values, names, err := queryOf(query)
	if err != nil {
		return err
	}
	for _, name := range names {
		for k, value := range values[name] {
			known, err := format(&q.format, name, []byte(value))
			switch {
			case err != nil:
			case !known:
				err = arg(name, value)
			case k > 0:
				err = twice("/"+name, name)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// queryArg sets a parameter (period=14) or an input (input.real=hl2).
func queryArg(item *compute.Item, name, value string) error {
	if input, ok := strings.CutPrefix(name, "input."); ok {
		if item.Inputs == nil {
			item.Inputs = map[string]compute.Source{}
		}
		if _, again := item.Inputs[input]; again {
			return twice("/inputs/"+escape(input), name)
		}
		item.Inputs[input] = compute.Source{Column: value}
		return nil
	}
	if item.Params == nil {
		item.Params = map[string]any{}
	}
	if _, again := item.Params[name]; again {
		return twice("/params/"+escape(name), name)
	}
	if v, err := strconv.ParseFloat(value, 64); err == nil {
		item.Params[name] = v
	} else {
		item.Params[name] = value
	}
	return nil
}

// writeArrow sends columns; many of them as they are written, so that they are not
// held twice.
func writeArrow(c echo.Context, cols []candle.NamedColumn) error {
	if len(cols) > 0 && 8*len(cols)*len(cols[0].Values) > keep {
		return wroteArrow(candle.WriteArrow(parts{c, mediaArrow}, cols))
	}
	b := buffers.Get().(*bytes.Buffer)
	defer giveBack(b)
	if err := wroteArrow(candle.WriteArrow(b, cols)); err != nil {
		return err
	}
	return write(c, http.StatusOK, mediaArrow, b.Bytes())
}

func wroteArrow(err error) error {
	if err != nil {
		return fmt.Errorf("write arrow: %w", err)
	}
	return nil
}
