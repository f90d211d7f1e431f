package backtest

import "math"

// account is the money and the position, and what became of both.
type account struct {
	rules  Rules
	cash   float64 // with what a short was sold for
	units  float64 // that are held; below zero for a short
	target float64 // what the last order was for
	ruined bool    // nothing was left once, and the run is over

	trades []Trade // the last is open while units are held
	legs   legs    // of the last

	orders                   int
	turnover, fees, slippage float64
}

// worth is the equity at a price.
func (a *account) worth(price float64) float64 { return a.cash + float64(a.units*price) }

// reckon ends the run if nothing is left at a price.
func (a *account) reckon(bar int, price float64) {
	if a.ruined || a.worth(price) > 0 {
		return
	}
	a.ruined = true
	if a.units != 0 {
		a.end(bar, price, Ruined)
		a.cash, a.units = a.worth(price), 0
	}
}

// follow makes the orders that a target asks for, at the open of a bar.
func (a *account) follow(bar int, open, target float64) {
	if a.ruined || target == a.target {
		return
	}
	a.target = target
	if a.units != 0 && (target == 0 || target > 0 != (a.units > 0)) {
		a.fill(bar, open, -a.units)
	}
	equity := a.worth(open) - a.rules.FeeFixed
	if target == 0 || !(equity > 0) {
		return // nothing is wanted, or the fee alone is more than there is
	}
	missing := float64(target*equity) - float64(a.units*open) // the value to buy, before costs
	side := math.Copysign(1, missing)
	// A unit bought for the target costs its open, and of the equity that the
	// target is a part of it takes its slippage and its fee.
	slip := float64(side * a.rules.Slippage)
	cost := a.rules.Slippage + float64((1+slip)*a.rules.Fee)
	units := missing / (open * (1 + float64(float64(side*target)*cost)))
	if units == 0 || units-units != 0 {
		return // there is nothing to do, or the price is so small that nobody can count the units
	}
	if a.smaller(units) && math.Abs(units) > math.Abs(a.units) {
		units = -a.units // by its rounding it would turn to the other side
	}
	a.fill(bar, open, units)
}

// smaller says whether an order for so many units makes the position smaller.
func (a *account) smaller(units float64) bool { return a.units != 0 && units > 0 != (a.units > 0) }

// fill is an order for so many units, below zero to sell. One that leaves nothing
// ends the trade.
func (a *account) fill(bar int, open, units float64) {
	slip := float64(open * a.rules.Slippage)
	price := open + math.Copysign(slip, units)
	value := math.Abs(units) * price
	fee := float64(value*a.rules.Fee) + a.rules.FeeFixed
	a.orders++
	a.turnover += value / a.worth(open)
	a.fees += fee
	a.slippage += float64(math.Abs(units) * slip)

	if a.units == 0 {
		a.begin(bar, units > 0)
	}
	if a.smaller(units) {
		a.legs.leave(units, price)
	} else {
		a.legs.enter(units, price)
	}
	a.legs.fees += fee
	a.legs.orders++
	a.cash -= float64(units*price) + fee
	a.units += units
	a.legs.most = max(a.legs.most, math.Abs(a.units))
	if a.units == 0 {
		a.end(bar, open, BySignal)
	}
}
