/**
 * What an indicator in AssemblyScript is written with. A source file exports
 *
 *     export function spec(): Spec { return new Spec("name", "1.0.0")… }
 *     export function run(call: Call): i32 { …; return 0; }
 *
 * and techanalysis-asc makes a module of it.
 */
export { Spec, Group, Input, Unit, Memory } from "./assembly/spec";
export { Call, Column } from "./assembly/call";
