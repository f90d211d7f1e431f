package pattern

// Shapes that more than one pattern has.

// hammer says whether the body is short, the lower shadow longer than it, and
// there is as good as no upper one.
func hammer(c candle) bars { return c.short() & c.lowerShadow().above(c.body()) & c.bareTop() }

// inverted is a hammer upside down.
func inverted(c candle) bars { return c.short() & c.upperShadow().above(c.body()) & c.bareBottom() }

// marubozu says whether the body is long and all there is.
func marubozu(c candle) bars { return c.long() & c.bareTop() & c.bareBottom() }

// within says whether the body of c is between the ends of that of d.
func within(c, d candle) bars { return c.top().below(d.top()) & c.bottom().above(d.bottom()) }

// harami marks the bars among found on which the second body is within the first:
// against the colour of the first, with 100 between its ends, and 80 where it meets
// one of them or both.
func harami(first, second candle, found bars) {
	found &= ^second.top().above(first.top()) &^ second.bottom().below(first.bottom())
	up := first.black()
	second.mark(found&up, 80)
	second.mark(found&^up, -80)
	second.toward(up, found&within(second, first))
}

// neck says whether a long black candle is followed by a white one that opens
// below its low: how far that one comes back tells the patterns apart.
func neck(first, second candle) bars {
	return first.black() & first.long() & second.white() & second.open().below(first.low())
}

// kick says whether one marubozu is followed by another of the opposite colour,
// beyond a gap on the side of that colour.
func kick(first, second candle) bars {
	return marubozu(first) & marubozu(second) &
		(first.black()&second.white()&second.above(first) | first.white()&second.black()&second.below(first))
}

// turnUp says whether a long black candle is undone by a long white one, which
// closes within its body by more than the part of it, or beyond.
func turnUp(first, third candle) bars {
	return first.long() & third.long() & first.black() & third.white() &
		third.close().above(first.plus(first.close(), first.part()))
}

// turnDown says whether a long white candle is undone by a long black one.
func turnDown(first, third candle) bars {
	return first.long() & third.long() & first.white() & third.black() &
		third.close().below(first.less(first.close(), first.part()))
}

// climb says whether three white candles close ever higher.
func climb(first, second, third candle) bars {
	return first.white() & second.white() & third.white() &
		second.is(higherClose) & third.is(higherClose)
}

// decline says whether three black candles close ever lower.
func decline(first, second, third candle) bars {
	return first.black() & second.black() & third.black() &
		second.is(lowerClose) & third.is(lowerClose)
}

// advance is a climb in which each candle follows the one before.
func advance(first, second, third candle) bars {
	return climb(first, second, third) & follows(second, first) & follows(third, second)
}

// follows says whether c opens in the body of a white candle d or near its top.
func follows(c, d candle) bars {
	return c.open().above(d.open()) &^ c.open().above(c.plus(d.close(), d.near()))
}

// opensAbout says whether c opens within the body of d or near it.
func opensAbout(c, d candle) bars {
	return ^c.open().below(d.less(d.bottom(), d.near())) &^ c.open().above(d.plus(d.top(), d.near()))
}

// touches says whether some of the body of c is within the range of d.
func touches(c, d candle) bars { return c.bottom().below(d.high()) & c.top().above(d.low()) }

// patience is how many candles a trap has to be sprung.
const patience = 3

// trapped marks traps: with 100 or −100 on the candle that completes one, and with
// 200 or −200 on the first one within patience after it that closes beyond the
// candle before the last of the trap. A newer trap takes the place of an older one.
//
// set says on which bars a trap for sellers (up) or for buyers (down) was complete
// so many bars before.
func trapped(c *chart, set func(c *chart, ago int) (up, down bars)) {
	var newer bars
	for age := range patience + 1 {
		up, down := set(c, age)
		up, down = up&^newer, down&^newer
		newer |= up | down
		if age == 0 {
			c.bullish(up)
			c.bearish(down)
			continue
		}
		inside := c.ago(age + 1)
		for ago := age - 1; ago > 0; ago-- { // sprung before
			up &^= c.ago(ago).close().above(inside.high())
			down &^= c.ago(ago).close().below(inside.low())
		}
		c.mark(up&c.ago(0).close().above(inside.high()), 200)
		c.mark(down&c.ago(0).close().below(inside.low()), -200)
	}
}

// falseBreak is a candle inside the one before it, and one that is lower (up) or
// higher (down).
func falseBreak(c *chart, ago int) (up, down bars) {
	inside, last := c.ago(ago+1).inside(), c.ago(ago)
	return inside & last.lower(), inside & last.higher()
}

// falseTurn is a false break after another candle inside the one before it, which
// closes near its low (up) or near its high (down).
func falseTurn(c *chart, ago int) (up, down bars) {
	first := c.ago(ago + 2)
	up, down = falseBreak(c, ago)
	return up & first.inside() &^ first.close().above(c.plus(first.low(), first.near())),
		down & first.inside() &^ first.close().below(c.less(first.high(), first.near()))
}
