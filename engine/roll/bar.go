package roll

// Typical sets dst to (high + low + close) / 3, divided as Divide does.
func Typical(dst, high, low, close []float64) {
	for i := typicalWide(dst, high, low, close); i < len(dst); i++ {
		dst[i] = TypicalOf(high[i], low[i], close[i])
	}
}

// TypicalOf is Typical of one bar.
func TypicalOf(high, low, close float64) float64 { return divided(high+low+close, 3, 1.0/3) }

// Power sets dst to the part of a bar's range that lies between open and close,
// negative where it closes lower: (close − open) / (high − low), and 0 for a bar
// without a range.
func Power(dst, open, high, low, close []float64) {
	for i := powerWide(dst, open, high, low, close); i < len(dst); i++ {
		dst[i] = 0
		if r := high[i] - low[i]; r > 0 {
			dst[i] = (close[i] - open[i]) / r
		}
	}
}

// Accumulation sets dst to the part of volume that counts as bought, less the
// one sold, by where the bar closes in its range:
// volume · ((close − low) − (high − close)) / (high − low), and 0 for a bar
// without a range.
func Accumulation(dst, high, low, close, volume []float64) {
	for i := accumulationWide(dst, high, low, close, volume); i < len(dst); i++ {
		h, l, c := high[i], low[i], close[i]
		dst[i] = 0
		if r := h - l; r > 0 {
			dst[i] = ((c - l) - (h - c)) / r * volume[i]
		}
	}
}

// Accelerate widens each bar by four times its range as a part of its middle's
// double: upper = high · (1 + 4·(high − low)/(high + low)), lower = low · (1 −
// the same), and the bar itself where high + low is 0.
func Accelerate(upper, lower, high, low []float64) {
	for i := accelerateWide(upper, lower, high, low); i < len(upper); i++ {
		h, l := high[i], low[i]
		s := h + l
		f := (h - l) * 4 / s
		if s == 0 {
			f = 0
		}
		upper[i], lower[i] = h*(1+f), l*(1-f)
	}
}
