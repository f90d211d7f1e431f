package rest

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
)

// askEachTime lets an answer be kept, and used after asking whether it is still
// the right one.
const askEachTime = "no-cache"

// fresh answers a GET with v as JSON, or 304 to whom has it already: plugins
// come and go, so a caller asks each time, and seldom needs the bytes.
func fresh(c echo.Context, v any) error {
	b, err := encode(v)
	if err != nil {
		return err
	}
	return serve(c, mediaJSON, b, etagOf(b), askEachTime)
}

// encode writes v as fresh does.
func encode(v any) ([]byte, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("write answer: %w", err)
	}
	return append(b, '\n'), nil
}

// serve answers a GET with bytes, or a part of them, or 304.
func serve(c echo.Context, media string, b []byte, etag, cacheControl string) error {
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, media)
	h.Set(echo.HeaderCacheControl, cacheControl)
	h.Set(headerETag, etag)
	http.ServeContent(c.Response(), c.Request(), "", time.Time{}, bytes.NewReader(b))
	return nil
}

// etagOf is a strong ETag: two answers that have the same are the same bytes.
func etagOf(b []byte) string { return fmt.Sprintf(`"%x"`, sha256.Sum256(b)) }

// Headers of answers, as the description of the API explains them.
const (
	headerCache        = "X-Cache"
	headerVary         = "Vary"
	headerETag         = "ETag"
	headerCacheControl = "Cache-Control"
	headerRequestID    = "X-Request-Id"
	headerRetryAfter   = "Retry-After"
	headerChallenge    = "WWW-Authenticate"
	headerStatus       = "X-Status"
	headerIfMatch      = "If-Match" // of a request
	headerLink         = "Link"
)

// validated are the headers of what can be asked for with If-None-Match.
var validated = []string{headerETag, headerCacheControl}

// acceptedDocs explain the headers of requests.
var acceptedDocs = map[string]string{
	headerIfMatch: "The ETag under which the caller knows the plugin; 412 where it has changed since, so that two who promote at a time notice.",
}

var headerDocs = map[string]string{
	headerCache:        "HIT where every result was at hand, else MISS. The values are the same either way.",
	headerVary:         "Accept: the same request may be answered in JSON and in Arrow.",
	headerETag:         "Names these bytes. Send it in If-None-Match, and 304 says that they are still the right ones.",
	headerCacheControl: "How long the answer may be used without asking.",
	headerRequestID:    "The id of this request in the log: the caller's own, where it sent a plain one.",
	headerStatus:       "ready; or degraded, and the names of the checks that are not ok. For those whom a proxy gives no body.",
	headerRetryAfter:   "Seconds to wait before trying again.",
	headerLink:         "The address of the next page, as rel=\"next\" (RFC 8288); absent on the last.",
	headerChallenge:    "What is wrong with the token, and the scope that it lacks (RFC 6750).",
}
