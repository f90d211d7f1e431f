package rest

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/gravitywavesml/gravity_techanalysis/engine"
	"github.com/gravitywavesml/gravity_techanalysis/host/compute"
	"github.com/gravitywavesml/gravity_techanalysis/host/identity"
)

func (s *Server) bricks() []endpoint {
	const tag = "Charts"
	return []endpoint{{
		method: http.MethodGet, path: "/api/v1/bricks", handle: s.listBricks, scope: identity.Analyze,
		id: "listBricks", tag: tag, summary: "Every chart of price alone there is",
		answers: []answer{{http.StatusOK, "The charts.", []content{{mediaJSON, brickList{}}}}},
		headers: validated,
	}, {
		method: http.MethodPost, path: "/api/v1/bricks/:name", handle: s.drawBricks, scope: identity.Analyze,
		id: "drawBricks", tag: tag, summary: "Draw candles as bricks, lines or columns",
		doc: "Candles go in as they do for a chart pattern, and Renko, three-line break or point and figure come out, brick by brick. A brick that is not open is never changed by a later candle. With Arrow, last and the parameters go in the query. The answer is JSON.",
		query: []queryParam{
			{name: "params", form: "NAME=VALUE", doc: "Arrow: a parameter of the chart by its name, brick=2.5."},
			{name: "last", doc: "Arrow: only bricks that were laid or grew in the last bars, at most so many."},
		},
		bodies:   []content{{mediaJSON, brickRequest{}}, {mediaArrow, nil}},
		answers:  []answer{{http.StatusOK, "The bricks.", []content{{mediaJSON, brickResult{}}}}},
		problems: []kind{unknownBricks, tooLarge, wrongMedia, invalidCandles, invalidParam},
	}}
}

type brickList struct {
	Bricks []compute.PatternInfo `json:"bricks"`
	Engine string                `json:"engine" description:"The version of the native engine."`
}

func (s *Server) listBricks(c echo.Context) error {
	list := brickList{Engine: engine.Version}
	for _, w := range compute.Brickworks() {
		list.Bricks = append(list.Bricks, compute.Info(&w.Spec))
	}
	return fresh(c, list)
}

func (s *Server) drawBricks(c echo.Context) error {
	if _, err := compute.Brickwork(c.Param("name")); err != nil {
		return err // before the body is read
	}
	req, item, err := s.readChart(c)
	if err != nil {
		return err
	}
	bricks, err := s.Compute.Request(req.candles).Bricks(item, req.format.Last)
	if err != nil {
		return err
	}
	return writeChart(c, bricks)
}
