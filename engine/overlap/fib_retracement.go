package overlap

// FibRetracement are the prices to which a move may fall back.
var FibRetracement = fibonacci("fib_retracement", "Fibonacci Retracement",
	`How far a move may be taken back before it goes on: prices at which to wait for that.

end − part · (end − start), part 0.236, 0.382, 0.5, 0.618 and 0.786 for r236 to r786: the golden section 0.618, its square and its cube, its root, and a half, which is not Fibonacci's but always drawn with them.`,
	level{"r236", 1 - 0.236}, level{"r382", 1 - 0.382}, level{"r500", 0.5}, level{"r618", 1 - 0.618}, level{"r786", 1 - 0.786})
