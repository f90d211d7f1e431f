package overlap

// FibExtension are the prices that a move may reach.
var FibExtension = fibonacci("fib_extension", "Fibonacci Extension",
	`How far a move may go once it is past its end: prices at which to take a profit.

start + part · (end − start), part 1.272, 1.414, 1.618, 2, 2.618 and 4.236 for e1272 to e4236: the golden section 1.618, its square and its cube, its root, the root of 2, and 2. Some programs draw the same parts of the move from a third point, the end of the retracement: add the difference of that point and start.`,
	level{"e1272", 1.272}, level{"e1414", 1.414}, level{"e1618", 1.618}, level{"e2000", 2}, level{"e2618", 2.618}, level{"e4236", 4.236})
