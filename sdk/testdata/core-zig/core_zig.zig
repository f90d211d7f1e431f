//! The simple moving average, the exponential one and the relative strength
//! index, as TA-Lib defines them, written with the Zig SDK. The tests hold its
//! answers against the native indicators.

const std = @import("std");
const ta = @import("ta");
const isNan = std.math.isNan;

const spec: ta.Spec = .{
    .name = "core_zig",
    .version = "1.0.0",
    .title = "SMA, EMA and RSI from Zig",
    .doc = "A simple and an exponential moving average and Wilder's relative strength index of one series.",
    .inputs = &.{.real},
    .params = &.{
        .integer("sma_period", .{ .default = 20, .min = 1, .max = 100_000 }, "bars averaged"),
        .integer("ema_period", .{ .default = 20, .min = 1, .max = 100_000 }, "bars that seed the average; a value weighs 2/(period+1)"),
        .integer("rsi_period", .{ .default = 14, .min = 2, .max = 100_000 }, "bars that seed the gains and losses"),
    },
    .outputs = &.{
        .{ .name = "sma", .unit = .price, .doc = "mean of the last sma_period values" },
        .{ .name = "ema", .unit = .price, .doc = "mean in which older values fade" },
        .{ .name = "rsi", .unit = .percent, .doc = "0 to 100" },
    },
    .memory = .fading,
    .warmup = "max(max(sma_period, ema_period) - 1, rsi_period)",
};

comptime {
    ta.plugin(spec, run);
}

fn run(call: *ta.Call(spec)) ta.Code {
    const x = call.input(.real);
    const n = call.count(.sma_period);
    sma(call.output(.sma), x, call.scratch(n), call.scratch(n + 1));
    ema(call.output(.ema), x, call.count(.ema_period));
    rsi(call.output(.rsi), x, call.param(.rsi_period));
    return 0;
}

/// The mean of the last n values. A window of n values spans at most two blocks
/// of n: the rest of one and the beginning of the next. Adding their sums takes
/// a few steps a bar for any n, and unlike a running total it leaves nothing
/// behind of a value that has left the window.
///
/// block has the values of this block so far, and rest[i] is the sum of the
/// last block from its i-th value on.
fn sma(out: []f64, x: []const f64, block: []f64, rest: []f64) void {
    const n: f64 = @floatFromInt(block.len);
    var full = false; // there has been a block before this one
    var seen: usize = 0; // values in this block so far
    var sum: f64 = 0; // and their sum
    for (out, x) |*o, v| {
        if (isNan(v)) continue;
        block[seen] = v;
        seen += 1;
        sum += v;
        if (full or seen == block.len) o.* = (rest[seen] + sum) / n;
        if (seen == block.len) {
            while (seen > 0) {
                seen -= 1;
                rest[seen] = rest[seen + 1] + block[seen];
            }
            full = true;
            sum = 0;
        }
    }
}

/// Begins with the mean of the first n values and then goes 2/(n+1) of the way
/// to each new one.
fn ema(out: []f64, x: []const f64, n: usize) void {
    const length: f64 = @floatFromInt(n);
    const weight = 2 / (length + 1);
    var seen: usize = 0;
    var y: f64 = 0;
    for (out, x) |*o, v| {
        if (isNan(v)) continue;
        if (seen < n) {
            seen += 1;
            y += v;
            if (seen < n) continue;
            y /= length;
        } else {
            y += weight * (v - y);
        }
        o.* = y;
    }
}

/// The share of gains in all moves, in percent. Both are smoothed as Wilder
/// did: the mean of the first n moves, then 1/n of the way to each new one.
fn rsi(out: []f64, x: []const f64, n: f64) void {
    var seen: f64 = 0;
    var gain: f64 = 0;
    var loss: f64 = 0;
    var last = std.math.nan(f64);
    for (out, x) |*o, v| {
        if (isNan(v)) continue;
        const before = last;
        last = v;
        if (isNan(before)) continue;
        // Halves, not choices: which way the next move goes nobody can foresee.
        const rise = v - before;
        const up = (@abs(rise) + rise) / 2;
        const down = (@abs(rise) - rise) / 2;
        if (seen < n) {
            seen += 1;
            gain += up;
            loss += down;
            if (seen < n) continue;
            gain /= n;
            loss /= n;
        } else {
            gain += (up - gain) / n;
            loss += (down - loss) / n;
        }
        const moves = gain + loss;
        o.* = if (moves > 0) 100 * gain / moves else 0;
    }
}
