import { Call, Group, Input, Memory, Spec, Unit } from "@gravitywavesml/techanalysis";

export function spec(): Spec {
  return new Spec("fixture", "1.2.3-rc.1")
    .title("Bé 📈")
    .doc('a "quoted"\\\n\u0001 line')
    .group(Group.Momentum)
    .input(Input.Close)
    .input(Input.Volume)
    .integer("n", 14, -2, 500, "bars")
    .number("k", 1.5, -1e-7, 1e300, "")
    .choice("kind", ["sma", "ema"], "average")
    .integer("m", 28, 2, 500, "")
    .atLeast("n")
    .output("sum", Unit.Price, "")
    .output("rest", Unit.Signal, "what to do")
    .memory(Memory.Window)
    .warmup("2*n - 1");
}

// Copies through an array that grows, so that allocation is put to use.
export function run(call: Call): i32 {
  const price = call.input("close");
  const volume = call.input("volume");
  const sum = call.output("sum");
  const sums: f64[] = [];
  for (let i = 0; i < call.bars; i++) {
    sums.push(price[i] + call.param("k") * volume[i]);
    assert(sums.length == i + 1);
  }
  for (let i = 0; i < call.bars; i++) sum[i] = sums[i];
  if (call.int("n") < 0) call.output("none");
  return call.int("kind");
}
