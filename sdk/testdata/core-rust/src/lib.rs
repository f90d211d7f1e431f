//! The simple moving average, the exponential one and the relative strength
//! index, as TA-Lib defines them, written with the Rust SDK. The tests hold its
//! answers against the native indicators.
#![no_std]

use techanalysis::{Call, Input, Memory, Output, Param, Spec, Unit};

techanalysis::plugin! {
    Spec {
        name: "core_rust",
        version: "1.0.0",
        title: "SMA, EMA and RSI from Rust",
        doc: "A simple and an exponential moving average and Wilder's relative strength index of one series.",
        inputs: &[Input::Real],
        params: &[
            Param::integer("sma_period", 20, 1, 100_000, "bars averaged"),
            Param::integer("ema_period", 20, 1, 100_000, "bars that seed the average; a value weighs 2/(period+1)"),
            Param::integer("rsi_period", 14, 2, 100_000, "bars that seed the gains and losses"),
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
    run
}

fn run(call: &mut Call) -> Result<(), i32> {
    let x = call.input(Input::Real);
    let n = call.count("sma_period");
    sma(call.output("sma"), x, call.scratch(n), call.scratch(n + 1));
    ema(call.output("ema"), x, call.count("ema_period"));
    rsi(call.output("rsi"), x, call.param("rsi_period"));
    Ok(())
}

/// The mean of the last n values. A window of n values spans at most two blocks
/// of n: the rest of one and the beginning of the next. Adding their sums takes
/// a few steps a bar for any n, and unlike a running total it leaves nothing
/// behind of a value that has left the window.
///
/// `block` has the values of this block so far, and `rest[i]` is the sum of the
/// last block from its i-th value on.
fn sma(out: &mut [f64], x: &[f64], block: &mut [f64], rest: &mut [f64]) {
    let n = block.len();
    let (mut full, mut seen, mut sum) = (false, 0, 0.0);
    for (out, &v) in out.iter_mut().zip(x) {
        if v.is_nan() {
            continue;
        }
        block[seen] = v;
        seen += 1;
        sum += v;
        if full || seen == n {
            *out = (rest[seen] + sum) / n as f64;
        }
        if seen == n {
            for j in (0..n).rev() {
                rest[j] = rest[j + 1] + block[j];
            }
            (full, seen, sum) = (true, 0, 0.0);
        }
    }
}

/// Begins with the mean of the first n values and then goes 2/(n+1) of the way
/// to each new one.
fn ema(out: &mut [f64], x: &[f64], n: usize) {
    let weight = 2.0 / (n + 1) as f64;
    let (mut seen, mut y) = (0, 0.0);
    for (out, &v) in out.iter_mut().zip(x) {
        if v.is_nan() {
            continue;
        }
        if seen < n {
            seen += 1;
            y += v;
            if seen < n {
                continue;
            }
            y /= n as f64;
        } else {
            y += weight * (v - y);
        }
        *out = y;
    }
}

/// The share of gains in all moves, in percent. Both are smoothed as Wilder
/// did: the mean of the first n moves, then 1/n of the way to each new one.
fn rsi(out: &mut [f64], x: &[f64], n: f64) {
    let (mut seen, mut gain, mut loss, mut last) = (0.0, 0.0, 0.0, f64::NAN);
    for (out, &v) in out.iter_mut().zip(x) {
        if v.is_nan() {
            continue;
        }
        let before = core::mem::replace(&mut last, v);
        if before.is_nan() {
            continue;
        }
        // Halves, not choices: which way the next move goes nobody can foresee.
        let (rise, size) = (v - before, (v - before).abs());
        let (up, down) = ((size + rise) / 2.0, (size - rise) / 2.0);
        if seen < n {
            seen += 1.0;
            gain += up;
            loss += down;
            if seen < n {
                continue;
            }
            gain /= n;
            loss /= n;
        } else {
            gain += (up - gain) / n;
            loss += (down - loss) / n;
        }
        let moves = gain + loss;
        *out = if moves > 0.0 {
            100.0 * gain / moves
        } else {
            0.0
        };
    }
}
