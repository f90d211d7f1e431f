//! What every SDK's fixture is, for ../../testdata/fixture/fixture.test.js.

const std = @import("std");
const ta = @import("ta");

const spec: ta.Spec = .{
    .name = "fixture",
    .version = "1.2.3-rc.1",
    .title = "Bé 📈",
    .doc = "a \"quoted\"\\\n\x01 line",
    .group = .momentum,
    .inputs = &.{ .close, .volume, .timestamp },
    .params = &.{
        .integer("n", .{ .default = 14, .min = -2, .max = 500 }, "bars"),
        .number("k", .{ .default = 1.5, .min = -1e-7, .max = 1e30 }, "weight"),
        .number("l", .{ .default = 0.123456789012345, .min = 0, .max = 31400 }, "length"),
        .choice("kind", &.{ "sma", "ema" }, "average"),
        .integer("m", .{ .default = 28, .min = 2, .max = 500, .at_least = "n" }, "more bars"),
    },
    .outputs = &.{
        .{ .name = "sum", .unit = .price, .doc = "so far" },
        .{ .name = "rest", .unit = .signal, .doc = "what to do" },
    },
    .memory = .running,
    .warmup = "2*n - 1",
};

comptime {
    ta.plugin(spec, run);
    ta.stream(spec, run);
}

var total: ?[]f64 = null;

/// The sum of all bars, in room that a stream keeps, by way of room for one call.
fn run(call: *ta.Call(spec)) ta.Code {
    const last = total orelse call.scratch(1);
    total = last;
    const sum = call.output(.sum);
    const sums = if (call.bars > 1) call.scratch(call.bars) else sum;
    for (sums, call.input(.close), call.input(.volume)) |*s, close, volume| {
        if (call.bars > 1 and s.* != 0) @trap();
        last[0] += close + call.param(.k) * volume;
        s.* = last[0];
    }
    for (sum, sums) |*to, from| to.* = from;
    const n = call.param(.n);
    if (n < 0) _ = call.scratch(if (n == -1) 1 << 29 else (1 << 29) - 1); // too many, and too many from there on
    if (call.count(.m) != 28) @trap();
    return if (call.chosen(.kind, .ema)) 1 else 0;
}

test "the same function runs on the machine at hand" {
    const in = [_]f64{ 1, 2, 10, 20, 0, 60 };
    const params = [_]f64{ 14, 0.5, 0, 1, 28 };
    var out: [4]f64 = undefined;
    var call: ta.Call(spec) = .{ .bars = 2, .stride = 2, .in = &in, .params = &params, .out = &out };
    total = null;
    try std.testing.expectEqual(1, run(&call));
    try std.testing.expectEqualSlices(f64, &.{ 6, 18 }, out[0..2]);
}
