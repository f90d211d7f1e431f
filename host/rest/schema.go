package rest

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"github.com/swaggest/jsonschema-go"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/candle"
	"github.com/gravitywavesml/gravity_techanalysis/host/compute"
	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
)

// The types below describe bodies that are read and written by hand, for speed.
// Nothing is ever decoded into them.

type indicatorRequest struct {
	Candles  candles       `json:"candles"`
	Params   paramValues   `json:"params,omitempty"`
	Inputs   inputSources  `json:"inputs,omitempty"`
	Last     lastBars      `json:"last,omitempty"`
	Decimals decimalPlaces `json:"decimals,omitempty"`
	_        sealed        `additionalProperties:"false"`
}

type computeRequest struct {
	Candles    candles       `json:"candles"`
	Indicators []computeItem `json:"indicators" minItems:"1" description:"The indicators to compute, each with an id of its own."`
	Last       lastBars      `json:"last,omitempty"`
	Decimals   decimalPlaces `json:"decimals,omitempty"`
	_          sealed        `additionalProperties:"false"`
}

type computeItem struct {
	ID     string       `json:"id,omitempty" minLength:"1" maxLength:"128" description:"Names the result; the name of the indicator unless told."`
	Name   string       `json:"name" description:"A native indicator or a plugin."`
	Params paramValues  `json:"params,omitempty"`
	Inputs inputSources `json:"inputs,omitempty"`
	_      sealed       `additionalProperties:"false"`
}

// sealed is in an object that takes no other members.
type sealed struct{}

type indicatorResult struct {
	Name    string                 `json:"name" description:"The indicator."`
	Params  paramValues            `json:"params"`
	Warmup  int                    `json:"warmup" minimum:"0" description:"The index of the first bar that can have a value, from 0."`
	Bars    int                    `json:"bars" minimum:"1" description:"How many candles there were."`
	Outputs map[string]outputValue `json:"outputs" description:"Each output by name, oldest bar first: as long as the candles, or last."`
	Engine  string                 `json:"engine" description:"The version of the native engine: as long as it is the same, so is every bit of every value."`
	Plugin  *registry.Origin       `json:"plugin,omitempty" description:"The uploaded module that computed this; absent for a native indicator."`
	Gas     uint64                 `json:"gas,omitempty" description:"A plugin's metered work, the same on every run and machine."`
}

type computeResult struct {
	Results map[string]resultOrProblem `json:"results" description:"By id: a result, or the problem of that indicator alone."`
}

type resultOrProblem struct{}

func (resultOrProblem) JSONSchemaOneOf() []any { return []any{indicatorResult{}, Problem{}} }

type chartRequest struct {
	Candles candles     `json:"candles"`
	Params  paramValues `json:"params,omitempty"`
	Inputs  chartInputs `json:"inputs,omitempty"`
	Last    lastKnown   `json:"last,omitempty"`
	_       sealed      `additionalProperties:"false"`
}

type chartInputs struct {
	Oscillator source `json:"oscillator,omitempty"`
	_          sealed `additionalProperties:"false" description:"What divergences compare the price with, where it is not one of the engine's."`
}

type chartResult struct {
	Name       string      `json:"name" description:"The pattern."`
	Params     paramValues `json:"params"`
	Bars       int         `json:"bars" minimum:"1" description:"How many candles there were."`
	Found      int         `json:"found" minimum:"0" description:"How many figures there were, those of the last bars where last is given. The newest 1000 are in the answer."`
	Detections []detection `json:"detections" description:"The figures, in order of the bar that made them known."`
	Engine     string      `json:"engine" description:"The version of the native engine."`
}

type detection struct {
	Pattern    string       `json:"pattern"`
	Direction  string       `json:"direction" enum:"bearish,neutral,bullish" description:"Where the figure says that the price goes."`
	Bar        int          `json:"bar" minimum:"0" description:"The bar whose close made the figure known, from 0: all that it uses had happened."`
	Timestamp  string       `json:"timestamp,omitempty" format:"date-time" description:"When that bar began, where the candles have timestamps."`
	Confidence float64      `json:"confidence" minimum:"0" maximum:"1" description:"How much is left of the rules' tolerances, on average: 1 where every measure is the ideal, 0 where each is at its bound. No probability."`
	Points     []chartPoint `json:"points" description:"What the figure is made of, in order of time."`
	Rules      []chartRule  `json:"rules" description:"The evidence: each rule with what was found and what is allowed."`
	Zone       *chartZone   `json:"zone,omitempty" description:"Of a harmonic: the prices at which its last point keeps the rules that measure it. Absent where no price does."`
}

