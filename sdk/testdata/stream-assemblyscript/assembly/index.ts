// What core-assemblyscript computes, bar by bar: the same steps, with what is
// remembered in a class, so that the host may hand over bars as they come. The
// tests want the same bits.

import { Column, Input, Memory, Series, Spec, Unit } from "@gravitywavesml/techanalysis";

export function spec(): Spec {
  return new Spec("stream_assemblyscript", "1.0.0")
    .title("SMA, EMA and RSI from AssemblyScript, bar by bar")
    .doc("A simple and an exponential moving average and Wilder's relative strength index of one series.")
    .input(Input.Real)
    .integer("sma_period", 20, 1, 1000, "bars averaged")
    .integer("ema_period", 20, 1, 1000, "bars that seed the average; a value weighs 2/(period+1)")
    .integer("rsi_period", 14, 2, 1000, "bars that seed the gains and losses")
    .output("sma", Unit.Price, "mean of the last sma_period values")
    .output("ema", Unit.Price, "mean in which older values fade")
    .output("rsi", Unit.Percent, "0 to 100")
    .memory(Memory.Fading)
    .warmup("max(max(sma_period, ema_period) - 1, rsi_period)");
}

export class Stream {
  private sma: Sma;
  private ema: Ema;
  private rsi: Rsi;

  constructor(series: Series) {
    this.sma = new Sma(series.int("sma_period"));
    this.ema = new Ema(series.int("ema_period"));
    this.rsi = new Rsi(series.int("rsi_period"));
  }

  next(input: Column, output: Column): i32 {
    const v = input[0];
    if (isNaN(v)) return 0;
    output[0] = this.sma.next(v);
    output[1] = this.ema.next(v);
    output[2] = this.rsi.next(v);
    return 0;
  }
}

/** The values of this block of n so far, and of the one before it the sums from each value on. */
class Sma {
  private block: StaticArray<f64>;
  private rest: StaticArray<f64>;
  private seen: i32 = 0;
  private sum: f64 = 0;
  private full: bool = false; // there has been a block before this one

  constructor(private n: i32) {
    this.block = new StaticArray<f64>(n);
    this.rest = new StaticArray<f64>(n + 1);
  }

  next(v: f64): f64 {
    const n = this.n;
    unchecked((this.block[this.seen++] = v));
    this.sum += v;
    const mean = this.full || this.seen == n ? (unchecked(this.rest[this.seen]) + this.sum) / n : NaN;
    if (this.seen == n) {
      for (let j = n - 1; j >= 0; j--) unchecked((this.rest[j] = this.rest[j + 1] + this.block[j]));
      this.seen = 0;
      this.sum = 0;
      this.full = true;
    }
    return mean;
  }
}

/** Begins with the mean of the first n values and then goes 2/(n+1) of the way to each new one. */
class Ema {
  private seen: i32 = 0;
  private y: f64 = 0;

  constructor(private n: i32) {}

  next(v: f64): f64 {
    if (this.seen < this.n) {
      this.y += v;
      if (++this.seen < this.n) return NaN;
      this.y /= this.n;
    } else {
      this.y += (2.0 / (this.n + 1)) * (v - this.y);
    }
    return this.y;
  }
}

/** The share of gains in all moves, both smoothed as Wilder did. */
class Rsi {
  private seen: i32 = 0;
  private gain: f64 = 0;
  private loss: f64 = 0;
  private last: f64 = NaN;

  constructor(private n: i32) {}

  next(v: f64): f64 {
    const before = this.last;
    this.last = v;
    if (isNaN(before)) return NaN;
    const up = max(v - before, 0);
    const down = max(before - v, 0);
    if (this.seen < this.n) {
      this.gain += up;
      this.loss += down;
      if (++this.seen < this.n) return NaN;
      this.gain /= this.n;
      this.loss /= this.n;
    } else {
      this.gain += (up - this.gain) / this.n;
      this.loss += (down - this.loss) / this.n;
    }
    const moves = this.gain + this.loss;
    return moves > 0 ? (100 * this.gain) / moves : 0;
  }
}
