/** The functions of ../../ABI.md, for the entry that techanalysis-asc writes. */

import { Call } from "./call";
import { Spec } from "./spec";

let call: Call | null = null;

/** The address and length of the description. */
export function describe(spec: Spec): u64 {
  const text = String.UTF8.encode(spec.toString());
  return (<u64>changetype<usize>(text) << 32) | <u64>text.byteLength;
}

/** Room for the columns and parameters; what is allocated later is given back by each start. */
export function prepare(spec: Spec, bytes: i32): usize {
  call = new Call(spec);
  const room = heap.alloc(bytes);
  __keep();
  return room;
}

/** A call with none of the allocations of the one before. */
export function start(input: usize, bars: i32, stride: i32, params: usize, output: usize): Call {
  __giveBack();
  const next = call!;
  next.begin(input, bars, stride, params, output);
  return next;
}
