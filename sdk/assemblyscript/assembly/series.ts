import { index } from "./call";
import { Spec } from "./spec";

/**
 * What is known of a series before its first bar: parameters that are complete
 * and in range. Its methods take names of the Spec and trap for others.
 */
export class Series {
  constructor(private spec: Spec, private values: usize) {}

  /** The value of a parameter; a choice is the index of its name. */
  param(name: string): f64 {
    return load<f64>(this.values + (index(this.spec.params, name) << 3));
  }

  /** The value of an integer parameter. */
  int(name: string): i32 {
    return <i32>this.param(name);
  }
}
