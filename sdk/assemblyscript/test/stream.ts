import { Column, Input, Series, Spec, Unit } from "@gravitywavesml/techanalysis";

export function spec(): Spec {
  return new Spec("stream", "1.0.0")
    .input(Input.Close)
    .input(Input.Volume)
    .number("k", 1, 0, 10, "weight")
    .integer("limit", 100, -1, 1000, "where it ends")
    .output("sum", Unit.None, "")
    .output("rest", Unit.None, "");
}

// The weighted sum of all bars, kept in an array; code 3 beyond a limit.
export class Stream {
  private sums: f64[] = [0];
  private k: f64;
  private limit: i32;

  constructor(series: Series) {
    this.k = series.param("k");
    this.limit = series.int("limit");
    if (this.limit < 0) series.int("none");
  }

  next(input: Column, output: Column): i32 {
    this.sums[0] += this.k * (input[0] + input[1]);
    if (this.sums[0] > this.limit) return 3;
    output[0] = this.sums[0];
    return 0;
  }
}
