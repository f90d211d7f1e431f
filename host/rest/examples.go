package rest

import (
	"embed"
	"fmt"
	"io/fs"
	"net/http"
	"strings"
)

// example is a request with the answer that it gets. The documentation page and
// the description of the API show it; a test makes the request and wants that
// answer. What is sent is in docs/examples/NAME.request.json and what comes back
// in docs/examples/NAME.answer.json.
type example struct {
	name, title  string
	doc          string
	method, path string // the path with its query
	contentType  string
	accept       string
	file         string // a file that is sent instead, by the name that curl is given
	status       int
}

// The files that examples send.
const (
	arrowFile  = "candles.arrow" // its columns are in the request file
	pluginFile = "keltner_squeeze.wasm"
	textFile   = "README.md"

	strategyFile = "momentum_strategy.wasm"
)

// examples lists every example, in the order in which they hold: a plugin is
// uploaded before it is used.
var examples = []example{
	{
		name: "indicator-columns", title: "A relative strength index from closing prices",
		doc:    "Only the columns that the indicator reads need be there. The first value is at the bar that `warmup` says.",
		method: http.MethodPost, path: "/api/v1/indicators/rsi", contentType: mediaJSON, status: http.StatusOK,
	}, {
		name: "indicator-rows", title: "An average true range from candles as rows",
		doc:    "`last` keeps the answer short, `decimals` rounds it.",
		method: http.MethodPost, path: "/api/v1/indicators/atr", contentType: mediaJSON, status: http.StatusOK,
	}, {
		name: "indicator-inputs", title: "Bollinger bands of the typical price",
		doc:    "`inputs` maps an input of the indicator to another column, to `hl2`, `hlc3` or `ohlc4`, or to an array of your own.",
		method: http.MethodPost, path: "/api/v1/indicators/bbands", contentType: mediaJSON, status: http.StatusOK,
	}, {
		name: "compute", title: "Three indicators over the same candles",
		doc:    "Each has an `id` of its own. The slow average asks for more history than there is: its result is a problem, the others stand.",
		method: http.MethodPost, path: "/api/v1/compute", contentType: mediaJSON, status: http.StatusOK,
	}, {
		name: "arrow", title: "Two indicators, Arrow both ways",
		doc:    "Streams of columns, shown here as JSON.",
		method: http.MethodPost, path: "/api/v1/compute?indicator=fast:ema:period=3&indicator=slow:ema:period=5&last=2&decimals=4",
		contentType: mediaArrow, accept: mediaArrow, file: arrowFile, status: http.StatusOK,
	}, {
		name: "chart", title: "A double top",
		doc:    "The figure is known at the bar whose close broke the valley, and not before. The rules are the evidence.",
		method: http.MethodPost, path: "/api/v1/charts/double_top", contentType: mediaJSON, status: http.StatusOK,
	}, {
		name: "unknown-pattern", title: "A pattern that does not exist",
		method: http.MethodPost, path: "/api/v1/charts/head_and_shoulders", contentType: mediaJSON, status: http.StatusNotFound,
	}, {
		name: "bricks", title: "Renko",
		doc:    "A close that passes several levels lays several bricks; two levels back turn the chart.",
		method: http.MethodPost, path: "/api/v1/bricks/renko", contentType: mediaJSON, status: http.StatusOK,
	}, {
		name: "specification", title: "What an indicator takes and gives",
		method: http.MethodGet, path: "/api/v1/indicators/rsi", status: http.StatusOK,
	}, {
		name: "plugin-check", title: "Check a module before it goes anywhere",
		doc:    "The same checks as an upload's, and nothing is stored.",
		method: http.MethodPost, path: "/api/v1/plugins/check", contentType: mediaWasm, file: pluginFile, status: http.StatusOK,
	}, {
		name: "plugin-upload", title: "Upload a plugin",
		doc:    "It is checked, stored and active when the answer comes.",
		method: http.MethodPost, path: "/api/v1/plugins", contentType: mediaWasm, file: pluginFile, status: http.StatusCreated,
	}, {
		name: "plugin-run", title: "Compute it like any other indicator",
		doc:    "The answer also says which version computed it, and how much gas it took.",
		method: http.MethodPost, path: "/api/v1/indicators/keltner_squeeze", contentType: mediaJSON, status: http.StatusOK,
	}, {
		name: "plugin-refused", title: "A file that is no module",
		method: http.MethodPost, path: "/api/v1/plugins", contentType: mediaWasm, file: textFile, status: http.StatusUnprocessableEntity,
	}, {
		name: "plugin-delete", title: "Uninstall it",
		doc:    "Its versions are kept: `activate` brings one back.",
		method: http.MethodDelete, path: "/api/v1/plugins/keltner_squeeze", status: http.StatusNoContent,
	}, {
		name: "audit", title: "Who did that?",
		doc:    "The newest entries first; the header `Link` leads to the page after. `prev` is the hash of the entry before.",
		method: http.MethodGet, path: "/api/v1/audit?limit=2", status: http.StatusOK,
	}, {
		name: "strategy-upload", title: "Upload a strategy",
		doc:    "What makes a plugin a strategy is an output called `signal`.",
		method: http.MethodPost, path: "/api/v1/plugins", contentType: mediaWasm, file: strategyFile, status: http.StatusCreated,
	}, {
		name: "backtest", title: "What it would have made of the past",
		doc:    "The signal of a bar is filled at the open of the next one. The receipt names all that the figures depend on; `\"plot\": true` adds a picture.",
		method: http.MethodPost, path: "/api/v1/backtests", contentType: mediaJSON, status: http.StatusOK,
	}, {
		name: "backtest-version", title: "A version that does not answer here",
		doc:    "With `digest`, the module of a receipt is tested or none.",
		method: http.MethodPost, path: "/api/v1/backtests", contentType: mediaJSON, status: http.StatusConflict,
	}, {
		name: "no-strategy", title: "An indicator that is no strategy",
		method: http.MethodPost, path: "/api/v1/backtests", contentType: mediaJSON, status: http.StatusUnprocessableEntity,
	}, {
		name: "bad-candle", title: "A candle that cannot be",
		doc:    "The pointer leads to the first bad value, in the form in which the candles came.",
		method: http.MethodPost, path: "/api/v1/indicators/atr", contentType: mediaJSON, status: http.StatusUnprocessableEntity,
	}, {
		name: "unknown-indicator", title: "A name that does not exist",
		method: http.MethodPost, path: "/api/v1/indicators/rsj", contentType: mediaJSON, status: http.StatusNotFound,
	}, {
		name: "bad-parameter", title: "A parameter out of range",
		method: http.MethodPost, path: "/api/v1/indicators/rsi", contentType: mediaJSON, status: http.StatusUnprocessableEntity,
	}, {
		name: "short-history", title: "Too few candles",
		method: http.MethodPost, path: "/api/v1/indicators/rsi", contentType: mediaJSON, status: http.StatusUnprocessableEntity,
	}, {
		name: "not-json", title: "A body that ends early",
		method: http.MethodPost, path: "/api/v1/compute", contentType: mediaJSON, status: http.StatusBadRequest,
	}, {
		name: "ready", title: "Is it ready?",
		method: http.MethodGet, path: "/health/ready", status: http.StatusOK,
	},
}

