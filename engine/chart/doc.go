package chart

// What the docs of several patterns say.
const (
	turnsDoc = "\n\nTurns are the highs and lows from which the price came back by reversal average true ranges, or percent of it. "

	breakDoc = "Once the last turn is known, the figure waits for a close beyond the line: by break of its height, within wait of its length."

	confidenceDoc = "\n\nThe confidence is the mean of what is left of the rules' tolerances: 1 where each measure is the ideal, 0 where each is at its bound.\n\n"
)
