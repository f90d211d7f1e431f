use crate::spec::Spec;

/// The most inputs and outputs that a module may have.
pub(crate) const MAX_INPUTS: usize = 8;
pub(crate) const MAX_OUTPUTS: usize = 16;

/// An indicator that is computed bar by bar: what it remembers of a series.
/// [`stream!`](crate::stream) makes a module of it.
pub trait Stream {
    /// What there is before the first bar.
    fn begin(series: &Series) -> Self;

    /// Takes the next bar: a value of each input, and room for one of each
    /// output, in the order of the [`Spec`]. NaN is a hole in the data; no value
    /// is infinite. An output is NaN until it is given a value. The error, 1 or
    /// more, is what the caller is shown, and ends the series.
    fn next(&mut self, input: &[f64], output: &mut [f64]) -> Result<(), i32>;
}

/// What is known of a series before its first bar: parameters that are complete
/// and in range. Its methods take names of the [`Spec`] and panic for others.
pub struct Series<'a> {
    spec: &'a Spec,
    params: &'a [f64],
    scratch: fn(usize) -> &'static mut [f64],
}

impl<'a> Series<'a> {
    /// A series with parameters in the order of `spec`. `scratch` makes room for
    /// so many numbers, all 0.
    pub fn new(
        spec: &'a Spec,
        params: &'a [f64],
        scratch: fn(usize) -> &'static mut [f64],
    ) -> Series<'a> {
        Series {
            spec,
            params,
            scratch,
        }
    }

    /// The value of a parameter; a choice is the index of its name.
    pub fn param(&self, name: &str) -> f64 {
        let i = self.spec.params.iter().position(|of| of.name == name);
        self.params[i.expect("a parameter of the Spec")]
    }

    /// The value of an integer parameter that is not negative.
    pub fn count(&self, name: &str) -> usize {
        self.param(name) as usize
    }

    /// Room for `count` numbers, all 0, until the series ends.
    pub fn scratch(&self, count: usize) -> &'static mut [f64] {
        (self.scratch)(count)
    }
}
