package load

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"github.com/gravitywavesml/gravity_techanalysis/sample"
)

// Compute is the body of a /compute request of 1,000 candles and ten indicators.
func Compute() []byte {
	walk := sample.Walk(1000)
	type item struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	var items []item
	for _, name := range []string{"sma", "ema", "rsi", "macd", "bbands", "atr", "stoch", "adx", "obv", "cci"} {
		items = append(items, item{name, name})
	}
	body, err := json.Marshal(map[string]any{
		"candles":    map[string]any{"open": walk.Open, "high": walk.High, "low": walk.Low, "close": walk.Close, "volume": walk.Volume},
		"indicators": items,
	})
	if err != nil {
		panic(err) // numbers and names
	}
	return body
}

var closing = regexp.MustCompile(`"close":\s*\[`)

// Varied is a body whose first closing price is another one for each n, so that
// each request is computed and not answered from the service's memory.
func Varied(body []byte) (func(n int) []byte, error) {
	var request struct {
		Candles struct{ Low, High []float64 }
	}
	if err := json.Unmarshal(body, &request); err != nil {
		return nil, fmt.Errorf("a body with candles: %w", err)
	}
	at := closing.FindIndex(body)
	if at == nil || len(request.Candles.Low) == 0 || len(request.Candles.High) == 0 {
		return nil, errors.New("the body has no candles with a high, a low and a closing price")
	}
	length := bytes.IndexByte(body[at[1]:], ',')
	low, high := request.Candles.Low[0], request.Candles.High[0]
	if length < 0 || !(low < high) {
		return nil, errors.New("the body's first candle leaves no choice")
	}
	head, rest := body[:at[1]], body[at[1]+length:]
	return func(n int) []byte {
		price := low + (high-low)*float64(n%1_000_003)/1_000_003
		return slices.Concat(head, strconv.AppendFloat(nil, price, 'g', -1, 64), rest)
	}, nil
}
