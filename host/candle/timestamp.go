package candle

import (
	"fmt"
	"math"
	"time"
)

const nullTimestamp = "timestamp is missing; every bar needs one, or give none at all"

// clock reads timestamps, which must all be of the kind of the first one.
type clock struct{ kind timeKind }

type timeKind int

const (
	noKind timeKind = iota
	rfc3339
	unixSeconds
	unixMillis
)

func (k timeKind) String() string {
	return [...]string{"nothing", "RFC 3339 text", "Unix seconds", "Unix milliseconds"}[k]
}

const (
	// leastMillis is where numbers stop being seconds: as seconds it is the year
	// 5138, as milliseconds March 1973.
	leastMillis = 1e11

	// The years 1 to 9999, which RFC 3339 can write.
	firstMillis = -62_135_596_800_000
	lastMillis  = 253_402_300_799_999
)

// number takes a timestamp written as a number. The message is empty when it is
// one, and code then has no meaning.
func (c *clock) number(v float64) (ms int64, code, message string) {
	switch {
	case math.IsInf(v, 0) || math.IsNaN(v):
		return 0, CodeNotFinite, "timestamp is too large to be a number; write Unix seconds, or milliseconds"
	case v != math.Trunc(v):
		return 0, CodeNotInteger, fmt.Sprintf("timestamp is %s, and must be whole seconds or milliseconds; for parts of a second write milliseconds", show(v))
	case v > lastMillis:
		return 0, CodeTimestampRange, fmt.Sprintf("timestamp is %s, after the year 9999; write Unix seconds or milliseconds, not micro- or nanoseconds", show(v))
	case v < firstMillis/1000:
		return 0, CodeTimestampRange, fmt.Sprintf("timestamp is %s, before the year 1; write Unix seconds, or RFC 3339 text", show(v))
	case v >= leastMillis:
		ms, message = c.is(unixMillis, int64(v))
	default:
		ms, message = c.is(unixSeconds, int64(v)*1000)
	}
	return ms, CodeMixedTimestamps, message
}

// text takes a timestamp in RFC 3339.
func (c *clock) text(s []byte) (ms int64, code, message string) {
	ms, ok := parseRFC3339(s)
	if !ok {
		return 0, CodeBadTimestamp, fmt.Sprintf("timestamp is %s; write RFC 3339 such as \"2024-06-01T00:00:00Z\", or Unix seconds or milliseconds as a number", quote(s))
	}
	ms, message = c.is(rfc3339, ms)
	return ms, CodeMixedTimestamps, message
}

func (c *clock) is(k timeKind, ms int64) (int64, string) {
	if c.kind == noKind {
		c.kind = k
	}
	if c.kind != k {
		return 0, fmt.Sprintf("timestamp is in %s, and the first one in %s; write all of them in one kind (a number from 1e11 up is milliseconds)", k, c.kind)
	}
	return ms, ""
}

// parseRFC3339 returns the Unix milliseconds of s; finer parts are cut off.
func parseRFC3339(s []byte) (int64, bool) {
	if ms, ok := parseUTCSecond(s); ok {
		return ms, true
	}
	var t time.Time
	if err := t.UnmarshalText(s); err != nil {
		return 0, false
	}
	ms := t.UnixMilli()
	return ms, ms >= firstMillis && ms <= lastMillis
}

// parseUTCSecond knows the one shape that nearly every feed writes,
// "2024-06-01T00:00:00Z", and leaves every doubt to the time package.
func parseUTCSecond(s []byte) (int64, bool) {
	if len(s) != 20 || s[4] != '-' || s[7] != '-' || s[10] != 'T' || s[13] != ':' || s[16] != ':' || s[19] != 'Z' {
		return 0, false
	}
	bad := false
	two := func(i int) int {
		a, b := s[i]-'0', s[i+1]-'0'
		bad = bad || a > 9 || b > 9
		return int(a)*10 + int(b)
	}
	year, month, day := two(0)*100+two(2), two(5), two(8)
	hour, minute, second := two(11), two(14), two(17)
	// Day 29 and later depend on the month and the year.
	if bad || year < 1 || month < 1 || month > 12 || day < 1 || day > 28 || hour > 23 || minute > 59 || second > 59 {
		return 0, false
	}
	return (days(year, month, day)*86400 + int64(hour*3600+minute*60+second)) * 1000, true
}

// days counts the days from 1970-01-01 to a date of the Gregorian calendar. The
// year is taken to begin in March, so that the leap day is its last one, and 153
// days are five months in every case.
func days(year, month, day int) int64 {
	if month <= 2 {
		year, month = year-1, month+12
	}
	return int64(year*365 + year/4 - year/100 + year/400 + (153*(month-3)+2)/5 + day - 1 - 719468)
}

func showTime(ms int64) string {
	return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.999Z07:00")
}
