// The simple moving average, the exponential one and the relative strength
// index, as TA-Lib defines them, written with the AssemblyScript SDK. The tests
// hold its answers against the native indicators.

import { Call, Column, Input, Memory, Spec, Unit } from "@gravitywavesml/techanalysis";

export function spec(): Spec {
  return new Spec("core_assemblyscript", "1.0.0")
    .title("SMA, EMA and RSI from AssemblyScript")
    .doc("A simple and an exponential moving average and Wilder's relative strength index of one series.")
    .input(Input.Real)
    .integer("sma_period", 20, 1, 100000, "bars averaged")
    .integer("ema_period", 20, 1, 100000, "bars that seed the average; a value weighs 2/(period+1)")
    .integer("rsi_period", 14, 2, 100000, "bars that seed the gains and losses")
    .output("sma", Unit.Price, "mean of the last sma_period values")
    .output("ema", Unit.Price, "mean in which older values fade")
    .output("rsi", Unit.Percent, "0 to 100")
    .memory(Memory.Fading)
    .warmup("max(max(sma_period, ema_period) - 1, rsi_period)");
}

export function run(call: Call): i32 {
  const x = call.input("real");
  sma(call.output("sma"), x, call.bars, call.int("sma_period"));
  ema(call.output("ema"), x, call.bars, call.int("ema_period"));
  rsi(call.output("rsi"), x, call.bars, call.int("rsi_period"));
  return 0;
}

/**
 * The mean of the last n values. A window of n values spans at most two blocks
 * of n: the rest of one and the beginning of the next. Adding their sums takes
 * a few steps a bar for any n, and unlike a running total it leaves nothing
 * behind of a value that has left the window.
 */
function sma(out: Column, x: Column, bars: i32, n: i32): void {
  const block = new StaticArray<f64>(n); // the values of this block so far
  const rest = new StaticArray<f64>(n + 1); // rest[i] is the sum of the last block from its i-th value on
  let full = false; // there has been a block before this one
  let seen = 0; // values in this block so far
  let sum = 0.0; // and their sum
  for (let i = 0; i < bars; i++) {
    const v = x[i];
    if (isNaN(v)) continue;
    unchecked((block[seen++] = v));
    sum += v;
    if (full || seen == n) out[i] = (unchecked(rest[seen]) + sum) / n;
    if (seen == n) {
      for (let j = n - 1; j >= 0; j--) unchecked((rest[j] = rest[j + 1] + block[j]));
      seen = 0;
      sum = 0;
      full = true;
    }
  }
}

/** Begins with the mean of the first n values and then goes 2/(n+1) of the way to each new one. */
function ema(out: Column, x: Column, bars: i32, n: i32): void {
  const weight = 2.0 / (n + 1);
  let seen = 0;
  let y = 0.0;
  for (let i = 0; i < bars; i++) {
    const v = x[i];
    if (isNaN(v)) continue;
    seen++;
    if (seen < n) {
      y += v;
      continue;
    }
    y = seen == n ? (y + v) / n : y + weight * (v - y);
    out[i] = y;
  }
}

/**
 * The share of gains in all moves, in percent. Both are smoothed as Wilder did:
 * the mean of the first n moves, then 1/n of the way to each new one.
 */
function rsi(out: Column, x: Column, bars: i32, n: i32): void {
  let seen = 0;
  let gain = 0.0;
  let loss = 0.0;
  let last = NaN;
  for (let i = 0; i < bars; i++) {
    const v = x[i];
    if (isNaN(v)) continue;
    const up = max(v - last, 0);
    const down = max(last - v, 0);
    const first = isNaN(last);
    last = v;
    if (first) continue;
    seen++;
    if (seen <= n) {
      gain += up;
      loss += down;
      if (seen < n) continue;
      gain /= n;
      loss /= n;
    } else {
      gain += (up - gain) / n;
      loss += (down - loss) / n;
    }
    const moves = gain + loss;
    out[i] = moves > 0 ? (100 * gain) / moves : 0;
  }
}
