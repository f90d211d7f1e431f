const ta = @import("ta");

const spec: ta.Spec = .{
    .name = "range_share",
    .version = "1.0.0",
    .title = "Place in the range",
    .doc = "Where the close is in the range of its bar: 0 at the low, 100 at the high.",
    .inputs = &.{ .high, .low, .close },
    .params = &.{
        .number("flat", .{ .default = 50, .min = 0, .max = 100 }, "the value of a bar without a range"),
    },
    .outputs = &.{.{ .name = "share", .unit = .percent, .doc = "0 to 100" }},
    .memory = .window,
};

comptime {
    ta.plugin(spec, run);
}

fn run(call: *ta.Call(spec)) ta.Code {
    for (call.output(.share), call.input(.high), call.input(.low), call.input(.close)) |*share, high, low, close| {
        if (close != close) continue; // a hole; one in high or low is in range
        const range = high - low;
        if (range > 0) {
            share.* = 100 * (close - low) / range;
        } else if (range == 0) {
            share.* = call.param(.flat);
        }
    }
    return 0;
}
