#![no_std]

use techanalysis::{Call, Input, Memory, Output, Param, Spec, Unit};

techanalysis::plugin! {
    Spec {
        name: "range_share",
        version: "1.0.0",
        title: "Place in the range",
        doc: "Where the close is in the range of its bar: 0 at the low, 100 at the high.",
        inputs: &[Input::High, Input::Low, Input::Close],
        params: &[Param::number("flat", 50.0, 0.0, 100.0, "the value of a bar without a range")],
        outputs: &[Output::new("share", Unit::Percent, "0 to 100")],
        memory: Memory::Window,
        ..Spec::EMPTY
    },
    run
}

fn run(call: &mut Call) -> Result<(), i32> {
    let (high, low) = (call.input(Input::High), call.input(Input::Low));
    let price = call.input(Input::Close);
    let share = call.output("share");
    for i in 0..call.bars() {
        if price[i].is_nan() {
            continue; // a hole; one in high or low is in range
        }
        let range = high[i] - low[i];
        if range > 0.0 {
            share[i] = 100.0 * (price[i] - low[i]) / range;
        } else if range == 0.0 {
            share[i] = call.param("flat");
        }
    }
    Ok(())
}
