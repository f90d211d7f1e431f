//! The spread between two prices that go together: the hedge ratio by a rolling
//! regression, how far the pair is from it now, and how long it takes to come
//! back by half. After E. Gatev, W. N. Goetzmann and K. G. Rouwenhorst, "Pairs
//! Trading: Performance of a Relative-Value Arbitrage Rule" (2006), and G.
//! Vidyamurthy, "Pairs Trading: Quantitative Methods and Analysis" (2004).

mod line;

use line::Window;
use techanalysis::{Call, Group, Input, Memory, Output, Param, Spec, Unit};

techanalysis::plugin! {
    Spec {
        name: "pairs_spread",
        version: "1.0.0",
        title: "Pairs spread",
        doc: "Two prices that go together: the hedge ratio by least squares over the last bars, how far the first is \
              above what the second says it should be, in numbers of its usual distance too, and in how many bars half \
              of that is gone. After Gatev, Goetzmann and Rouwenhorst, and Vidyamurthy. Of logarithms, a price of zero \
              or below counts as missing.",
        group: Group::Statistic,
        inputs: &[Input::Real0, Input::Real1],
        params: &[
            Param::integer("period", 60, 10, 500, "bars of the regression"),
            Param::choice("prices", &["log", "plain"], "what is compared: the logarithms of the prices, or the prices"),
        ],
        outputs: &[
            Output::new("hedge", Unit::Ratio, "the move of real0 that goes with one of real1"),
            Output::new("spread", Unit::None, "real0 above the line; of logarithms 0.01 is about one percent"),
            Output::new("zscore", Unit::Ratio, "the spread in standard deviations from the line"),
            Output::new("half_life", Unit::Ratio, "bars in which half of a spread is gone; no value if it does not go"),
        ],
        memory: Memory::Window,
        warmup: "2*period - 1",
        ..Spec::EMPTY
    },
    run
}

/// The index of the choice of plain prices.
const PLAIN: f64 = 1.0;

fn run(call: &mut Call) -> Result<(), i32> {
    let (first, second) = (call.input(Input::Real0), call.input(Input::Real1));
    let (hedge, spread) = (call.output("hedge"), call.output("spread"));
    let (zscore, half_life) = (call.output("zscore"), call.output("half_life"));
    let period = call.count("period");
    let plain = call.param("prices") == PLAIN;

    let mut prices = Window::new(period, |count| call.scratch(count));
    let mut spreads = Window::new(period, |count| call.scratch(count)); // each beside the one before it
    let mut base = None; // the first prices
    let mut before = None; // the spread before

    for i in 0..call.bars() {
        let (mut y, mut x) = (first[i], second[i]);
        if y.is_nan() || x.is_nan() || !plain && (y <= 0.0 || x <= 0.0) {
            continue;
        }
        if !plain {
            // The logarithm of a ratio does not change when all prices double.
            let (y0, x0) = *base.get_or_insert((y, x));
            (y, x) = ((y / y0).ln(), (x / x0).ln());
        }
        let Some(line) = prices.add(x, y) else {
            continue;
        };
        let Some(slope) = line.slope() else {
            // There is no spread, so none of the next ones follows upon another.
            spreads.clear();
            before = None;
            continue;
        };
        let usual = line.deviation(slope);
        let now = if usual > 0.0 {
            line.above(slope, x, y)
        } else {
            0.0
        };
        hedge[i] = slope;
        spread[i] = now;
        zscore[i] = if usual > 0.0 { now / usual } else { 0.0 };
        if let Some(before) = before.replace(now) {
            if let Some(kept) = spreads.add(before, now).and_then(|line| line.slope()) {
                if 0.0 < kept && kept < 1.0 {
                    half_life[i] = 0.5f64.ln() / kept.ln();
                }
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaked(values: Vec<f64>) -> &'static mut [f64] {
        Box::leak(values.into())
    }

    /// The outputs at the last bar, over 10 bars.
    fn last(prices: f64, first: Vec<f64>, second: Vec<f64>) -> [f64; 4] {
        let bars = first.len();
        let columns: [&[f64]; 2] = [leaked(first), leaked(second)];
        let outputs = leaked(vec![0.0; 4 * bars]).as_mut_ptr();
        let mut call = Call::new(
            &SPEC,
            bars,
            leaked(vec![10.0, prices]),
            |count| leaked(vec![0.0; count]),
            |i| columns[i],
            // SAFETY: each output is asked for once, and they do not overlap.
            |i| unsafe { core::slice::from_raw_parts_mut(outputs.add(i * bars), bars) },
        );
        run(&mut call).unwrap();
        // SAFETY: the call is over.
        [0, 1, 2, 3].map(|i| unsafe { *outputs.add((i + 1) * bars - 1) })
    }

    /// Prices that rise and fall by a tenth.
    fn waves(bars: u32) -> Vec<f64> {
        (0..bars)
            .map(|i| 100.0 + 10.0 * f64::from(i).sin())
            .collect()
    }

    #[test]
    fn logarithms_find_the_power_and_plain_prices_the_factor() {
        let x = waves(40);
        let power = x.iter().map(|x| 3.0 * x.powf(1.5)).collect();
        let [hedge, spread, zscore, half_life] = last(0.0, power, x.clone());
        assert!((hedge - 1.5).abs() < 1e-12, "{hedge}");
        assert!(spread == 0.0 && zscore == 0.0 && half_life.is_nan());

        let factor = x.iter().map(|x| 7.0 + 2.5 * x).collect();
        let [hedge, spread, zscore, _] = last(PLAIN, factor, x);
        assert!((hedge - 2.5).abs() < 1e-12, "{hedge}");
        assert!(spread == 0.0 && zscore == 0.0);
    }

    #[test]
    fn a_jump_of_one_price_is_a_spread() {
        let x = waves(40);
        let mut y = x.clone();
        y[39] *= 1.1;
        let [_, spread, zscore, _] = last(0.0, y, x);
        assert!(0.05 < spread && spread < 0.1f64.ln_1p(), "{spread}");
        assert!(2.0 < zscore && zscore < 8f64.sqrt(), "{zscore}"); // √(n - 2) is the most there can be
    }

    #[test]
    fn a_spread_that_dies_away_has_a_half_life() {
        // A jump now and then, of which a quarter is gone with each bar.
        let x = waves(400);
        let mut off = 0.0;
        let y = x.iter().enumerate().map(|(i, x)| {
            off *= 0.75;
            if i % 40 == 0 {
                off += 0.01;
            }
            x * f64::exp(off)
        });
        let [_, _, _, half_life] = last(0.0, y.collect(), x);
        assert!(half_life > 0.0 && half_life < 10.0, "{half_life}");
    }

    #[test]
    fn without_a_move_there_is_no_pair() {
        let outputs = last(0.0, waves(40), vec![7.0; 40]);
        assert!(outputs.iter().all(|v| v.is_nan()), "{outputs:?}");
    }
}
