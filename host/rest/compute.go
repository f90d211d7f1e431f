package rest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/gravitywavesml/gravity_techanalysis/host/admission"
	"github.com/gravitywavesml/gravity_techanalysis/host/candle"
	"github.com/gravitywavesml/gravity_techanalysis/host/compute"
	"github.com/gravitywavesml/gravity_techanalysis/host/identity"
)

func (s *Server) compute() []endpoint {
	return []endpoint{{
		method: http.MethodPost, path: "/api/v1/compute", handle: s.runCompute, scope: identity.Analyze,
		id: "compute", tag: "Indicators", summary: "Compute many indicators over the same candles",
		doc: "One item failing fails only itself: its result is a problem. Where all of them fail because the caller has too many calls of plugins under way, there is nothing to answer with, and the request as a whole is refused with 429. With Arrow, indicators go in the query as indicator=ID:NAME:param=value, and result columns are named ID.OUTPUT; there one item failing fails the request, since a column cannot hold a problem.",
		query: append([]queryParam{
			{name: "indicator", doc: "Arrow: ID:NAME:param=value:param=value, once for each indicator; input.NAME=COLUMN has an input read another column."},
		}, formatQuery...),
		headers: []string{headerCache, headerVary},
		bodies:  []content{{mediaJSON, computeRequest{}}, {mediaArrow, nil}},
		answers: []answer{{http.StatusOK, "The results by id.", []content{
			{mediaJSON, computeResult{}}, {mediaArrow, nil},
		}}},
		problems: append([]kind{unknownName, tooLarge, wrongMedia, invalidCandles, invalidParam, shortHistory, killed, busy, notCompiled, storeAway}, faultKinds()...),
	}}
}

func (s *Server) runCompute(c echo.Context) error {
	c.Response().Header().Set(echo.HeaderVary, echo.HeaderAccept)
	var items []compute.Item
	req, err := s.read(c, func(_ *request, name string, raw []byte) (err error) {
		if name != "indicators" {
			return unknownField("", name, "candles", "indicators", "last", "decimals")
		}
		items, err = s.items(raw)
		return err
	}, func(name, value string) error {
		if name != "indicator" {
			return unknownField("", name, "indicator", "last", "decimals")
		}
		item, err := itemOf("/indicators", value)
		items = append(items, item)
		return err
	})
	if err != nil {
		return err
	}
	if len(items) == 0 {
		return refuse("/indicators", "empty", "indicators must name at least one indicator")
	}
	if err := s.distinct(items); err != nil {
		return err
	}
	if wantsArrow(c) {
		return s.computeArrow(c, req, items)
	}
	return s.computeJSON(c, req, items)
}

// computeJSON writes the results when all are there, so that the header can say
// whether they were at hand, and a long answer in parts, so that it is not held too.
func (s *Server) computeJSON(c echo.Context, req *request, items []compute.Item) error {
	run := s.request(req)
	if err := run.Admit("/indicators", items...); err != nil {
		return err
	}
	results, problems := make([]*compute.Result, len(items)), make([][]byte, len(items))
	hits, refused := 0, 0
	for i, item := range items {
		res, err := run.Run(c.Request().Context(), item)
		if err != nil {
			if errors.Is(err, admission.ErrBusy) {
				if refused++; refused == len(items) {
					return err // of the last, whose wait is the newest
				}
			}
			if problems[i], err = s.itemProblem(c, err, i); err != nil {
				return err
			}
			continue
		}
		if res.Hit {
			hits++
		}
		results[i] = res
	}
	c.Response().Header().Set("X-Cache", cacheHeader(hits == len(items)))
	out, long := outputs.Get().(*[]byte), parts{c, mediaJSON}
	defer giveBackOutput(out)
	b := append((*out)[:0], `{"results":{`...)
	for i, item := range items {
		if i > 0 {
			b = append(b, ',')
		}
		id, err := json.Marshal(item.ID)
		if err != nil {
			return err
		}
		b = append(append(b, id...), ':')
		if results[i] == nil {
			b = append(b, problems[i]...)
		} else if b, err = results[i].AppendJSON(b, req.format); err != nil {
			return err
		}
		*out = b
		if len(b) > keep {
			if _, err := long.Write(b); err != nil {
				return err
			}
			b = b[:0]
		}
	}
	b = append(b, '}', '}')
	*out = b
	if c.Response().Committed {
		_, err := long.Write(b)
		return err
	}
	return write(c, http.StatusOK, mediaJSON, b)
}

