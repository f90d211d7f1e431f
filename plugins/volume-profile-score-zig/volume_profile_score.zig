//! Where the price stands in the market's own opinion of value: the volume of the
//! last bars by price, the price where most was traded, the area around it that
//! has most of the volume, and how far the close is from it. After J. P.
//! Steidlmayer's Market Profile, with the value area of Dalton, Jones and Dalton's
//! "Mind over Markets".

const std = @import("std");
const ta = @import("ta");
const Last = @import("profile.zig").Last;
const Row = @import("profile.zig").Row;
const valueOf = @import("profile.zig").valueOf;

const spec: ta.Spec = .{
    .name = "volume_profile_score",
    .version = "1.0.0",
    .title = "Volume profile score",
    .doc = "Where the close stands in the volume profile of the last bars: 0 at the price where most was traded, 1 at " ++
        "the upper end of the value area and -1 at the lower, beyond them outside of value. The volume of a bar is " ++
        "spread evenly over its range. After Steidlmayer's Market Profile.",
    .group = .volume,
    .inputs = &.{ .high, .low, .close, .volume },
    .params = &.{
        .integer("period", .{ .default = 40, .min = 2, .max = 100 }, "bars of the profile"),
        .integer("rows", .{ .default = 24, .min = 4, .max = 50 }, "parts of the range of those bars"),
        .number("value", .{ .default = 70, .min = 10, .max = 95 }, "percent of the volume that the value area has at least"),
    },
    .outputs = &.{
        .{ .name = "score", .unit = .ratio, .doc = "0 at the point of control, 1 and -1 at the ends of the value area" },
        .{ .name = "poc", .unit = .price, .doc = "the point of control: the middle of the row where most was traded" },
        .{ .name = "value_low", .unit = .price, .doc = "the lower end of the value area" },
        .{ .name = "value_high", .unit = .price, .doc = "the upper end of the value area" },
    },
    .memory = .window,
    .warmup = "period - 1",
};

comptime {
    ta.plugin(spec, run);
}

fn run(call: *ta.Call(spec)) ta.Code {
    const part = call.param(.value) / 100;
    var last: Last = .{ .room = @ptrCast(call.scratch(2 * call.count(.period) * 3)) };
    const rows: []Row = @ptrCast(call.scratch((call.count(.rows) + 1) * 2));
    for (call.input(.high), call.input(.low), call.input(.close), call.input(.volume), 0..) |high, low, close, volume, i| {
        if (high != high or low != low or close != close or volume != volume) continue; // a hole
        const bars = last.add(.{ .high = high, .low = low, .volume = volume }) orelse continue;
        const value = valueOf(bars, last.floor, last.ceiling, part, rows) orelse continue;
        call.output(.score)[i] = value.score(close);
        call.output(.poc)[i] = value.poc;
        call.output(.value_low)[i] = value.low;
        call.output(.value_high)[i] = value.high;
    }
    return 0;
}

test {
    _ = @import("profile.zig");
}

test "the score follows the close" {
    // Two bars, two rows: the first has all in the lower, the second most in the upper.
    const in = [_]f64{ 11, 12, 10, 11, 10.5, 11.5, 100, 300 };
    const params = [_]f64{ 2, 4, 70 };
    var out: [8]f64 = @splat(0);
    var call: ta.Call(spec) = .{ .bars = 2, .stride = 2, .in = &in, .params = &params, .out = &out };
    try std.testing.expectEqual(0, run(&call));
    // Rows of half a point: 50 50 150 150. Of the two equal ones the lower is nearer the middle.
    try std.testing.expectEqual(11.25, call.output(.poc)[1]);
    try std.testing.expectEqual(11, call.output(.value_low)[1]);
    try std.testing.expectEqual(12, call.output(.value_high)[1]);
    try std.testing.expectApproxEqAbs(1.0 / 3.0, call.output(.score)[1], 1e-15);
    try std.testing.expectEqual(0, call.output(.score)[0]); // no value before there are two bars
}
