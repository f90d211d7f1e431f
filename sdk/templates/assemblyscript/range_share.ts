import { Call, Input, Memory, Spec, Unit } from "@gravitywavesml/techanalysis";

export function spec(): Spec {
  return new Spec("range_share", "1.0.0")
    .title("Place in the range")
    .doc("Where the close is in the range of its bar: 0 at the low, 100 at the high.")
    .input(Input.High)
    .input(Input.Low)
    .input(Input.Close)
    .number("flat", 50, 0, 100, "the value of a bar without a range")
    .output("share", Unit.Percent, "0 to 100")
    .memory(Memory.Window);
}

export function run(call: Call): i32 {
  const high = call.input("high");
  const low = call.input("low");
  const price = call.input("close");
  const share = call.output("share");
  for (let i = 0; i < call.bars; i++) {
    if (isNaN(price[i])) continue; // a hole; one in high or low is in range
    const range = high[i] - low[i];
    if (range > 0) share[i] = (100 * (price[i] - low[i])) / range;
    else if (range == 0) share[i] = call.param("flat");
  }
  return 0;
}
