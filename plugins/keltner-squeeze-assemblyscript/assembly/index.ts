// The squeeze: Bollinger bands inside Keltner channels, and the momentum with
// which the price leaves them. After John Carter, "Mastering the Trade".

import { Call, Group, Input, Memory, Spec, Unit } from "@gravitywavesml/techanalysis";

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
    .integer("period", 20, 2, 100, "bars in every average, range and regression")
    .number("deviations", 2, 0.1, 10, "half the width of the Bollinger bands, in standard deviations")
    .number("ranges", 1.5, 0.1, 10, "half the width of the Keltner channels, in average true ranges")
    .output("squeeze", Unit.Ratio, "1 while the bands are inside the channels, else 0")
    .output("width", Unit.Ratio, "width of the bands over width of the channels: a squeeze up to 1")
    .output("momentum", Unit.Price, "above zero the price leaves upwards, below zero downwards")
    .memory(Memory.Window)
    .warmup("2*period - 2");
}

export function run(call: Call): i32 {
  const period = call.int("period");
  const bars = new Bars(call);
  squeeze(call, bars, period);
  momentum(call, bars, period);
  return 0;
}

/** The bars without a hole, one after another. */
class Bars {
  count: i32 = 0;
  at: StaticArray<i32>; // the bar of the call
  high: StaticArray<f64>;
  low: StaticArray<f64>;
  close: StaticArray<f64>;

  constructor(call: Call) {
    const at = new StaticArray<i32>(call.bars);
    const high = new StaticArray<f64>(call.bars);
    const low = new StaticArray<f64>(call.bars);
    const close = new StaticArray<f64>(call.bars);
    const highs = call.input("high");
    const lows = call.input("low");
    const closes = call.input("close");
    let count = 0;
    for (let i = 0; i < call.bars; i++) {
      if (isNaN(highs[i]) || isNaN(lows[i]) || isNaN(closes[i])) continue;
      unchecked((at[count] = i));
      unchecked((high[count] = highs[i]));
      unchecked((low[count] = lows[i]));
      unchecked((close[count] = closes[i]));
      count++;
    }
    this.count = count;
    this.at = at;
    this.high = high;
    this.low = low;
    this.close = close;
  }
}

/**
 * Bands and channels have the same middle, so the bands are inside when they
 * are narrower. Where nothing moves at all, both have no width: a squeeze.
 */
function squeeze(call: Call, bars: Bars, period: i32): void {
  const on = call.output("squeeze");
  const width = call.output("width");
  const deviations = call.param("deviations");
  const ranges = call.param("ranges");
  const close = bars.close;
  const range = trueRange(bars);
  for (let i = period; i < bars.count; i++) {
    const from = i - period + 1;
    const middle = mean(close, from, period);
    let squares = 0.0;
    for (let j = from; j <= i; j++) {
      const d = unchecked(close[j]) - middle;
      squares += d * d;
    }
    const bands = deviations * Math.sqrt(squares / period);
    const channels = ranges * mean(range, from, period);
    const bar = unchecked(bars.at[i]);
    on[bar] = bands <= channels ? 1 : 0;
    width[bar] = channels > 0 ? bands / channels : 0;
  }
}

/** The range of each bar, from the close before it on; the first bar has none. */
function trueRange(bars: Bars): StaticArray<f64> {
  const range = new StaticArray<f64>(bars.count);
  for (let i = 1; i < bars.count; i++) {
    const before = unchecked(bars.close[i - 1]);
    unchecked((range[i] = max(bars.high[i], before) - min(bars.low[i], before)));
  }
  return range;
}

/**
 * The end of the regression line through the last distances. It is their sum
 * with the weights (6j - 2n - 2) / (n(n+1)), j = 1 for the oldest of n.
 */
function momentum(call: Call, bars: Bars, period: i32): void {
  const out = call.output("momentum");
  const distance = distances(bars, period);
  const n: f64 = period;
  for (let i = 2 * period - 2; i < bars.count; i++) {
    let sum = 0.0;
    for (let j = 1; j <= period; j++) sum += (6.0 * j - 2 * n - 2) * unchecked(distance[i - period + j]);
    out[unchecked(bars.at[i])] = sum / (n * (n + 1));
  }
}

/** The close less the middle between its mean and the middle of the range of the last bars. */
function distances(bars: Bars, period: i32): StaticArray<f64> {
  const distance = new StaticArray<f64>(bars.count);
  for (let i = period - 1; i < bars.count; i++) {
    const from = i - period + 1;
    let top = unchecked(bars.high[from]);
    let bottom = unchecked(bars.low[from]);
    for (let j = from + 1; j <= i; j++) {
      top = max(top, unchecked(bars.high[j]));
      bottom = min(bottom, unchecked(bars.low[j]));
    }
    const middle = (top + bottom) / 2;
    unchecked((distance[i] = bars.close[i] - (middle + mean(bars.close, from, period)) / 2));
  }
  return distance;
}

function mean(x: StaticArray<f64>, from: i32, n: i32): f64 {
  let sum = 0.0;
  for (let i = from; i < from + n; i++) sum += unchecked(x[i]);
  return sum / n;
}
