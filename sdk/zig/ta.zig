//! What a technical indicator in Zig is written with, to be compiled to a
//! WebAssembly module and uploaded. The author writes a `Spec` and a function
//! over columns:
//!
//! ```zig
//! const ta = @import("ta");
//!
//! const spec: ta.Spec = .{
//!     .name = "middle",
//!     .version = "1.0.0",
//!     .inputs = &.{ .high, .low },
//!     .outputs = &.{.{ .name = "middle", .unit = .price, .doc = "middle of the range" }},
//!     .memory = .window,
//! };
//!
//! fn run(call: *ta.Call(spec)) ta.Code {
//!     const middle = call.output(.middle);
//!     for (middle, call.input(.high), call.input(.low)) |*m, high, low| m.* = (high + low) / 2;
//!     return 0;
//! }
//!
//! comptime {
//!     ta.plugin(spec, run);
//! }
//! ```
//!
//! The description is written, and names are looked up, by the compiler, which
//! refuses one that the `Spec` lacks. Numbers that a function must remember for
//! each bar go into `Call.scratch`.

const std = @import("std");
const is_wasm = @import("builtin").cpu.arch == .wasm32;

/// The family of an indicator.
pub const Group = enum {
    /// Drawn over the price.
    overlap,
    /// Speed and strength of moves.
    momentum,
    /// Size of moves.
    volatility,
    /// What was traded.
    volume,
    /// The dominant cycle.
    cycle,
    /// Windows as samples.
    statistic,
    /// The prices of a bar as one.
    price,
    /// Functions of a series, or of two.
    arithmetic,
    /// Shapes of candles.
    pattern,
    /// Anything else.
    custom,
};

/// A column that an indicator reads.
pub const Input = enum {
    open,
    high,
    low,
    close,
    volume,
    /// Any series, the close unless the caller says otherwise.
    real,
    /// The first of two series, the close unless the caller says otherwise.
    real0,
    /// The second of two series, which the caller names.
    real1,
    /// A window length for each bar, which the caller names.
    periods,
    /// When each bar began, in Unix seconds, rising.
    timestamp,
};

/// How an output moves when prices or volumes are scaled.
pub const Unit = enum {
    /// Doubles when prices double.
    price,
    /// Doubles when volumes double.
    volume,
    /// A part of a hundred, blind to both.
    percent,
    /// A pure number, blind to both.
    ratio,
    /// What to do: below zero sell, above zero buy.
    signal,
    /// None of these holds.
    none,
};

/// How far back a value looks.
pub const Memory = enum {
    /// The last warm-up + 1 bars decide a value.
    window,
    /// Older bars weigh less and less, never nothing.
    fading,
    /// A value depends on the first bar for ever.
    running,
};

/// A column that an indicator fills.
pub const Output = struct {
    name: []const u8,
    unit: Unit,
    doc: []const u8 = "",
};

/// A number, or one of several named choices, that a caller may set.
pub const Param = struct {
    name: []const u8,
    doc: []const u8,
    range: union(enum) {
        integer: Range(i32),
        number: Range(f64),
        choice: []const []const u8,
    },

    /// Takes the whole numbers of a range.
    pub fn integer(name: []const u8, range: Range(i32), doc: []const u8) Param {
        return .{ .name = name, .doc = doc, .range = .{ .integer = range } };
    }

    /// Takes the numbers of a range.
    pub fn number(name: []const u8, range: Range(f64), doc: []const u8) Param {
        return .{ .name = name, .doc = doc, .range = .{ .number = range } };
    }

    /// Takes one of choices by name; the first is the default.
    pub fn choice(name: []const u8, choices: []const []const u8, doc: []const u8) Param {
        return .{ .name = name, .doc = doc, .range = .{ .choice = choices } };
    }
};

/// The numbers from min to max.
pub fn Range(comptime T: type) type {
    return struct {
        default: T,
        min: T,
        max: T,
        /// A number declared before, which this one may not be less than; "" for none.
        at_least: []const u8 = "",
    };
}

