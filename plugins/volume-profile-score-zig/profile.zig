//! How the volume of some bars is spread over their prices, and where most of it
//! is. It needs nothing of the SDK.

const std = @import("std");

/// Volumes that differ by less than this share are equal, and a price so near to
/// an edge is on it: the difference is rounding's.
const share = 1e-9;

pub const Bar = struct { high: f64, low: f64, volume: f64 };

/// The last bars, oldest first, and their range. Each bar is kept twice, so that
/// they always lie in one piece.
pub const Last = struct {
    room: []Bar,
    place: usize = 0,
    seen: usize = 0,
    floor: f64 = std.math.inf(f64),
    ceiling: f64 = -std.math.inf(f64),

    /// Takes the next bar; gives the last ones, if there are enough.
    pub fn add(last: *Last, bar: Bar) ?[]const Bar {
        const n = last.room.len / 2;
        const gone = last.room[last.place];
        last.room[last.place] = bar;
        last.room[last.place + n] = bar;
        last.place = if (last.place + 1 == n) 0 else last.place + 1;
        last.seen += 1;
        last.ceiling = larger(last.ceiling, bar.high);
        last.floor = lesser(last.floor, bar.low);
        if (last.seen < n) return null;
        const bars = last.room[last.place..][0..n];
        if (gone.high == last.ceiling or gone.low == last.floor) {
            last.ceiling = bars[0].high;
            last.floor = bars[0].low;
            for (bars) |b| {
                last.ceiling = larger(last.ceiling, b.high);
                last.floor = lesser(last.floor, b.low);
            }
        }
        return bars;
    }
};

/// What a profile says.
pub const Value = struct {
    /// The middle of the row where most was traded.
    poc: f64,
    /// The ends of the value area.
    low: f64,
    high: f64,

    /// Where a price stands: 0 at the point of control, 1 at the upper end of the
    /// value area, -1 at the lower, and on by the same measure beyond them.
    pub fn score(value: Value, price: f64) f64 {
        const off = price - value.poc;
        const half = if (off > 0) value.high - value.poc else value.poc - value.low;
        return if (half > 0) off / half else 0;
    }
};

/// A part of the range.
pub const Row = struct {
    volume: f64 = 0,
    /// By how much more is traded here than in the row below by bars that span
    /// both, and one more row at least. So a bar takes the same steps however many
    /// rows it spans.
    step: f64 = 0,
};

/// The value of bars from floor to ceiling in which part of the volume is the
/// value area, null if nothing was traded. room has one row more than the profile.
pub fn valueOf(bars: []const Bar, floor: f64, ceiling: f64, part: f64, room: []Row) ?Value {
    if (!(ceiling > floor)) {
        for (bars) |bar| {
            if (bar.volume > 0) return .{ .poc = floor, .low = floor, .high = floor };
        }
        return null;
    }
    const all = spread(bars, floor, ceiling, room);
    if (!(all > 0)) return null;
    const rows = room[0 .. room.len - 1];
    const most = busiest(rows);
    const first, const end = area(rows, most, part * all);
    const height = (ceiling - floor) / float(rows.len);
    return .{
        .poc = floor + (float(most) + 0.5) * height,
        .low = floor + float(first) * height,
        .high = if (end == rows.len) ceiling else floor + float(end) * height,
    };
}

/// Fills the rows, and returns what they have together. Nothing is known of how the volume of a bar was spread over its
/// prices, so it is spread evenly.
fn spread(bars: []const Bar, floor: f64, ceiling: f64, room: []Row) f64 {
    const top = room.len - 1; // has what is at the ceiling itself
    @memset(room, .{});
    const scale = float(top) / (ceiling - floor);
    for (bars) |bar| {
        const a = (bar.low - floor) * scale;
        if (!(bar.high > bar.low)) { // a price on an edge is in the row above it
            room[index(a + share)].volume += bar.volume;
            continue;
        }
        const b = (bar.high - floor) * scale;
        const from = index(a);
        const to = index(b);
        if (from == to) {
            room[from].volume += bar.volume;
            continue;
        }
        const whole = bar.volume / (b - a);
        room[from].volume += whole * (float(from + 1) - a);
        room[to].volume += whole * (b - float(to));
        if (to - from > 1) {
            room[from + 1].step += whole;
            room[to].step -= whole;
        }
    }
    var spanned: f64 = 0;
    var all: f64 = 0;
    for (room) |*row| {
        spanned += row.step;
        row.volume += larger(0, spanned);
        all += row.volume;
    }
    room[top - 1].volume += room[top].volume;
    return all;
}

/// The row with the most; of equal ones that nearest the middle of the range, and
/// of two such the lower.
fn busiest(rows: []const Row) usize {
    var top: f64 = 0;
    for (rows) |row| top = larger(top, row.volume);
    const enough = top * (1 - share);
    const middle = float(rows.len - 1) / 2;
    var most: usize = 0;
    var nearest = std.math.inf(f64);
    for (rows, 0..) |row, k| {
        if (row.volume < enough) continue;
        const off = @abs(float(k) - middle);
        if (off < nearest) {
            most = k;
            nearest = off;
        }
    }
    return most;
}

