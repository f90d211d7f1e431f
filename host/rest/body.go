package rest

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"
)

// Media types that are read or written.
const (
	mediaJSON  = "application/json"
	mediaArrow = "application/vnd.apache.arrow.stream"
	mediaWasm  = "application/wasm"
)

// bodyError says that a body is over the limit, and how many bytes it has, or more.
type bodyError struct{ limit, found int64 }

func (e *bodyError) Error() string {
	return fmt.Sprintf("the body is over the limit of %d bytes, which is the setting MAX_BODY, counted after decompression: send less in one request", e.limit)
}

// buffers are for bodies and answers, which are of like size from request to
// request.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// keep is the largest buffer that goes back to the pool.
const keep = 4 << 20

// outputs are for answers that are appended to.
var outputs = sync.Pool{New: func() any { return new([]byte) }}

func giveBackOutput(b *[]byte) {
	if cap(*b) <= keep {
		outputs.Put(b)
	}
}

func giveBack(b *bytes.Buffer) {
	if b.Cap() <= keep {
		b.Reset()
		buffers.Put(b)
	}
}

// media returns the body's type when it is one of those allowed, and an error
// that names them when it is not.
func media(c echo.Context, allowed ...string) (string, error) {
	given := c.Request().Header.Get(echo.HeaderContentType)
	if t, _, err := mime.ParseMediaType(given); err == nil {
		for _, a := range allowed {
			if t == a {
				return t, nil
			}
		}
	}
	if given == "" {
		given = "none"
	}
	return "", &refusal{wrongMedia, FieldError{Message: fmt.Sprintf("the Content-Type is %s; set the header to %s", given, strings.Join(allowed, " or "))}}
}

// body reads the whole body, at most limit bytes of it, into a buffer from the
// pool. The caller gives it back when nothing refers to its bytes any more.
func body(c echo.Context, limit int64) (*bytes.Buffer, error) {
	req := c.Request()
	var r io.Reader = req.Body
	switch enc := req.Header.Get(echo.HeaderContentEncoding); enc {
	case "", "identity":
		if req.ContentLength > limit {
			return nil, &bodyError{limit, req.ContentLength}
		}
	case "gzip":
		z, err := gzip.NewReader(req.Body)
		if err != nil {
			return nil, &refusal{malformed, FieldError{Message: "the body is not gzip, which its Content-Encoding says it is"}}
		}
		r = z
	default:
		return nil, &refusal{wrongMedia, FieldError{Message: fmt.Sprintf("the Content-Encoding %q is not read here; send gzip or nothing", enc)}}
	}
	b := buffers.Get().(*bytes.Buffer)
	if n := req.ContentLength; n > 0 && n <= limit {
		b.Grow(int(n) + bytes.MinRead)
	}
	n, err := b.ReadFrom(io.LimitReader(r, limit+1))
	switch {
	case err != nil:
		giveBack(b)
		if errors.Is(err, gzip.ErrChecksum) || errors.Is(err, gzip.ErrHeader) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, &refusal{malformed, FieldError{Message: "the body ends early or is damaged"}}
		}
		return nil, fmt.Errorf("read body: %w", err)
	case n > limit:
		giveBack(b)
		return nil, &bodyError{limit, n}
	}
	return b, nil
}

// wantsArrow says whether the caller prefers Arrow to JSON: by the weights of
// RFC 9110, and of two alike by which comes first.
func wantsArrow(c echo.Context) bool {
	best, arrow := 0.0, false
	for _, part := range strings.Split(c.Request().Header.Get(echo.HeaderAccept), ",") {
		t, params, err := mime.ParseMediaType(strings.TrimSpace(part))
		if err != nil || t != mediaArrow && t != mediaJSON {
			continue // JSON is what is given unless told
		}
		weight := 1.0
		if q, ok := params["q"]; ok {
			if weight, err = strconv.ParseFloat(q, 64); err != nil {
				continue
			}
		}
		if weight > best {
			best, arrow = weight, t == mediaArrow
		}
	}
	return arrow
}

// write sends a whole answer.
func write(c echo.Context, status int, contentType string, b []byte) error {
	c.Response().Header().Set(echo.HeaderContentType, contentType)
	c.Response().Header().Set(echo.HeaderContentLength, fmt.Sprint(len(b)))
	c.Response().WriteHeader(status)
	_, err := c.Response().Write(b)
	return err
}

// parts sends an answer that is too long to be held in parts, the head with the
// first. The connection tells its end, in place of a length.
type parts struct {
	echo.Context
	contentType string
}

func (p parts) Write(b []byte) (int, error) {
	if !p.Response().Committed {
		p.Response().Header().Set(echo.HeaderContentType, p.contentType)
		p.Response().WriteHeader(http.StatusOK)
	}
	return p.Response().Write(b)
}