type chartZone struct {
	Near float64 `json:"near" description:"The end that the price comes to first."`
	Far  float64 `json:"far"`
}

type chartPoint struct {
	Name  string  `json:"name"`
	Bar   int     `json:"bar" minimum:"0"`
	Price float64 `json:"price"`
}

type chartRule struct {
	Name  string  `json:"name"`
	Doc   string  `json:"doc" description:"What is measured, and in what."`
	Found float64 `json:"found,omitempty" description:"What was found: a ratio of distances, or a number of bars. Absent where prices are too large to tell."`
	Least float64 `json:"least,omitempty" description:"The least that is allowed; absent for no bound."`
	Ideal float64 `json:"ideal" description:"What the book would draw."`
	Most  float64 `json:"most,omitempty" description:"The most that is allowed; absent for no bound."`
	Met   bool    `json:"met"`
}

type brickRequest struct {
	Candles candles     `json:"candles"`
	Params  paramValues `json:"params,omitempty"`
	Last    lastLaid    `json:"last,omitempty"`
	_       sealed      `additionalProperties:"false"`
}

type brickResult struct {
	Name   string      `json:"name" description:"The chart."`
	Params paramValues `json:"params"`
	Bars   int         `json:"bars" minimum:"1" description:"How many candles there were."`
	Laid   int         `json:"laid" minimum:"0" description:"How many bricks there were, those of the last bars where last is given. The newest 10000 are in the answer."`
	Bricks []brick     `json:"bricks" description:"Bricks, lines or columns, oldest first."`
	Engine string      `json:"engine" description:"The version of the native engine."`
}

type brick struct {
	Bar       int     `json:"bar" minimum:"0" description:"The bar at whose close it was laid, from 0."`
	Last      int     `json:"last" minimum:"0" description:"The bar at whose close it reached its end. Only columns grow after they are laid."`
	From      float64 `json:"from" description:"The price where it begins, of a column that of its first box."`
	To        float64 `json:"to" description:"The price where it ends, of a column that of its last box."`
	Up        bool    `json:"up" description:"It rises."`
	Open      bool    `json:"open" description:"A later candle may change it: only the newest column."`
	Timestamp string  `json:"timestamp,omitempty" format:"date-time" description:"When the bar that laid it began, where the candles have timestamps."`
}

type backtestRequest struct {
	Candles  candles       `json:"candles"`
	Strategy strategyItem  `json:"strategy"`
	Rules    rules         `json:"rules,omitempty"`
	Digest   string        `json:"digest,omitempty" pattern:"^sha256:[0-9a-f]{64}$" description:"The version of the plugin that is to be tested, whether it answers or is only stored: a problem where there is none. The active one unless told."`
	Plot     bool          `json:"plot,omitempty" description:"Draw the run."`
	Last     lastBars      `json:"last,omitempty"`
	Decimals decimalPlaces `json:"decimals,omitempty"`
	_        sealed        `additionalProperties:"false"`
}

type strategyItem struct {
	Name   string       `json:"name" description:"An indicator with an output called signal."`
	Params paramValues  `json:"params,omitempty"`
	Inputs inputSources `json:"inputs,omitempty"`
	_      sealed       `additionalProperties:"false"`
}

type backtestResult struct {
	Strategy indicatorResult `json:"strategy" description:"What the strategy gave, as POST /api/v1/indicators/{name} answers."`
	Rules    rules           `json:"rules"`
	Summary  tradeSummary    `json:"summary"`
	Trades   []tradeResult   `json:"trades" description:"In order of their entries; the newest 10000."`
	Equity   outputValue     `json:"equity" description:"At the close of each bar, in money: as long as the candles, or last."`
	Drawdown outputValue     `json:"drawdown" description:"How far the equity is below its highest so far, as a part of it."`
	Hold     holdResult      `json:"hold" description:"The same money in the same bars, bought at the open of the second by the same rules and kept."`
	Receipt  receiptResult   `json:"receipt"`
	Plot     string          `json:"plot,omitempty" description:"The run as SVG: the price with what was bought and sold, the equity over that of who holds, the drawdown. Only where plot is true."`
}