//go:embed docs
var files embed.FS

// read returns a file under docs. They are in the binary, so it is there.
func read(name string) []byte {
	b, err := fs.ReadFile(files, "docs/"+name)
	if err != nil {
		panic(fmt.Sprintf("rest: %v", err))
	}
	return b
}

// request is the body that is shown: nothing for a request without one, and for
// an Arrow stream its columns.
func (x *example) request() []byte {
	if x.contentType == "" || x.file != "" && x.file != arrowFile {
		return nil
	}
	return read("examples/" + x.name + ".request.json")
}

// answer is the body that comes back; for an Arrow stream its columns.
func (x *example) answer() []byte {
	if x.status == http.StatusNoContent {
		return nil
	}
	return read("examples/" + x.name + ".answer.json")
}

// route is the path without its query.
func (x *example) route() string {
	path, _, _ := strings.Cut(x.path, "?")
	return path
}

// answerType is the type of the answer.
func (x *example) answerType() string {
	switch {
	case x.status >= http.StatusBadRequest:
		return problemType
	case x.accept != "":
		return x.accept
	}
	return mediaJSON
}

// curl is the request as a command, against the service at origin.
func (x *example) curl(origin string) string {
	address := origin + x.path
	if strings.ContainsAny(address, "?&") {
		address = "'" + address + "'"
	}
	lines := []string{"curl -s " + address}
	if x.method != http.MethodGet && x.method != http.MethodPost {
		lines[0] = "curl -s -X " + x.method + " " + address
	}
	if x.contentType != "" {
		lines = append(lines, "-H 'Content-Type: "+x.contentType+"'")
	}
	if x.accept != "" {
		lines = append(lines, "-H 'Accept: "+x.accept+"'")
	}
	switch {
	case x.file != "":
		lines = append(lines, "--data-binary @"+x.file)
	case x.contentType != "":
		lines = append(lines, "-d '"+strings.TrimSpace(string(x.request()))+"'")
	}
	return strings.Join(lines, " \\\n  ")
}
