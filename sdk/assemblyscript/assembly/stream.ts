/** The functions of ../../ABI.md for a plugin that is computed bar by bar. */

import { Column } from "./call";
import { Series } from "./series";
import { Spec } from "./spec";

let declared: Spec | null = null;
let inputs: i32 = 0;
let outputs: i32 = 0;

/** Room for the columns and parameters. */
export function prepare(spec: Spec, bytes: i32): usize {
  declared = spec;
  inputs = spec.inputs.length;
  outputs = spec.outputs.length;
  const room = heap.alloc(bytes);
  __keep();
  return room;
}

/** A series that begins, with none of the allocations of one before. */
export function series(params: usize): Series {
  __giveBack();
  return new Series(declared!, params);
}

/** The outputs of a bar, without values. */
// @ts-ignore: decorator
@inline
export function blank(output: usize): Column {
  const column = changetype<Column>(output);
  for (let i = 0; i < outputs; i++) column[i] = NaN;
  return column;
}

// A value of each input and output, of which a module has no more, where all bars are at hand.
// @ts-ignore: decorator
@lazy const ins = memory.data(8 * 8, 8);
// @ts-ignore: decorator
@lazy export const outs = memory.data(16 * 8, 8);

/** The inputs of a bar of columns. */
// @ts-ignore: decorator
@inline
export function gather(input: usize, stride: i32, bar: i32): Column {
  const column = changetype<Column>(input);
  for (let i = 0; i < inputs; i++) changetype<Column>(ins)[i] = column[i * stride + bar];
  return changetype<Column>(ins);
}

/** Puts the outputs of a bar where its columns have them. */
// @ts-ignore: decorator
@inline
export function spread(output: usize, stride: i32, bar: i32): void {
  const column = changetype<Column>(output);
  for (let i = 0; i < outputs; i++) column[i * stride + bar] = changetype<Column>(outs)[i];
}