type holdResult struct {
	Summary tradeSummary `json:"summary"`
	Equity  outputValue  `json:"equity"`
}

type tradeSummary struct {
	Final          figure `json:"final" description:"Equity at the last bar."`
	Return         figure `json:"return" description:"Of the whole, as a part: 0.1 is ten percent."`
	CAGR           figure `json:"cagr" description:"The return of a year that would have come to the same; null without timestamps."`
	Volatility     figure `json:"volatility" description:"Standard deviation of the returns of bars, times the root of the bars in a year."`
	Sharpe         figure `json:"sharpe" description:"Mean return of a bar over the standard deviation of those returns (T values, over T-1), times the root of the bars in a year (Sharpe 1994). The rate without risk is 0."`
	Sortino        figure `json:"sortino" description:"As sharpe, over the root of the mean square of the losses (Sortino and Price 1994)."`
	MaxDrawdown    figure `json:"max_drawdown" description:"The largest fall from a high, as a part of it."`
	DrawdownBars   int    `json:"drawdown_bars" description:"Bars from that high until the equity was as high again, or until the last bar."`
	Exposure       figure `json:"exposure" description:"Share of the bars at whose close something was held."`
	Trades         int    `json:"trades" description:"How many have ended."`
	WinRate        figure `json:"win_rate" description:"Share of those that made a profit; null where none has ended."`
	ProfitFactor   figure `json:"profit_factor" description:"The profits of those over the losses of the others; null without a loss."`
	Orders         int    `json:"orders"`
	Turnover       figure `json:"turnover" description:"Values of all orders, each as a part of the equity before it."`
	Fees           figure `json:"fees" description:"In money."`
	Slippage       figure `json:"slippage" description:"In money."`
	Ruined         bool   `json:"ruined" description:"Nothing was left, and the run ended there."`
	PeriodsPerYear figure `json:"periods_per_year" description:"As many bars are in a year: the rule, or what the timestamps say, or 252."`
}

type tradeResult struct {
	Side       string `json:"side" enum:"long,short"`
	Entry      int    `json:"entry" minimum:"1" description:"The bar at whose open it began, from 0."`
	Exit       int    `json:"exit" minimum:"1" description:"The bar at which it ended; of one that is open the last."`
	Bars       int    `json:"bars" minimum:"0" description:"How many bars it was held."`
	Units      figure `json:"units" description:"The most that were held."`
	EntryPrice figure `json:"entry_price" description:"What a unit cost on average, slippage included and fees not."`
	ExitPrice  figure `json:"exit_price" description:"What a unit brought on average; what is still held counts at the newest price."`
	Orders     int    `json:"orders" minimum:"1"`
	Fees       figure `json:"fees" description:"In money."`
	Profit     figure `json:"profit" description:"After fees, in money."`
	Return     figure `json:"return" description:"The profit as a part of the value of the orders that opened and enlarged it."`
	End        string `json:"end" enum:"signal,ruin,open" description:"Why it has ended: the signal, or nothing was left. One that is open has not."`
	EntryTime  string `json:"entry_time,omitempty" format:"date-time" description:"When the bar of its entry began, where the candles have timestamps."`
	ExitTime   string `json:"exit_time,omitempty" format:"date-time"`
}

type receiptResult struct {
	Strategy string                  `json:"strategy"`
	Plugin   *registry.Origin        `json:"plugin,omitempty" description:"The uploaded module; absent for a native indicator."`
	Engine   string                  `json:"engine" description:"The version of the native engine, which trades the signal."`
	Params   paramValues             `json:"params"`
	Inputs   map[string]inputReceipt `json:"inputs" description:"What each input of the strategy read."`
	Bars     int                     `json:"bars" minimum:"1"`
	Prices   map[string]columnDigest `json:"prices" description:"The columns that orders are filled and positions valued by: open, close, and timestamp where there is one."`
	Rules    rules                   `json:"rules"`
	Outputs  map[string]columnDigest `json:"outputs" description:"What the strategy gave."`
	Equity   columnDigest            `json:"equity"`
	Gas      uint64                  `json:"gas,omitempty" description:"A plugin's metered work, the same on every run and machine."`
}

