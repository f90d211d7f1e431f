/**
 * What an indicator in AssemblyScript is written with. A source file exports
 *
 *     export function spec(): Spec { return new Spec("name", "1.0.0")… }
 *     export function run(call: Call): i32 { …; return 0; }
 *
 * and techanalysis-asc makes a module of it. One that is computed bar by bar
 * exports a class in place of run: made anew for each series, it is given the
 * bars one by one, with a value of each input, and room for one of each output,
 * in the order of the Spec.
 *
 *     export class Stream {
 *       constructor(series: Series) {…}
 *       next(input: Column, output: Column): i32 { …; return 0; }
 *     }
 */
export { Spec, Group, Input, Unit, Memory } from "./assembly/spec";
export { Call, Column } from "./assembly/call";
export { Series } from "./assembly/series";
