// Package statistic has the indicators that treat a window of prices as a
// sample.
package statistic

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// Indicators lists the group.
var Indicators = []*ta.Indicator{
	LinearReg, StdDev, StdErr, Max, Min,
	LinearRegSlope, LinearRegAngle, LinearRegIntercept, TSF,
	Var, AvgDev, Beta, Correl, Percentile, PercentRank,
	Sum, MinMax, MaxIndex, MinIndex, MinMaxIndex,
}