type inputReceipt struct {
	Column string       `json:"column,omitempty" description:"Absent for an array of the caller's own."`
	Digest columnDigest `json:"digest"`
}

// candles are in one of two forms.
type candles struct{}

func (candles) JSONSchemaOneOf() []any { return []any{candleColumns{}, candleRows{}} }

func (candles) Description() string {
	return "Market data, oldest bar first, as columns or as rows; the two are equal. A high is the highest price of its bar and a low the lowest."
}

type candleColumns struct {
	Timestamp []timestamp `json:"timestamp,omitempty" description:"When each bar began, increasing."`
	Open      []measure   `json:"open,omitempty"`
	High      []measure   `json:"high,omitempty"`
	Low       []measure   `json:"low,omitempty"`
	Close     []measure   `json:"close,omitempty"`
	Volume    []measure   `json:"volume,omitempty"`
	_         sealed      `additionalProperties:"false" description:"One list for each column, equally long. A column that no indicator asked for needs may be absent."`
}

type candleRows []candleRow

func (candleRows) Description() string { return "One object for each bar." }

type candleRow struct {
	Timestamp *timestamp `json:"timestamp,omitempty"`
	Open      *measure   `json:"open,omitempty"`
	High      *measure   `json:"high,omitempty"`
	Low       *measure   `json:"low,omitempty"`
	Close     *measure   `json:"close,omitempty"`
	Volume    *measure   `json:"volume,omitempty"`
	_         sealed     `additionalProperties:"false"`
}

// fixed are the schemas of types that say more than their Go type does.
var fixed = map[reflect.Type]string{
	reflect.TypeFor[measure](): `{
		"type": ["number", "null"], "minimum": 0,
		"description": "A price or a volume; null is a missing value."}`,
	reflect.TypeFor[figure](): `{"type": ["number", "null"]}`,
	reflect.TypeFor[columnDigest](): `{
		"type": "string", "pattern": "^sha256:[0-9a-f]{64}$",
		"description": "SHA-256 of a column as little-endian numbers of 64 bits, oldest bar first, a missing value as 0x7ff8000000000001."}`,
	reflect.TypeFor[timestamp](): `{
		"description": "RFC 3339 text, Unix seconds, or from 1e11 up Unix milliseconds; one kind in a request.",
		"oneOf": [{"type": "string", "format": "date-time"}, {"type": "integer"}]}`,
	reflect.TypeFor[paramValues](): `{
		"type": "object", "additionalProperties": {"type": ["number", "string"]},
		"description": "Parameters by name, a choice by its name; each has a default. components/schemas/params_NAME has those of the native indicator NAME, GET /api/v1/charts those of the chart patterns, GET /api/v1/bricks those of charts of price alone."}`,
	reflect.TypeFor[ta.Args](): `{
		"type": "object", "additionalProperties": {"type": ["number", "string"]},
		"description": "The parameters of the call."}`,
	reflect.TypeFor[lastBars](): `{
		"type": "integer", "minimum": 1,
		"description": "Answer with the last bars only, at most so many."}`,
	reflect.TypeFor[lastKnown](): `{
		"type": "integer", "minimum": 1,
		"description": "Only figures that became known in the last bars, at most so many."}`,
	reflect.TypeFor[lastLaid](): `{
		"type": "integer", "minimum": 1,
		"description": "Only bricks that were laid or grew in the last bars, at most so many."}`,
	reflect.TypeFor[decimalPlaces](): `{
		"type": "integer", "minimum": 0, "maximum": 15,
		"description": "Round to so many places after the point. Unless told, a number has the fewest digits that read back as the same 64-bit float."}`,
	reflect.TypeFor[outputValue](): `{
		"type": "array", "items": {"type": ["number", "null"]},
		"description": "null where there is no value."}`,
	reflect.TypeFor[ta.Param](): `{
		"type": "object", "required": ["name", "default"],
		"description": "A parameter: a number from min to max, or one of the choices.",
		"properties": {
			"name": {"type": "string"},
			"default": {"type": ["number", "string"], "description": "A number, or the name of a choice."},
			"min": {"type": "number"}, "max": {"type": "number"},
			"at_least": {"type": "string", "description": "Another parameter, which this one may not be less than."},
			"integer": {"type": "boolean", "description": "Whole numbers only."},
			"choices": {"type": "array", "items": {"type": "string"}},
			"doc": {"type": "string"}}}`,
	reflect.TypeFor[ta.Formula](): `{
		"type": ["integer", "string"],
		"description": "A number of bars, or a formula over the parameters: max(fast, slow) + signal - 1."}`,
}

