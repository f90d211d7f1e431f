/// Describes an indicator to those who look for it and to the host that runs
/// it. What the names may be is in `ABI.md`.
pub struct Spec {
    /// As in URLs: `[a-z][a-z0-9_]*`.
    pub name: &'static str,
    /// `MAJOR.MINOR.PATCH`.
    pub version: &'static str,
    /// What people call it; empty for the name.
    pub title: &'static str,
    /// What it measures and how to read it.
    pub doc: &'static str,
    pub group: Group,
    pub inputs: &'static [Input],
    pub params: &'static [Param],
    pub outputs: &'static [Output],
    pub memory: Memory,
    /// The index of the first bar that can have a value in every output: a
    /// formula of whole numbers, names of parameters, `+ - *`, parentheses,
    /// `min(a, b)` and `max(a, b)`.
    pub warmup: &'static str,
}

impl Spec {
    /// For the fields that a `Spec` does not set: `..Spec::EMPTY`.
    pub const EMPTY: Spec = Spec {
        name: "",
        version: "",
        title: "",
        doc: "",
        group: Group::Custom,
        inputs: &[],
        params: &[],
        outputs: &[],
        memory: Memory::Fading,
        warmup: "0",
    };
}

/// The family of an indicator.
#[derive(Clone, Copy)]
pub enum Group {
    /// Drawn over the price.
    Overlap,
    /// Speed and strength of moves.
    Momentum,
    /// Size of moves.
    Volatility,
    /// What was traded.
    Volume,
    /// The dominant cycle.
    Cycle,
    /// Windows as samples.
    Statistic,
    /// The prices of a bar as one.
    Price,
    /// Functions of a series, or of two.
    Arithmetic,
    /// Shapes of candles.
    Pattern,
    /// Anything else.
    Custom,
}

impl Group {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Group::Overlap => "overlap",
            Group::Momentum => "momentum",
            Group::Volatility => "volatility",
            Group::Volume => "volume",
            Group::Cycle => "cycle",
            Group::Statistic => "statistic",
            Group::Price => "price",
            Group::Arithmetic => "arithmetic",
            Group::Pattern => "pattern",
            Group::Custom => "custom",
        }
    }
}

/// A column that an indicator reads.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Input {
    Open,
    High,
    Low,
    Close,
    Volume,
    /// Any series, the close unless the caller says otherwise.
    Real,
    /// The first of two series, the close unless the caller says otherwise.
    Real0,
    /// The second of two series, which the caller names.
    Real1,
    /// A window length for each bar, which the caller names.
    Periods,
    /// When each bar began, in Unix seconds, rising.
    Timestamp,
}

impl Input {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Input::Open => "open",
            Input::High => "high",
            Input::Low => "low",
            Input::Close => "close",
            Input::Volume => "volume",
            Input::Real => "real",
            Input::Real0 => "real0",
            Input::Real1 => "real1",
            Input::Periods => "periods",
            Input::Timestamp => "timestamp",
        }
    }
}

/// A column that an indicator fills.
pub struct Output {
    pub name: &'static str,
    pub unit: Unit,
    pub doc: &'static str,
}

impl Output {
    pub const fn new(name: &'static str, unit: Unit, doc: &'static str) -> Output {
        Output { name, unit, doc }
    }
}

/// How an output moves when prices or volumes are scaled.
#[derive(Clone, Copy)]
pub enum Unit {
    /// Doubles when prices double.
    Price,
    /// Doubles when volumes double.
    Volume,
    /// A part of a hundred, blind to both.
    Percent,
    /// A pure number, blind to both.
    Ratio,
    /// What to do: below zero sell, above zero buy.
    Signal,
    /// None of these holds.
    None,
}

impl Unit {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Unit::Price => "price",
            Unit::Volume => "volume",
            Unit::Percent => "percent",
            Unit::Ratio => "ratio",
            Unit::Signal => "signal",
            Unit::None => "none",
        }
    }
}

/// How far back a value looks.
#[derive(Clone, Copy)]
pub enum Memory {
    /// The last warm-up + 1 bars decide a value.
    Window,
    /// Older bars weigh less and less, never nothing.
    Fading,
    /// A value depends on the first bar for ever.
    Running,
}

impl Memory {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Memory::Window => "window",
            Memory::Fading => "fading",
            Memory::Running => "running",
        }
    }
}

/// A number, or one of several named choices, that a caller may set.
pub struct Param {
    pub name: &'static str,
    pub doc: &'static str,
    pub(crate) range: Range,
    pub(crate) least: &'static str,
}

pub(crate) enum Range {
    Integer {
        default: i32,
        min: i32,
        max: i32,
    },
    Number {
        default: Decimal,
        min: Decimal,
        max: Decimal,
    },
    Choice(&'static [&'static str]),
}

impl Param {
    /// Takes the whole numbers from `min` to `max`.
    pub const fn integer(
        name: &'static str,
        default: i32,
        min: i32,
        max: i32,
        doc: &'static str,
    ) -> Param {
        Param {
            name,
            doc,
            range: Range::Integer { default, min, max },
            least: "",
        }
    }

    /// Takes the numbers from `min` to `max`. Each of the three must be a
    /// decimal of at most 15 digits, which is found out when it is compiled.
    pub const fn number(
        name: &'static str,
        default: f64,
        min: f64,
        max: f64,
        doc: &'static str,
    ) -> Param {
        let range = Range::Number {
            default: decimal(default),
            min: decimal(min),
            max: decimal(max),
        };
        Param {
            name,
            doc,
            range,
            least: "",
        }
    }

    /// Takes one of `choices` by name; the first is the default.
    pub const fn choice(
        name: &'static str,
        choices: &'static [&'static str],
        doc: &'static str,
    ) -> Param {
        Param {
            name,
            doc,
            range: Range::Choice(choices),
            least: "",
        }
    }

    /// The same number, which may not be less than the one called `name`, which
    /// comes before it.
    pub const fn at_least(mut self, name: &'static str) -> Param {
        self.least = name;
        self
    }
}

/// `digits` times ten to the power of `exponent`.
#[derive(Clone, Copy)]
pub(crate) struct Decimal {
    pub digits: i64,
    pub exponent: i32,
}

/// `v` as its author wrote it. Done by the compiler, it keeps the code that
/// writes any f64, ten times the size of an indicator, out of the module. It is
/// exact because powers of ten up to 22 are, and both operands of the last
/// division or multiplication: its result is what a reader of the decimal gets.
const fn decimal(v: f64) -> Decimal {
    const MOST: f64 = 1e15;
    let half = if v < 0.0 { -0.5 } else { 0.5 };
    let mut exponent = 0;
    let mut power = 1.0;
    while exponent <= 22 {
        let (up, down) = (v * power, v / power);
        if -MOST < up && up < MOST {
            let digits = (up + half) as i64;
            if digits as f64 / power == v {
                return Decimal {
                    digits,
                    exponent: -exponent,
                };
            }
        }
        if -MOST < down && down < MOST {
            let digits = (down + half) as i64;
            if digits as f64 * power == v {
                return Decimal { digits, exponent };
            }
        }
        exponent += 1;
        power *= 10.0;
    }
    panic!("a number must be a decimal of at most 15 digits")
}
