package rest

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"
)

// page is a document that does not change while the process runs.
type page struct {
	media string
	body  []byte
	etag  string
}

func newPage(media string, body []byte) *page {
	return &page{media, body, etagOf(body)}
}

// Addresses of the documentation.
const (
	openAPIPath = "/api/openapi.json"
	docsPath    = "/api/docs"
	assetPath   = docsPath + "/" // and the name of an asset
)

// assetNames are the files that the documentation page loads.
var assetNames = []string{"docs.css", "docs.js", "icon.svg", pricesName}

// pricesName is a request with real prices, for every indicator at its defaults.
const pricesName = "prices.json"

var assetMedia = map[string]string{
	"docs.css": "text/css; charset=utf-8", "docs.js": "text/javascript; charset=utf-8", "icon.svg": "image/svg+xml",
	pricesName: mediaJSON,
}

func (s *Server) docs() []endpoint {
	const tag = "Documentation"
	return []endpoint{{
		method: http.MethodGet, path: openAPIPath, handle: s.servePage(openAPIPath),
		id: "openAPI", tag: tag, summary: "This description",
		headers: validated,
		doc:     "Of the native indicators; plugins come and go. It has an ETag and answers If-None-Match.",
		answers: []answer{{http.StatusOK, "An OpenAPI 3.1 document.", []content{{mediaJSON, object{}}}}},
	}, {
		method: http.MethodGet, path: docsPath, handle: s.servePage(docsPath),
		id: "docs", tag: tag, summary: "The documentation page",
		headers: validated,
		answers: []answer{{http.StatusOK, "A page that loads nothing from elsewhere.", []content{{"text/html", nil}}}},
	}, {
		method: http.MethodGet, path: assetPath + ":file", handle: s.serveAsset,
		id: "docsFile", tag: tag, summary: "What the documentation page loads, and prices to try the service with",
		headers: validated,
		answers: []answer{{http.StatusOK, "A style sheet, a script, a picture, or the body of a request.", []content{
			{"text/css", nil}, {"text/javascript", nil}, {"image/svg+xml", nil}, {mediaJSON, indicatorRequest{}},
		}}},
		problems: []kind{notFound},
	}, {
		method: http.MethodGet, path: "/problems/:name", handle: s.explainProblem,
		id: "explainProblem", tag: tag, summary: "What a type of problem means",
		doc:      "The type of a problem is this address.",
		answers:  []answer{{http.StatusFound, "The place in the documentation page.", nil}},
		problems: []kind{notFound},
	}}
}

// document makes what docs serves, once.
func (s *Server) document() error {
	openAPI, err := s.describe()
	if err != nil {
		return err
	}
	html, err := s.render()
	if err != nil {
		return err
	}
	s.pages = map[string]*page{
		openAPIPath: newPage(mediaJSON, openAPI),
		docsPath:    newPage("text/html; charset=utf-8", html),
	}
	for _, name := range assetNames {
		s.pages[assetPath+name] = newPage(assetMedia[name], read(name))
	}
	return nil
}

func (s *Server) servePage(path string) echo.HandlerFunc {
	return func(c echo.Context) error { return s.pages[path].serve(c) }
}

func (s *Server) serveAsset(c echo.Context) error {
	p, ok := s.pages[assetPath+c.Param("file")]
	if !ok {
		return echo.ErrNotFound
	}
	return p.serve(c)
}

// serve sends the page, or 304 to whom has it. A browser asks each time, so
// that a new version of the service shows its own documentation at once.
func (p *page) serve(c echo.Context) error { return serve(c, p.media, p.body, p.etag, askEachTime) }

func (s *Server) explainProblem(c echo.Context) error {
	name := c.Param("name")
	if !slices.ContainsFunc(kinds(), func(k kind) bool { return k.name == name }) {
		return echo.ErrNotFound
	}
	return c.Redirect(http.StatusFound, docsPath+"#problem-"+name)
}
