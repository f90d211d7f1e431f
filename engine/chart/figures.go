package chart

// figures are the classical ones, made of swings and the lines between them.
var figures = []*Pattern{
	HeadAndShoulders, InverseHeadAndShoulders,
	DoubleTop, DoubleBottom, TripleTop, TripleBottom,
	AscendingTriangle, DescendingTriangle, SymmetricalTriangle,
	RisingWedge, FallingWedge,
	BullFlag, BearFlag, BullPennant, BearPennant,
	AscendingChannel, DescendingChannel, HorizontalChannel,
	BearishDivergence, BullishDivergence, HiddenBearishDivergence, HiddenBullishDivergence,
}