/// The rows around one that together have enough, from the first up to the end:
/// the two above or the two below are added, whichever have more, the ones above
/// if they are equal.
fn area(rows: []const Row, most: usize, enough: f64) struct { usize, usize } {
    const slack = enough * share;
    var first = most;
    var end = most + 1;
    var sum = rows[most].volume;
    while (sum < enough - slack and (first > 0 or end < rows.len)) {
        const above = traded(rows, end) + traded(rows, end + 1);
        const below = traded(rows, first -% 1) + traded(rows, first -% 2);
        if (first == 0 or (end < rows.len and above >= below - slack)) {
            sum += above;
            end = @min(end + 2, rows.len);
        } else {
            sum += below;
            first -|= 2;
        }
    }
    return .{ first, end };
}

/// That of a row, if there is such a one.
fn traded(rows: []const Row, k: usize) f64 {
    return if (k < rows.len) rows[k].volume else 0;
}

// @min and @max of floats know of NaN and of the zero below zero: a call, and 30
// times the gas.
fn lesser(a: f64, b: f64) f64 {
    return if (b < a) b else a;
}

fn larger(a: f64, b: f64) f64 {
    return if (b > a) b else a;
}

fn float(n: usize) f64 {
    return @floatFromInt(n);
}

fn index(place: f64) usize {
    return @trunc(place);
}

const expectEqual = std.testing.expectEqual;

fn at(price: f64, volume: f64) Bar {
    return .{ .high = price, .low = price, .volume = volume };
}

fn expectRows(bars: []const Bar, floor: f64, ceiling: f64, comptime want: []const f64) !void {
    var room: [want.len + 1]Row = undefined;
    _ = spread(bars, floor, ceiling, &room);
    for (want, room[0..want.len]) |volume, row| try expectEqual(volume, row.volume);
}

test "the volume of a bar is spread over its range" {
    // Over four rows; over two, in part; at one price.
    try expectRows(&.{
        .{ .high = 14, .low = 10, .volume = 8 },
        .{ .high = 12, .low = 10.5, .volume = 3 },
        at(11.5, 5),
    }, 10, 14, &.{ 2 + 1, 2 + 2 + 5, 2, 2 });
}

test "a price on an edge is in the row above, but at the top" {
    try expectRows(&.{ at(1, 1), at(2, 10), at(0, 100) }, 0, 2, &.{ 100, 11 });
}

test "a bar on both sides of an edge leaves nothing in the rows above" {
    const tiny = 1.0 / @as(comptime_float, 1 << 50);
    try expectRows(&.{.{ .high = 1 + tiny, .low = 1 - tiny, .volume = 1e9 }}, 0, 4, &.{ 5e8, 5e8, 0, 0 });
}

test "value is where most was traded" {
    // Rows of 1 from 0 to 8: 1 2 3 9 4 1 0 1
    const bars = [_]Bar{ at(0, 1), at(1.5, 2), at(2.5, 3), at(3.5, 9), at(4.5, 4), at(5.5, 1), at(8, 1) };
    var room: [9]Row = undefined;
    // 12.6 of 21 are wanted: 9, then 4 + 1 above beside 3 + 2 below, equal, so above: 14.
    const less = valueOf(&bars, 0, 8, 0.6, &room).?;
    try expectEqual(Value{ .poc = 3.5, .low = 3, .high = 6 }, less);
    // 14.7 are wanted: those below, too.
    const value = valueOf(&bars, 0, 8, 0.7, &room).?;
    try expectEqual(3.5, value.poc);
    try expectEqual(1, value.low);
    try expectEqual(6, value.high);
    try expectEqual(0, value.score(3.5));
    try expectEqual(1, value.score(6));
    try expectEqual(-1, value.score(1));
    try expectEqual(2, value.score(8.5));
}

test "of equal rows the middle one is the point of control" {
    var room: [5]Row = undefined;
    const value = valueOf(&.{ at(0, 5), at(2.5, 5), at(4, 5) }, 0, 4, 0.3, &room).?;
    try expectEqual(2.5, value.poc);
}

test "nothing was traded, and nothing moved" {
    var room: [5]Row = undefined;
    try expectEqual(null, valueOf(&.{ .{ .high = 2, .low = 1, .volume = 0 }, at(3, 0) }, 1, 3, 0.7, &room));
    try expectEqual(null, valueOf(&.{ at(2, 0), at(2, 0) }, 2, 2, 0.7, &room));
    const value = valueOf(&.{ at(2, 0), at(2, 7) }, 2, 2, 0.7, &room).?;
    try expectEqual(Value{ .poc = 2, .low = 2, .high = 2 }, value);
    try expectEqual(0, value.score(2));
}

test "the range is that of the last bars" {
    var room: [6]Bar = undefined;
    var last: Last = .{ .room = &room };
    const prices = [_]f64{ 5, 9, 1, 4, 3, 3, 8, 2 };
    for (prices, 0..) |price, i| {
        const bars = last.add(.{ .high = price + 1, .low = price, .volume = 0 });
        try expectEqual(i < 2, bars == null);
        if (i < 2) continue;
        for (prices[i - 2 .. i + 1], bars.?) |want, bar| try expectEqual(want, bar.low);
        try expectEqual(std.mem.max(f64, prices[i - 2 .. i + 1]) + 1, last.ceiling);
        try expectEqual(std.mem.min(f64, prices[i - 2 .. i + 1]), last.floor);
    }
}
