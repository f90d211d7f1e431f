// The squeeze: Bollinger bands inside Keltner channels, and the momentum with
// which the price leaves them. After John Carter, "Mastering the Trade".

import { Call, Group, Input, Memory, Spec, Unit } from "@gravitywavesml/techanalysis";
import { Highest, Spread, Sums } from "./window";

export function spec(): Spec {
  return new Spec("keltner_squeeze", "1.0.0")
    .title("Keltner squeeze")
    .doc(
      "A market that is coiling up: the Bollinger bands (mean of the close, deviations) are narrower than the " +
        "Keltner channels (the same mean, average true ranges). Momentum is the end of a regression line through " +
        "the distance of the close from the middle of its range. After John Carter.",
    )
    .group(Group.Volatility)
    .input(Input.High)
    .input(Input.Low)
    .input(Input.Close)
    .integer("period", 20, 2, 500, "bars in every average, range and regression")
    .number("deviations", 2, 0.1, 10, "half the width of the Bollinger bands, in standard deviations")
    .number("ranges", 1.5, 0.1, 10, "half the width of the Keltner channels, in average true ranges")
    .output("squeeze", Unit.Ratio, "1 while the bands are inside the channels, else 0")
    .output("width", Unit.Ratio, "width of the bands over width of the channels: a squeeze up to 1")
    .output("momentum", Unit.Price, "above zero the price leaves upwards, below zero downwards")
    .memory(Memory.Window)
    .warmup("2*period - 2");
}

export function run(call: Call): i32 {
  const high = call.input("high");
  const low = call.input("low");
  const close = call.input("close");
  const squeeze = call.output("squeeze");
  const width = call.output("width");
  const momentum = call.output("momentum");
  const period = call.int("period");
  const deviations = call.param("deviations");
  const ranges = call.param("ranges");

  const closes = new Spread(period);
  const trueRanges = new Sums(period);
  const top = new Highest(period);
  const bottom = new Highest(period); // of the lows, turned upside down
  const distances = new Sums(period);
  const n: f64 = period;
  let before = NaN;

  for (let i = 0; i < call.bars; i++) {
    const h = high[i];
    const l = low[i];
    const c = close[i];
    if (isNaN(h) || isNaN(l) || isNaN(c)) continue;

    const enough = closes.add(c);
    top.add(h);
    bottom.add(-l);

    // Bands and channels have the same middle, so the bands are inside when
    // they are narrower. Where nothing moves both have no width: a squeeze.
    if (!isNaN(before) && trueRanges.add(max(h, before) - min(l, before))) {
      const bands = deviations * Math.sqrt(closes.variance);
      const channels = (ranges * trueRanges.sum) / n;
      squeeze[i] = bands <= channels ? 1 : 0;
      width[i] = channels > 0 ? bands / channels : 0;
    }
    before = c;

    // The regression line through the last n distances ends at their sum with
    // the weights (6j - 2n - 2) / (n(n+1)), j from 1 for the oldest.
    if (enough) {
      const middle = (top.value - bottom.value) / 2;
      if (distances.add(c - (middle + closes.mean) / 2)) {
        momentum[i] = (6 * distances.moment - (2 * n + 2) * distances.sum) / (n * (n + 1));
      }
    }
  }
  return 0;
}