// itemProblem is what stands in the place of a result.
func (s *Server) itemProblem(c echo.Context, err error, i int) ([]byte, error) {
	p := problemOf(&partError{"/indicators/" + strconv.Itoa(i), err})
	id := c.Response().Header().Get(echo.HeaderXRequestID)
	p.Instance = "/requests/" + id
	if p.Status >= http.StatusInternalServerError {
		s.log.Error("indicator failed", "request_id", id, "item", i, "error", err)
	}
	return json.Marshal(p)
}

func (s *Server) computeArrow(c echo.Context, req *request, items []compute.Item) error {
	run := s.request(req)
	if err := run.Admit("/indicators", items...); err != nil {
		return err
	}
	var cols []candle.NamedColumn
	hits := 0
	for i, item := range items {
		res, err := run.Run(c.Request().Context(), item)
		if err != nil {
			return &partError{"/indicators/" + strconv.Itoa(i), err}
		}
		if res.Hit {
			hits++
		}
		cols = append(cols, res.Columns(item.ID, req.format)...)
	}
	c.Response().Header().Set("X-Cache", cacheHeader(hits == len(items)))
	return writeArrow(c, cols)
}

// items reads [{"id", "name", "params", "inputs"}, ...].
func (s *Server) items(raw []byte) ([]compute.Item, error) {
	if k := kindOf(raw); k != "array" {
		return nil, refuse("/indicators", "wrong-type", "indicators must be an array of objects, not "+article(k))
	}
	var each [][]byte
	if err := candle.Elements(raw, func(value []byte) error {
		each = append(each, value)
		return nil
	}); err != nil {
		return nil, err
	}
	if len(each) > s.MaxIndicators {
		return nil, refuse("/indicators", "too-many", fmt.Sprintf("there are %d indicators; at most %d go in one request", len(each), s.MaxIndicators))
	}
	items := make([]compute.Item, len(each))
	for i, raw := range each {
		if err := readItem(&items[i], raw, "/indicators/"+strconv.Itoa(i)); err != nil {
			return nil, err
		}
	}
	return items, nil
}

func readItem(item *compute.Item, raw []byte, at string) error {
	err := members(raw, at, "an indicator", func(name string, value []byte) (err error) {
		switch name {
		case "id":
			item.ID, err = text(value, at+"/id")
			if err == nil && (item.ID == "" || len(item.ID) > maxID) {
				err = refuse(at+"/id", "out-of-range", fmt.Sprintf("an id has 1 to %d bytes", maxID))
			}
		case "name":
			item.Name, err = text(value, at+"/name")
		case "params":
			item.Params, err = params(value, at+"/params")
		case "inputs":
			item.Inputs, err = inputs(value, at+"/inputs")
		default:
			err = unknownField(at, name, "id", "name", "params", "inputs")
		}
		return err
	})
	if err != nil {
		return err
	}
	if item.Name == "" {
		return refuse(at+"/name", "missing-field", "an indicator needs a name")
	}
	if item.ID == "" {
		item.ID = item.Name
	}
	return nil
}

// maxID is the longest id of an item in bytes: a line of a table, not a text.
const maxID = 128

// itemOf reads ID:NAME:param=value:param=value, for what is at that pointer.
func itemOf(at, value string) (compute.Item, error) {
	id, rest, ok := strings.Cut(value, ":")
	name, args, _ := strings.Cut(rest, ":")
	item := compute.Item{ID: id, Name: name}
	if !ok || id == "" || name == "" || len(id) > maxID {
		return item, refuse(at, "syntax", fmt.Sprintf("%q is not ID:NAME:param=value", value))
	}
	for _, arg := range strings.Split(args, ":") {
		if arg == "" {
			continue
		}
		k, v, ok := strings.Cut(arg, "=")
		if !ok {
			return item, refuse(at, "syntax", fmt.Sprintf("%q is not param=value", arg))
		}
		if err := queryArg(&item, k, v); err != nil {
			return item, err
		}
	}
	return item, nil
}

// distinct refuses an id that is used twice, and too many items.
func (s *Server) distinct(items []compute.Item) error {
	if len(items) > s.MaxIndicators {
		return refuse("/indicators", "too-many", fmt.Sprintf("there are %d indicators; at most %d go in one request", len(items), s.MaxIndicators))
	}
	seen := make(map[string]bool, len(items))
	for i, item := range items {
		if seen[item.ID] {
			return refuse(fmt.Sprintf("/indicators/%d/id", i), "duplicate-id", fmt.Sprintf("the id %q is used twice; give each indicator its own", item.ID))
		}
		seen[item.ID] = true
	}
	return nil
}
