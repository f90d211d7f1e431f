package candle

// Codes of Error. They are stable: a program may branch on them.
const (
	// CodeSyntax is a line of a CSV file that cannot be cut into cells.
	CodeSyntax = "syntax"
	// CodeUnknownField is a field or column that candles do not have.
	CodeUnknownField = "unknown-field"
	// CodeDuplicateField is a field or column given twice.
	CodeDuplicateField = "duplicate-field"
	// CodeMissingField is a field that some bars have and this one has not.
	CodeMissingField = "missing-field"
	// CodeWrongType is text, a boolean, a list or an object where a number is
	// due, or the like.
	CodeWrongType = "wrong-type"
	// CodeNotInteger is a timestamp with a fraction.
	CodeNotInteger = "not-an-integer"
	// CodeNotFinite is a number that is infinite or too large for a float64.
	CodeNotFinite = "not-finite"
	// CodeNegative is a price or a volume below zero.
	CodeNegative = "negative"
	// CodeHighBelowLow, CodeHighBelowOpen and CodeHighBelowClose are a high that
	// is not the highest price of its bar.
	CodeHighBelowLow   = "high-below-low"
	CodeHighBelowOpen  = "high-below-open"
	CodeHighBelowClose = "high-below-close"
	// CodeLowAboveOpen and CodeLowAboveClose are a low that is not the lowest
	// price of its bar.
	CodeLowAboveOpen  = "low-above-open"
	CodeLowAboveClose = "low-above-close"
	// CodeBadTimestamp is a timestamp that is neither RFC 3339 nor a number, or
	// that is missing.
	CodeBadTimestamp = "bad-timestamp"
	// CodeMixedTimestamps is a timestamp of another kind than the first one's.
	CodeMixedTimestamps = "mixed-timestamps"
	// CodeTimestampRange is a timestamp outside the years 1 to 9999.
	CodeTimestampRange = "timestamp-out-of-range"
	// CodeNotIncreasing is a timestamp that is not later than the one before.
	CodeNotIncreasing = "timestamps-not-increasing"
	// CodeNewestFirst is a CSV file whose bars run from the newest to the oldest.
	CodeNewestFirst = "newest-first"
	// CodeDifferentLengths is a column that is not as long as the others.
	CodeDifferentLengths = "different-lengths"
	// CodeNoCandles says that there is no bar at all.
	CodeNoCandles = "no-candles"
	// CodeTooMany says that there are more bars, or more bytes, than allowed.
	CodeTooMany = "too-many-candles"
)
