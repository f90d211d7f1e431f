//! What core_zig.zig computes, bar by bar: the same steps, with what is
//! remembered in variables outside of the function, so that the host may hand
//! over bars as they come. The tests want the same bits.

const std = @import("std");
const ta = @import("ta");

const spec: ta.Spec = .{
    .name = "stream_zig",
    .version = "1.0.0",
    .title = "SMA, EMA and RSI from Zig, bar by bar",
    .doc = "A simple and an exponential moving average and Wilder's relative strength index of one series.",
    .inputs = &.{.real},
    .params = &.{
        .integer("sma_period", .{ .default = 20, .min = 1, .max = 1_000 }, "bars averaged"),
        .integer("ema_period", .{ .default = 20, .min = 1, .max = 1_000 }, "bars that seed the average; a value weighs 2/(period+1)"),
        .integer("rsi_period", .{ .default = 14, .min = 2, .max = 1_000 }, "bars that seed the gains and losses"),
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
    ta.stream(spec, run);
}

var sma: Sma = .{};
var ema: Ema = .{};
var rsi: Rsi = .{};

fn run(call: *ta.Call(spec)) ta.Code {
    const n = call.count(.sma_period);
    if (sma.block.len == 0) {
        sma.block = call.scratch(n);
        sma.rest = call.scratch(n + 1);
    }
    for (call.input(.real), call.output(.sma), call.output(.ema), call.output(.rsi)) |v, *mean, *fading, *strength| {
        if (std.math.isNan(v)) continue;
        mean.* = sma.next(v) orelse mean.*;
        fading.* = ema.next(v, call.param(.ema_period)) orelse fading.*;
        strength.* = rsi.next(v, call.param(.rsi_period)) orelse strength.*;
    }
    return 0;
}

/// The last block of n values and the one before it: rest[i] is the sum of that
/// from its i-th value on.
const Sma = struct {
    block: []f64 = &.{},
    rest: []f64 = &.{},
    sum: f64 = 0,
    seen: usize = 0,
    full: bool = false, // there has been a block before this one

    fn next(s: *Sma, v: f64) ?f64 {
        const n: f64 = @floatFromInt(s.block.len);
        s.block[s.seen] = v;
        s.seen += 1;
        s.sum += v;
        const mean = if (s.full or s.seen == s.block.len) (s.rest[s.seen] + s.sum) / n else null;
        if (s.seen == s.block.len) {
            while (s.seen > 0) {
                s.seen -= 1;
                s.rest[s.seen] = s.rest[s.seen + 1] + s.block[s.seen];
            }
            s.full = true;
            s.sum = 0;
        }
        return mean;
    }
};

/// Begins with the mean of the first n values and then goes 2/(n+1) of the way
/// to each new one.
const Ema = struct {
    y: f64 = 0,
    seen: f64 = 0,

    fn next(e: *Ema, v: f64, n: f64) ?f64 {
        if (e.seen < n) {
            e.seen += 1;
            e.y += v;
            if (e.seen < n) return null;
            e.y /= n;
        } else {
            e.y += 2 / (n + 1) * (v - e.y);
        }
        return e.y;
    }
};

/// The share of gains in all moves, both smoothed as Wilder did.
const Rsi = struct {
    gain: f64 = 0,
    loss: f64 = 0,
    last: ?f64 = null,
    seen: f64 = 0,

    fn next(r: *Rsi, v: f64, n: f64) ?f64 {
        defer r.last = v;
        const before = r.last orelse return null;
        // Halves, not choices: which way the next move goes nobody can foresee.
        const rise = v - before;
        const up = (@abs(rise) + rise) / 2;
        const down = (@abs(rise) - rise) / 2;
        if (r.seen < n) {
            r.seen += 1;
            r.gain += up;
            r.loss += down;
            if (r.seen < n) return null;
            r.gain /= n;
            r.loss /= n;
        } else {
            r.gain += (up - r.gain) / n;
            r.loss += (down - r.loss) / n;
        }
        const moves = r.gain + r.loss;
        return if (moves > 0) 100 * r.gain / moves else 0;
    }
};
