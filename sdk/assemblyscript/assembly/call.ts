import { Spec } from "./spec";

/**
 * A column of f64, oldest bar first, as long as the call has bars. It is the
 * host's memory, not a copy; an index is not checked.
 */
@unmanaged
export class Column {
  @inline @operator("[]")
  at(bar: i32): f64 {
    return load<f64>(changetype<usize>(this) + (<usize>bar << 3));
  }

  @inline @operator("[]=")
  set(bar: i32, value: f64): void {
    store<f64>(changetype<usize>(this) + (<usize>bar << 3), value);
  }
}

/**
 * One computation: columns of bars and parameters that are complete and in
 * range. Its methods take names of the Spec and trap for others.
 */
export class Call {
  private from: usize = 0;
  private to: usize = 0;
  private values: usize = 0;
  private stride: usize = 0; // bytes from one column to the next

  /** The number of bars. */
  bars: i32 = 0;

  constructor(private spec: Spec) {}

  /** Begins another computation, with outputs of NaN. */
  begin(input: usize, bars: i32, stride: i32, params: usize, output: usize): void {
    this.from = input;
    this.to = output;
    this.values = params;
    this.bars = bars;
    this.stride = <usize>stride << 3;
    for (let i = 0; i < this.spec.outputs.length; i++) {
      const column = changetype<Column>(output + <usize>i * this.stride);
      for (let bar = 0; bar < bars; bar++) column[bar] = NaN;
    }
  }

  /** The column of an input. NaN is a hole in the data; no value is infinite. */
  input(name: string): Column {
    return changetype<Column>(this.from + index(this.spec.inputs, name) * this.stride);
  }

  /** The column of an output, NaN throughout until run fills it. */
  output(name: string): Column {
    return changetype<Column>(this.to + index(this.spec.outputs, name) * this.stride);
  }

  /** The value of a parameter; a choice is the index of its name. */
  param(name: string): f64 {
    return load<f64>(this.values + (index(this.spec.params, name) << 3));
  }

  /** The value of an integer parameter. */
  int(name: string): i32 {
    return <i32>this.param(name);
  }
}

/** The place of a name; it traps where there is none. */
export function index(names: string[], name: string): usize {
  const i = names.indexOf(name);
  if (i < 0) unreachable();
  return i;
}
