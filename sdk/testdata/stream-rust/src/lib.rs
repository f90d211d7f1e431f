//! What core-rust computes, bar by bar: the same steps, with what is remembered
//! in a type, so that the host may hand over bars as they come. The tests want
//! the same bits.
#![no_std]

use techanalysis::{Input, Memory, Output, Param, Series, Spec, Stream, Unit};

techanalysis::stream! {
    Spec {
        name: "stream_rust",
        version: "1.0.0",
        title: "SMA, EMA and RSI from Rust, bar by bar",
        doc: "A simple and an exponential moving average and Wilder's relative strength index of one series.",
        inputs: &[Input::Real],
        params: &[
            Param::integer("sma_period", 20, 1, 1_000, "bars averaged"),
            Param::integer("ema_period", 20, 1, 1_000, "bars that seed the average; a value weighs 2/(period+1)"),
            Param::integer("rsi_period", 14, 2, 1_000, "bars that seed the gains and losses"),
        ],
        outputs: &[
            Output::new("sma", Unit::Price, "mean of the last sma_period values"),
            Output::new("ema", Unit::Price, "mean in which older values fade"),
            Output::new("rsi", Unit::Percent, "0 to 100"),
        ],
        memory: Memory::Fading,
        warmup: "max(max(sma_period, ema_period) - 1, rsi_period)",
        ..Spec::EMPTY
    },
    Core
}

struct Core {
    sma: Sma,
    ema: Ema,
    rsi: Rsi,
}

impl Stream for Core {
    fn begin(series: &Series) -> Core {
        let n = series.count("sma_period");
        Core {
            sma: Sma {
                block: series.scratch(n),
                rest: series.scratch(n + 1),
                seen: 0,
                sum: 0.0,
                full: false,
            },
            ema: Ema {
                n: series.param("ema_period"),
                seen: 0.0,
                y: 0.0,
            },
            rsi: Rsi {
                n: series.param("rsi_period"),
                seen: 0.0,
                gain: 0.0,
                loss: 0.0,
                last: None,
            },
        }
    }

    fn next(&mut self, input: &[f64], output: &mut [f64]) -> Result<(), i32> {
        let v = input[0];
        if v.is_nan() {
            return Ok(());
        }
        output[0] = self.sma.next(v);
        output[1] = self.ema.next(v);
        output[2] = self.rsi.next(v);
        Ok(())
    }
}

/// The values of this block of n so far, and of the one before it the sums from
/// each value on.
struct Sma {
    block: &'static mut [f64],
    rest: &'static mut [f64],
    seen: usize,
    sum: f64,
    full: bool, // there has been a block before this one
}

impl Sma {
    fn next(&mut self, v: f64) -> f64 {
        let n = self.block.len();
        self.block[self.seen] = v;
        self.seen += 1;
        self.sum += v;
        let mut mean = f64::NAN;
        if self.full || self.seen == n {
            mean = (self.rest[self.seen] + self.sum) / n as f64;
        }
        if self.seen == n {
            for j in (0..n).rev() {
                self.rest[j] = self.rest[j + 1] + self.block[j];
            }
            (self.full, self.seen, self.sum) = (true, 0, 0.0);
        }
        mean
    }
}

/// Begins with the mean of the first n values and then goes 2/(n+1) of the way
/// to each new one.
struct Ema {
    n: f64,
    seen: f64,
    y: f64,
}

impl Ema {
    fn next(&mut self, v: f64) -> f64 {
        if self.seen < self.n {
            self.seen += 1.0;
            self.y += v;
            if self.seen < self.n {
                return f64::NAN;
            }
            self.y /= self.n;
        } else {
            self.y += 2.0 / (self.n + 1.0) * (v - self.y);
        }
        self.y
    }
}

/// The share of gains in all moves, both smoothed as Wilder did.
struct Rsi {
    n: f64,
    seen: f64,
    gain: f64,
    loss: f64,
    last: Option<f64>,
}

impl Rsi {
    fn next(&mut self, v: f64) -> f64 {
        let Some(before) = self.last.replace(v) else {
            return f64::NAN;
        };
        // Halves, not choices: which way the next move goes nobody can foresee.
        let (rise, size) = (v - before, (v - before).abs());
        let (up, down) = ((size + rise) / 2.0, (size - rise) / 2.0);
        if self.seen < self.n {
            self.seen += 1.0;
            self.gain += up;
            self.loss += down;
            if self.seen < self.n {
                return f64::NAN;
            }
            self.gain /= self.n;
            self.loss /= self.n;
        } else {
            self.gain += (up - self.gain) / self.n;
            self.loss += (down - self.loss) / self.n;
        }
        let moves = self.gain + self.loss;
        if moves > 0.0 {
            100.0 * self.gain / moves
        } else {
            0.0
        }
    }
}
