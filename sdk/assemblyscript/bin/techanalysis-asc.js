#!/usr/bin/env node
// techanalysis-asc FILE.ts -o FILE.wasm [options of asc]
//
// Compiles a plugin: a source file that exports spec() and run(call). The
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
const entryText = `
import { spec, run } from ${JSON.stringify(author)};
import { describe, prepare, start } from "@gravitywavesml/techanalysis/assembly/abi";
export function ta_abi(): i32 { return 1; }
export function ta_describe(): u64 { return describe(spec()); }
export function ta_alloc(bytes: i32): usize { return prepare(spec(), bytes); }
export function ta_run(input: usize, n: i32, stride: i32, params: usize, output: usize): i32 {
  return run(start(input, n, stride, params, output));
}
`;

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