/// Describes an indicator to those who look for it and to the host that runs
/// it. What the names may be is in ABI.md.
pub const Spec = struct {
    /// As in URLs: `[a-z][a-z0-9_]*`.
    name: []const u8,
    /// `MAJOR.MINOR.PATCH`.
    version: []const u8,
    /// What people call it; empty for the name.
    title: []const u8 = "",
    /// What it measures and how to read it.
    doc: []const u8 = "",
    group: Group = .custom,
    inputs: []const Input,
    params: []const Param = &.{},
    outputs: []const Output,
    memory: Memory = .fading,
    /// The index of the first bar that can have a value in every output: a
    /// formula of whole numbers, names of parameters, `+ - *`, parentheses,
    /// `min(a, b)` and `max(a, b)`.
    warmup: []const u8 = "0",

    /// The JSON that ABI.md calls the description.
    pub fn describe(comptime spec: Spec) []const u8 {
        comptime {
            @setEvalBranchQuota(10_000_000);
            var json: []const u8 = "{" ++ field("name", spec.name) ++ "," ++ field("version", spec.version);
            if (spec.title.len > 0) json = json ++ "," ++ field("title", spec.title);
            json = json ++ "," ++ field("doc", spec.doc) ++ "," ++ field("group", @tagName(spec.group));
            json = json ++ ",\"inputs\":[";
            for (spec.inputs, 0..) |in, i| json = json ++ separator(i) ++ quote(@tagName(in));
            json = json ++ "],\"params\":[";
            for (spec.params, 0..) |p, i| json = json ++ separator(i) ++ describeParam(p);
            json = json ++ "],\"outputs\":[";
            for (spec.outputs, 0..) |out, i| {
                json = json ++ separator(i) ++ "{" ++ field("name", out.name) ++ "," ++
                    field("unit", @tagName(out.unit)) ++ "," ++ field("doc", out.doc) ++ "}";
            }
            return json ++ "]," ++ field("memory", @tagName(spec.memory)) ++ "," ++ field("warmup", spec.warmup) ++ "}";
        }
    }
};

fn describeParam(comptime p: Param) []const u8 {
    const head = "{" ++ field("name", p.name) ++ "," ++ field("doc", p.doc) ++ ",";
    switch (p.range) {
        .integer => |r| return head ++ describeRange("{d}", r) ++ ",\"integer\":true}",
        .number => |r| return head ++ describeRange("{e}", r) ++ "}",
        .choice => |choices| {
            var json: []const u8 = head ++ field("default", choices[0]) ++ ",\"choices\":[";
            for (choices, 0..) |name, i| json = json ++ separator(i) ++ quote(name);
            return json ++ "]}";
        },
    }
}

fn describeRange(comptime format: []const u8, comptime r: anytype) []const u8 {
    const json = std.fmt.comptimePrint(
        "\"default\":" ++ format ++ ",\"min\":" ++ format ++ ",\"max\":" ++ format,
        .{ r.default, r.min, r.max },
    );
    return if (r.at_least.len > 0) json ++ "," ++ field("at_least", r.at_least) else json;
}

fn separator(comptime i: usize) []const u8 {
    return if (i == 0) "" else ",";
}

fn field(comptime name: []const u8, comptime value: []const u8) []const u8 {
    return "\"" ++ name ++ "\":" ++ quote(value);
}

fn quote(comptime text: []const u8) []const u8 {
    var json: []const u8 = "\"";
    for (text) |c| json = json ++ switch (c) {
        '"', '\\' => &[_]u8{ '\\', c },
        0...0x1f => std.fmt.comptimePrint("\\u{x:0>4}", .{c}),
        else => &[_]u8{c},
    };
    return json ++ "\"";
}

/// What a function returns: 0, or a code of the author's own, 1 or more, that
/// the caller is shown.
pub const Code = u31;

/// A name of the Spec, as in `.close`.
const Name = @TypeOf(.name);

/// One computation: columns of bars, oldest first, and parameters that are
/// complete and in range.
pub fn Call(comptime spec: Spec) type {
    return struct {
        const Self = @This();

        /// The length of every column.
        bars: usize,
        in: [*]const f64,
        out: [*]f64,
        params: [*]const f64,
        /// Values from one column to the next.
        stride: usize,
        /// The first free address of scratch.
        top: usize = 0,

        /// The column of an input. NaN is a hole in the data; no value is infinite.
        pub fn input(call: *const Self, comptime name: Input) []const f64 {
            const i = comptime std.mem.indexOfScalar(Input, spec.inputs, name) orelse
                @compileError(spec.name ++ " has no input " ++ @tagName(name));
            return call.in[i * call.stride ..][0..call.bars];
        }

        /// The column of an output, NaN throughout until it is filled.
        pub fn output(call: *const Self, comptime name: Name) []f64 {
            const i = comptime find(spec.outputs, name, "output");
            return call.out[i * call.stride ..][0..call.bars];
        }

        /// The value of a parameter; a choice is the index of its name.
        pub fn param(call: *const Self, comptime name: Name) f64 {
            return call.params[comptime find(spec.params, name, "parameter")];
        }

        /// The value of an integer parameter that is not negative.
        pub fn count(call: *const Self, comptime name: Name) usize {
            const range = comptime spec.params[find(spec.params, name, "parameter")].range;
            if (comptime range != .integer or range.integer.min < 0)
                @compileError(@tagName(name) ++ " is no integer from 0 on");
            return @trunc(call.param(name));
        }

        /// Says whether a choice is the one of that name.
        pub fn chosen(call: *const Self, comptime name: Name, comptime choice: Name) bool {
            const i = comptime for (spec.params[find(spec.params, name, "parameter")].range.choice, 0..) |of, i| {
                if (std.mem.eql(u8, of, @tagName(choice))) break i;
            } else @compileError(@tagName(name) ++ " has no choice " ++ @tagName(choice));
            return call.param(name) == i;
        }

        /// Room for count numbers, all 0, until the call ends. A stream keeps it
        /// from bar to bar, and takes it once. It traps if there is none.
        pub fn scratch(call: *Self, size: usize) []f64 {
            if (!is_wasm) {
                const room = std.heap.page_allocator.alloc(f64, size) catch @trap();
                @memset(room, 0);
                return room;
            }
            const from = call.top;
            const bytes = std.math.mul(usize, size, 8) catch @trap();
            call.top = std.math.add(usize, from, bytes) catch @trap();
            if (!reach(call.top)) @trap();
            const room = @as([*]f64, @ptrFromInt(from))[0..size];
            @memset(room, 0);
            return room;
        }
    };
}