type (
	rules         struct{}
	columnDigest  struct{}
	figure        struct{}
	measure       struct{}
	timestamp     struct{}
	paramValues   struct{}
	inputSources  struct{}
	lastBars      struct{}
	lastKnown     struct{}
	lastLaid      struct{}
	source        struct{}
	decimalPlaces struct{}
	outputValue   struct{}
)

// words are the values of types that are one of a few words.
var words = map[reflect.Type][]any{
	reflect.TypeFor[ta.Group]():  anys(ta.Groups),
	reflect.TypeFor[ta.Input]():  anys(ta.Inputs),
	reflect.TypeFor[ta.Unit]():   anys(ta.Units),
	reflect.TypeFor[ta.Memory](): anys(ta.Memories),
}

// meaning has what the fields of a type of another room mean, by JSON name:
// those rooms know nothing of the description.
var meaning = map[reflect.Type]map[string]string{
	reflect.TypeFor[ta.Spec]():       specMeaning,
	reflect.TypeFor[indicatorInfo](): specMeaning, // it has a Spec's fields as its own
	reflect.TypeFor[ta.Output](): {
		"unit": "price doubles when prices double, volume when volumes do; percent and ratio do not; signal is below zero to sell and above zero to buy; none has no such law.",
	},
	reflect.TypeFor[compute.PatternInfo](): {
		"name":   specMeaning["name"],
		"title":  specMeaning["title"],
		"doc":    "What it looks like, its rules, the source.",
		"inputs": "What it reads. The oscillator is one of the engine's unless told.",
		"params": specMeaning["params"],
	},
	reflect.TypeFor[registry.Origin](): {
		"digest": "sha256: and 64 hexadecimal digits.",
	},
}

var specMeaning = map[string]string{
	"name":    "The name in URLs, a to z, then also 0 to 9 and _.",
	"title":   "What people call it.",
	"doc":     "What it measures, the formula, the source.",
	"group":   "Its family.",
	"inputs":  "What it reads. real and real0 are close unless told; real1 and periods have no default. timestamp is in Unix seconds.",
	"params":  "What a caller may set.",
	"outputs": "What it gives, one column each.",
	"memory":  "How far back a value looks: window, the last bars; fading, older bars weigh less and less; running, the first bar for ever.",
}

func anys[T any](list []T) []any {
	all := make([]any, len(list))
	for i, v := range list {
		all[i] = v
	}
	return all
}

// object is a JSON object of the description. Its members are written in the
// order of their names, so that the description is the same on every start.
type object = map[string]any

// schemas collects the schemas of the description by name.
type schemas struct {
	reflector jsonschema.Reflector
	named     object
	types     map[string]reflect.Type // to find two types of one name
	err       error
}

// schemaPrefix is where the description keeps them.
const schemaPrefix = "#/components/schemas/"

func newSchemas() *schemas {
	s := &schemas{named: object{}, types: map[string]reflect.Type{}}
	s.reflector.DefaultOptions = []func(*jsonschema.ReflectContext){
		jsonschema.DefinitionsPrefix(schemaPrefix),
		jsonschema.RootRef,
		jsonschema.InterceptDefName(s.name),
		jsonschema.CollectDefinitions(func(name string, schema jsonschema.Schema) { s.named[name] = schema }),
		jsonschema.InterceptSchema(known),
		jsonschema.InterceptProp(member),
		jsonschema.InterceptNullability(notNull),
	}
	return s
}

// of returns the schema of v's type: for a named type a reference to it.
func (s *schemas) of(v any) any {
	schema, err := s.reflector.Reflect(v)
	s.err = errors.Join(s.err, err)
	return schema
}

