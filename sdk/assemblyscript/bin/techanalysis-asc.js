#!/usr/bin/env node
// techanalysis-asc FILE.ts -o FILE.wasm [options of asc]
//
// Compiles a plugin: a source file that exports spec(), and run(call) or, where
// it is computed bar by bar, a class Stream. The
// functions that the host calls are added, and the module has neither imports
// nor a start function.

import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const sdk = join(dirname(fileURLToPath(import.meta.url)), "..", "assembly");
const [source, ...options] = process.argv.slice(2);
if (!source?.endsWith(".ts") || !options.includes("-o")) {
  console.error("usage: techanalysis-asc FILE.ts -o FILE.wasm [options of asc]");
  process.exit(2);
}

// The stub runtime of the compiler sets a variable in a start function, which
// the host refuses. The one of this package does not.
asc.libraryFiles["rt/stub"] = readFileSync(join(sdk, "runtime.ts"), "utf8");

// The entry exists only here: the author's file knows nothing of the exports.
const author = "./" + relative(process.cwd(), source).split(sep).join("/").replace(/\.ts$/, "");
const entry = "techanalysis-entry.ts";
const name = JSON.stringify(author);
const common = `
export function ta_abi(): i32 { return 1; }
export function ta_describe(): u64 { return describe(spec()); }
export function ta_alloc(bytes: i32): usize { return prepare(spec(), bytes); }
`;
const ofColumns = `
import { spec, run } from ${name};
import { describe, prepare, start } from "@gravitywavesml/techanalysis/assembly/abi";
${common}
export function ta_run(input: usize, n: i32, stride: i32, params: usize, output: usize): i32 {
  return run(start(input, n, stride, params, output));
}
`;
const ofBars = `
import { spec, Stream } from ${name};
import { Column } from "@gravitywavesml/techanalysis";
import { describe } from "@gravitywavesml/techanalysis/assembly/abi";
import { blank, gather, outs, prepare, series, spread } from "@gravitywavesml/techanalysis/assembly/stream";
${common}
let stream: Stream | null = null;
export function ta_bar(input: usize, params: usize, output: usize): i32 {
  if (stream === null) stream = new Stream(series(params));
  return stream!.next(changetype<Column>(input), blank(output));
}
export function ta_run(input: usize, n: i32, stride: i32, params: usize, output: usize): i32 {
  const stream = new Stream(series(params));
  for (let bar = 0; bar < n; bar++) {
    const code = stream.next(gather(input, stride, bar), blank(outs));
    if (code) return code;
    spread(output, stride, bar);
  }
  return 0;
}
`;
let entryText = ofColumns;
try {
  if (/^export class Stream\b/m.test(readFileSync(source, "utf8"))) entryText = ofBars;
} catch {
  // asc says that there is no such file
}

const { error } = await asc.main(
  [entry, "-O3", "--runtime", "stub", "--use", "abort=", ...options],
  {
    stdout: process.stdout,
    stderr: process.stderr,
    async readFile(name, directory) {
      if (name === entry) return entryText;
      try {
        return await readFile(join(directory, name), "utf8");
      } catch {
        return null; // asc asks for files in several places
      }
    },
  },
);
process.exit(error ? 1 : 0);
