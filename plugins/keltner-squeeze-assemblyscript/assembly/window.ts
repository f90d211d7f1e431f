/**
 * Windows over the last n values. Values are counted off in blocks of n, so a
 * window spans at most two: the rest of the block before, and this block as far
 * as it has come. What is known of the two parts is put together. That takes a
 * few steps a value for any n, and unlike a running total it leaves nothing
 * behind of a value that has left the window.
 */
class Window {
  /** This block. */
  protected block: StaticArray<f64>;
  /** Values in this block so far. */
  protected seen: i32 = 0;
  /** Values that the window lacks. */
  private lacks: i32;

  constructor(protected n: i32) {
    this.block = new StaticArray<f64>(n);
    this.lacks = n;
  }

  /** Keeps the next value; says whether there are n. */
  @inline
  protected keep(x: f64): bool {
    unchecked((this.block[this.seen++] = x));
    if (this.lacks > 0) this.lacks--;
    return this.lacks == 0;
  }
}

/** The sum, and the sum with weights from 1 for the oldest value to n. */
export class Sums extends Window {
  private s: f64 = 0;
  private m: f64 = 0;
  private restSum: StaticArray<f64>; // of the block before, from each place on
  private restMoment: StaticArray<f64>;

  constructor(n: i32) {
    super(n);
    this.restSum = new StaticArray<f64>(n + 1);
    this.restMoment = new StaticArray<f64>(n + 1);
  }

  /** Takes the next value; says whether there are n. */
  add(x: f64): bool {
    if (this.seen == this.n) this.turn();
    const enough = this.keep(x);
    this.s += x;
    this.m += this.seen * x;
    return enough;
  }

  /** Makes of the block what is known of its rest, and begins with nothing. */
  private turn(): void {
    let sum = 0.0;
    let moment = 0.0;
    for (let i = this.n - 1; i > 0; i--) {
      sum += unchecked(this.block[i]);
      moment += sum; // every weight grows by one
      unchecked((this.restSum[i] = sum));
      unchecked((this.restMoment[i] = moment));
    }
    this.seen = 0;
    this.s = 0;
    this.m = 0;
  }

  get sum(): f64 {
    return this.s + unchecked(this.restSum[this.seen]);
  }

  get moment(): f64 {
    const before = this.n - this.seen;
    return unchecked(this.restMoment[this.seen]) + this.m + before * this.s;
  }
}

/** The mean and the variance, updated as Welford and joined as Chan did. */
export class Spread extends Window {
  private m: f64 = 0;
  private squares: f64 = 0; // of the distances from the mean
  private restMean: StaticArray<f64>;
  private restSquares: StaticArray<f64>;

  constructor(n: i32) {
    super(n);
    this.restMean = new StaticArray<f64>(n + 1);
    this.restSquares = new StaticArray<f64>(n + 1);
  }

  /** Takes the next value; says whether there are n. */
  add(x: f64): bool {
    if (this.seen == this.n) this.turn();
    const enough = this.keep(x);
    const d = x - this.m;
    this.m += d / this.seen;
    this.squares += d * (x - this.m);
    return enough;
  }

  private turn(): void {
    let mean = 0.0;
    let squares = 0.0;
    for (let i = this.n - 1; i > 0; i--) {
      const x = unchecked(this.block[i]);
      const d = x - mean;
      mean += d / (this.n - i);
      squares += d * (x - mean);
      unchecked((this.restMean[i] = mean));
      unchecked((this.restSquares[i] = squares));
    }
    this.seen = 0;
    this.m = 0;
    this.squares = 0;
  }

  get mean(): f64 {
    const before = unchecked(this.restMean[this.seen]);
    return before + ((this.m - before) * this.seen) / this.n;
  }

  get variance(): f64 {
    const n: f64 = this.n;
    const seen: f64 = this.seen;
    const d = this.m - unchecked(this.restMean[this.seen]);
    return (unchecked(this.restSquares[this.seen]) + this.squares + (d * d * seen * (n - seen)) / n) / n;
  }
}

/** The highest value. */
export class Highest extends Window {
  private top: f64 = -Infinity;
  private rest: StaticArray<f64>;

  constructor(n: i32) {
    super(n);
    this.rest = new StaticArray<f64>(n + 1);
    unchecked((this.rest[n] = -Infinity));
  }

  /** Takes the next value; says whether there are n. */
  add(x: f64): bool {
    if (this.seen == this.n) this.turn();
    const enough = this.keep(x);
    this.top = max(this.top, x);
    return enough;
  }

  private turn(): void {
    let top = -Infinity;
    for (let i = this.n - 1; i > 0; i--) {
      top = max(top, unchecked(this.block[i]));
      unchecked((this.rest[i] = top));
    }
    this.seen = 0;
    this.top = -Infinity;
  }

  get value(): f64 {
    return max(this.top, unchecked(this.rest[this.seen]));
  }
}