// name is what the description calls a type: Version of plugin is
// PluginVersion, Problem of this package is Problem.
func (s *schemas) name(t reflect.Type, _ string) string {
	name := []rune(t.Name())
	name[0] = unicode.ToUpper(name[0])
	full := string(name)
	if room := t.PkgPath()[strings.LastIndex(t.PkgPath(), "/")+1:]; room == "plugin" && full != "Plugin" {
		full = "Plugin" + full
	}
	if before, ok := s.types[full]; ok && before != t {
		s.err = errors.Join(s.err, fmt.Errorf("two types, %v and %v, are both called %s in the description", before, t, full))
	}
	s.types[full] = t
	return full
}

// known gives a type its fixed schema or its words.
func known(p jsonschema.InterceptSchemaParams) (stop bool, err error) {
	if p.Processed {
		if p.Schema.OneOf != nil {
			p.Schema.Type = nil // of the empty struct that stands for the choice
		}
		return false, nil
	}
	t := p.Value.Type()
	switch t {
	case reflect.TypeFor[inputSources]():
		return true, json.Unmarshal(inputSchema(), p.Schema)
	case reflect.TypeFor[rules]():
		return true, json.Unmarshal(encoded(paramsOf(compute.BacktestRules())), p.Schema)
	case reflect.TypeFor[source]():
		return true, json.Unmarshal(encoded(sourceSchema), p.Schema)
	}
	if text, ok := fixed[t]; ok {
		return true, json.Unmarshal([]byte(text), p.Schema)
	}
	if list, ok := words[t]; ok {
		p.Schema.AddType(jsonschema.String)
		p.Schema.Enum = list
		return true, nil
	}
	return false, nil
}

func inputSchema() []byte {
	return encoded(object{
		"type":                 "object",
		"description":          "What an input of the indicator reads, where it is not its default: a column of the candles, or an array as long as they are.",
		"additionalProperties": sourceSchema,
	})
}

// sourceSchema is what an input reads.
var sourceSchema = object{"oneOf": []any{
	object{"type": "string", "enum": candle.Columns},
	object{"type": "array", "items": object{"type": []string{"number", "null"}}},
}}

func encoded(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings alone
	}
	return b
}

// member makes a property required unless it is left out when empty, and adds
// what it means.
func member(p jsonschema.InterceptPropParams) error {
	if !p.Processed || p.Name == "_" {
		return nil
	}
	tag := p.Field.Tag.Get("json")
	if !strings.Contains(tag, ",omitempty") && !strings.Contains(tag, ",omitzero") && !slices.Contains(p.ParentSchema.Required, p.Name) {
		p.ParentSchema.Required = append(p.ParentSchema.Required, p.Name)
	}
	if p.Field.Type.Kind() == reflect.Pointer {
		p.PropertySchema.RemoveType(jsonschema.Null)
	}
	of := p.ParentSchema.ReflectType
	for of.Kind() == reflect.Pointer {
		of = of.Elem()
	}
	if doc, ok := meaning[of][p.Name]; ok {
		p.PropertySchema.WithDescription(doc)
	}
	if of == reflect.TypeFor[Problem]() && p.Name == "type" {
		for _, k := range kinds() {
			p.PropertySchema.Enum = append(p.PropertySchema.Enum, k.uri())
		}
	}
	return nil
}

// notNull takes back the null that the reflector adds for every pointer, slice
// and map: the service leaves such a member out, or writes it empty.
func notNull(p jsonschema.InterceptNullabilityParams) {
	if p.NullAdded {
		p.Schema.RemoveType(jsonschema.Null)
	}
}

// paramsOf is the schema of the parameters of one indicator.
func paramsOf(spec *ta.Spec) object {
	properties := object{}
	for _, p := range spec.Params {
		s := object{"description": p.Doc, "default": p.Default}
		if p.AtLeast != "" { // a schema has no word for it
			s["description"] = p.Doc + "; at least " + p.AtLeast
		}
		switch {
		case p.Choices != nil:
			s["enum"], s["default"] = p.Choices, p.Choices[int(p.Default)]
		case p.Integer:
			s["type"], s["minimum"], s["maximum"] = "integer", p.Min, p.Max
		default:
			s["type"], s["minimum"], s["maximum"] = "number", p.Min, p.Max
		}
		properties[p.Name] = s
	}
	return object{
		"type": "object", "title": "Parameters of " + spec.Name, "description": spec.Title,
		"properties": properties, "additionalProperties": false,
	}
}
