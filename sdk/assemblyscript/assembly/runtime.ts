/**
 * The runtime of a plugin: memory is handed out in a row and given back all at
 * once, before each call of run. In place of the compiler's own stub runtime,
 * it needs no start function.
 */

import { AL_MASK, BLOCK, BLOCK_MAXSIZE, BLOCK_OVERHEAD, OBJECT, OBJECT_MAXSIZE, OBJECT_OVERHEAD } from "./common";

let top: usize = 0; // the first free address; 0 before the first allocation
let kept: usize = 0; // what top goes back to

/** Keeps what has been allocated until now. */
// @ts-ignore: decorator
@unsafe @global
export function __keep(): void {
  kept = top;
}

/** Gives back what has been allocated since __keep. */
// @ts-ignore: decorator
@unsafe @global
export function __giveBack(): void {
  top = kept;
}

/** Makes memory reach to end, or traps. */
function reach(end: usize): void {
  const has = <usize>memory.size() << 16;
  if (end <= has) return;
  const pages = <i32>((end - has + 0xffff) >>> 16);
  if (memory.grow(pages) < 0) unreachable();
}

/** The size of the payload of a block, so that the next one is aligned. */
// @ts-ignore: decorator
@inline
function payload(size: usize): usize {
  return ((size + BLOCK_OVERHEAD + AL_MASK) & ~AL_MASK) - BLOCK_OVERHEAD;
}

// @ts-ignore: decorator
@unsafe @global
export function __alloc(size: usize): usize {
  if (size > BLOCK_MAXSIZE) unreachable();
  if (!top) top = payload(__heap_base);
  const block = top;
  const address = block + BLOCK_OVERHEAD;
  const end = address + payload(size);
  reach(end);
  changetype<BLOCK>(block).mmInfo = end - address;
  top = end;
  return address;
}

// @ts-ignore: decorator
@unsafe @global
export function __realloc(address: usize, size: usize): usize {
  const has = changetype<BLOCK>(address - BLOCK_OVERHEAD).mmInfo;
  if (size <= has) return address;
  if (address + has == top) {
    top = address - BLOCK_OVERHEAD;
    return __alloc(size);
  }
  const moved = __alloc(max(size, has << 1));
  memory.copy(moved, address, has);
  return moved;
}

// @ts-ignore: decorator
@unsafe @global
export function __free(address: usize): void {}

// @ts-ignore: decorator
@unsafe @global
export function __new(size: usize, id: u32): usize {
  if (size > OBJECT_MAXSIZE) unreachable();
  const address = __alloc(OBJECT_OVERHEAD + size);
  const object = changetype<OBJECT>(address - BLOCK_OVERHEAD);
  object.gcInfo = 0;
  object.gcInfo2 = 0;
  object.rtId = id;
  object.rtSize = <u32>size;
  return address + OBJECT_OVERHEAD;
}

// @ts-ignore: decorator
@unsafe @global
export function __renew(old: usize, size: usize): usize {
  if (size > OBJECT_MAXSIZE) unreachable();
  const address = __realloc(old - OBJECT_OVERHEAD, OBJECT_OVERHEAD + size);
  changetype<OBJECT>(address - BLOCK_OVERHEAD).rtSize = <u32>size;
  return address + OBJECT_OVERHEAD;
}

// @ts-ignore: decorator
@unsafe @global
export function __link(parent: usize, child: usize, many: bool): void {}

// @ts-ignore: decorator
@unsafe @global
export function __pin(address: usize): usize {
  return address;
}

// @ts-ignore: decorator
@unsafe @global
export function __unpin(address: usize): void {}

// @ts-ignore: decorator
@unsafe @global
function __visit(address: usize, cookie: u32): void {}

// @ts-ignore: decorator
@unsafe @global
export function __collect(): void {}
