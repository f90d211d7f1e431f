import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

const sdk = join(dirname(fileURLToPath(import.meta.url)), "..");
const compiler = join(sdk, "bin/techanalysis-asc.js");

let project; // a folder as an author has it
let compiled;

before(() => {
  project = mkdtempSync(join(tmpdir(), "sdk-"));
  mkdirSync(join(project, "node_modules/@gravitywavesml"), { recursive: true });
  symlinkSync(sdk, join(project, "node_modules/@gravitywavesml/techanalysis"));
  writeFileSync(join(project, "fixture.ts"), readFileSync(join(sdk, "test/fixture.ts")));
  execFileSync(compiler, ["fixture.ts", "-o", "fixture.wasm"], { cwd: project });
  compiled = new WebAssembly.Module(readFileSync(join(project, "fixture.wasm")));
});
after(() => rmSync(project, { recursive: true }));

const instance = () => new WebAssembly.Instance(compiled, {}).exports;

test("the module has the exports of the ABI and no imports", () => {
  assert.deepEqual(WebAssembly.Module.imports(compiled), []);
  const names = WebAssembly.Module.exports(compiled).map((e) => e.name);
  assert.deepEqual(names.sort(), ["memory", "ta_abi", "ta_alloc", "ta_describe", "ta_run"]);
  assert.equal(instance().ta_abi(), 1);
});

test("the description is the Spec", () => {
  const guest = instance();
  const at = BigInt.asUintN(64, guest.ta_describe());
  const text = new Uint8Array(guest.memory.buffer, Number(at >> 32n), Number(at & 0xffffffffn));
  assert.deepEqual(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(text)), {
    name: "fixture",
    version: "1.2.3-rc.1",
    title: "Bé 📈",
    doc: 'a "quoted"\\\n\u0001 line',
    group: "momentum",
    memory: "window",
    inputs: ["close", "volume"],
    params: [
      { name: "n", default: 14, min: -2, max: 500, integer: true, doc: "bars" },
      { name: "k", default: 1.5, min: -1e-7, max: 1e300, doc: "" },
      { name: "kind", default: "sma", choices: ["sma", "ema"], doc: "average" },
      { name: "m", default: 28, min: 2, max: 500, integer: true, doc: "", at_least: "n" },
    ],
    outputs: [
      { name: "sum", unit: "price", doc: "" },
      { name: "rest", unit: "signal", doc: "what to do" },
    ],
    warmup: "2*n - 1",
  });
});

/** Runs bars of price 1, 2, 3… and volume 10 in room for stride bars. */
function run(guest, base, bars, stride, params) {
  const room = () => new Float64Array(guest.memory.buffer, base);
  room().fill(12345, 0, 4 * stride);
  for (let i = 0; i < bars; i++) room().set([i + 1], i), room().set([10], stride + i);
  room().set(params, 4 * stride);
  const code = guest.ta_run(base, bars, stride, base + 8 * 4 * stride, base + 8 * 2 * stride);
  return { code, sum: room().slice(2 * stride, 3 * stride), rest: room().slice(3 * stride, 4 * stride) };
}

test("run is handed columns and parameters, and its code is returned", () => {
  const guest = instance();
  const base = guest.ta_alloc(8 * (4 * 8 + 4));
  assert.equal(base % 8, 0);
  const { code, sum, rest } = run(guest, base, 3, 8, [0, 0.5, 1, 28]);
  assert.equal(code, 1);
  assert.deepEqual([...sum.slice(0, 4)], [6, 7, 8, 12345]);
  assert.deepEqual([...rest.slice(0, 4)], [NaN, NaN, NaN, 12345]);
});

test("what run allocates is given back", () => {
  const guest = instance();
  const base = guest.ta_alloc(8 * (4 * 1024 + 4));
  const first = run(guest, base, 1000, 1024, [0, 0.5, 0, 28]);
  const size = guest.memory.buffer.byteLength;
  for (let i = 0; i < 100; i++) assert.deepEqual(run(guest, base, 1000, 1024, [0, 0.5, 0, 28]), first);
  assert.equal(guest.memory.buffer.byteLength, size);
});

test("a name that the Spec lacks traps", () => {
  const guest = instance();
  const base = guest.ta_alloc(8 * (4 * 8 + 4));
  assert.throws(() => run(guest, base, 3, 8, [-1, 0.5, 0, 28]), WebAssembly.RuntimeError);
});

test("a class that takes bars takes them at once and one by one", () => {
  writeFileSync(join(project, "stream.ts"), readFileSync(join(sdk, "test/stream.ts")));
  execFileSync(compiler, ["stream.ts", "-o", "stream.wasm"], { cwd: project });
  const module = new WebAssembly.Module(readFileSync(join(project, "stream.wasm")));
  assert.deepEqual(WebAssembly.Module.imports(module), []);
  const names = WebAssembly.Module.exports(module).map((e) => e.name);
  assert.deepEqual(names.sort(), ["memory", "ta_abi", "ta_alloc", "ta_bar", "ta_describe", "ta_run"]);
  const fresh = (params) => {
    const guest = new WebAssembly.Instance(module, {}).exports;
    guest.ta_describe();
    const base = guest.ta_alloc(8 * (4 * 8 + 2));
    const room = new Float64Array(guest.memory.buffer, base, 4 * 8 + 2);
    room.fill(12345);
    room.set(params, 4 * 8);
    return { guest, base, room, params: base + 8 * 4 * 8 };
  };

  const all = fresh([2, 100]);
  for (let i = 0; i < 3; i++) all.room[i] = i + 1, all.room[8 + i] = 10;
  for (let times = 0; times < 2; times++) {
    assert.equal(all.guest.ta_run(all.base, 3, 8, all.params, all.base + 8 * 16), 0);
    assert.deepEqual([...all.room.slice(16, 20)], [22, 46, 72, 12345]);
    assert.deepEqual([...all.room.slice(24, 28)], [NaN, NaN, NaN, 12345]);
  }

  const one = fresh([2, 50]);
  const bar = (close) => {
    one.room.set([close, 10, 7, 7]);
    return one.guest.ta_bar(one.base, one.params, one.base + 16);
  };
  assert.deepEqual([bar(1), ...one.room.slice(2, 4)], [0, 22, NaN]);
  assert.deepEqual([bar(2), ...one.room.slice(2, 4)], [0, 46, NaN]);
  assert.equal(bar(3), 3);

  const ends = fresh([2, 50]);
  for (let i = 0; i < 3; i++) ends.room[i] = i + 1, ends.room[8 + i] = 10;
  assert.equal(ends.guest.ta_run(ends.base, 3, 8, ends.params, ends.base + 8 * 16), 3);
  const wrong = fresh([2, -1]);
  assert.throws(() => wrong.guest.ta_bar(wrong.base, wrong.params, wrong.base + 16), WebAssembly.RuntimeError);
});

test("the compiler says what is wrong", () => {
  const usage = spawnSync(compiler, ["fixture.ts"], { cwd: project, encoding: "utf8" });
  assert.equal(usage.status, 2);
  assert.match(usage.stderr, /usage/);
  writeFileSync(join(project, "bad.ts"), "export function spec(): i32 { return 0; }");
  const bad = spawnSync(compiler, ["bad.ts", "-o", "bad.wasm"], { cwd: project, encoding: "utf8" });
  assert.equal(bad.status, 1);
  assert.match(bad.stderr, /ERROR/);
});