/// The place of the item of that name.
fn find(comptime items: anytype, comptime name: Name, comptime what: []const u8) usize {
    for (items, 0..) |item, i| {
        if (std.mem.eql(u8, item.name, @tagName(name))) return i;
    }
    @compileError("the Spec has no " ++ what ++ " " ++ @tagName(name));
}

/// Makes a module of a Spec and a function. For the machine at hand it does
/// nothing, so that `zig test` can run tests beside them.
pub fn plugin(comptime spec: Spec, comptime run: fn (*Call(spec)) Code) void {
    const exports = struct {
        const description = spec.describe();

        fn abi() callconv(.c) i32 {
            return 1;
        }

        fn describe() callconv(.c) i64 {
            return @as(i64, @intFromPtr(description.ptr)) << 32 | description.len;
        }

        fn alloc(bytes: usize) callconv(.c) usize {
            const from = end();
            const to = std.math.add(usize, from, bytes) catch return 0;
            kept = std.mem.alignForward(usize, to, 8);
            return if (reach(kept)) from else 0;
        }

        fn start(in: [*]const f64, n: usize, stride: usize, params: [*]const f64, out: [*]f64) callconv(.c) i32 {
            var call: Call(spec) = .{ .bars = n, .in = in, .out = out, .params = params, .stride = stride, .top = kept };
            return compute(spec, run, &call);
        }
    };
    if (is_wasm) {
        @export(&exports.abi, .{ .name = "ta_abi" });
        @export(&exports.describe, .{ .name = "ta_describe" });
        @export(&exports.alloc, .{ .name = "ta_alloc" });
        @export(&exports.start, .{ .name = "ta_run" });
    }
}

/// Lets the host hand over bars one by one as well, each in a call of one bar.
/// What run must remember between them is in variables outside of it and in
/// scratch that these point to; they begin anew for each `ta_run`, so that one
/// function serves both.
pub fn stream(comptime spec: Spec, comptime run: fn (*Call(spec)) Code) void {
    const exports = struct {
        var top: usize = 0;

        fn bar(in: [*]const f64, params: [*]const f64, out: [*]f64) callconv(.c) i32 {
            var call: Call(spec) = .{ .bars = 1, .in = in, .out = out, .params = params, .stride = 1, .top = @max(top, kept) };
            defer top = call.top;
            // One by one: to fill 8 bytes takes longer than to store them.
            inline for (0..spec.outputs.len) |i| out[i] = std.math.nan(f64);
            return @call(.always_inline, run, .{&call}); // a call of one bar is worth a form of its own
        }
    };
    if (is_wasm) @export(&exports.bar, .{ .name = "ta_bar" });
}

/// Runs over the bars of call, with outputs of NaN, and returns what `ta_run`
/// does. A NaN is all ones.
fn compute(comptime spec: Spec, comptime run: fn (*Call(spec)) Code, call: *Call(spec)) i32 {
    for (0..spec.outputs.len) |i| {
        @memset(std.mem.sliceAsBytes(call.out[i * call.stride ..][0..call.bars]), 0xff);
    }
    return run(call);
}

/// Where the room of `ta_alloc` ends and that of scratch begins. A module has
/// one thread and one host, which calls one function at a time.
var kept: usize = 0;

const page = 1 << 16;

/// The end of memory: room from here on is nobody else's.
fn end() usize {
    return @wasmMemorySize(0) * page;
}

/// Makes memory reach to address; says whether it does.
fn reach(address: usize) bool {
    const has = end();
    return address <= has or @wasmMemoryGrow(0, (address - has - 1) / page + 1) >= 0;
}
