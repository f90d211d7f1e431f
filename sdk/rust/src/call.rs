use crate::spec::{Input, Spec};
use crate::stream::{MAX_INPUTS, MAX_OUTPUTS};

/// One computation: columns of bars, oldest first, and parameters that are
/// complete and in range. Its methods take names of the [`Spec`] and panic for
/// others.
pub struct Call<'a> {
    spec: &'a Spec,
    bars: usize,
    inputs: [&'a [f64]; MAX_INPUTS],
    outputs: [Option<&'a mut [f64]>; MAX_OUTPUTS],
    params: &'a [f64],
    scratch: fn(usize) -> &'a mut [f64],
}

impl<'a> Call<'a> {
    /// A call of `bars` bars, with columns and parameters in the order of
    /// `spec`. `scratch` makes room for so many numbers, all 0.
    pub fn new(
        spec: &'a Spec,
        bars: usize,
        params: &'a [f64],
        scratch: fn(usize) -> &'a mut [f64],
        mut input: impl FnMut(usize) -> &'a [f64],
        mut output: impl FnMut(usize) -> &'a mut [f64],
    ) -> Call<'a> {
        let mut inputs: [&[f64]; MAX_INPUTS] = [&[]; MAX_INPUTS];
        for i in 0..spec.inputs.len() {
            inputs[i] = input(i);
        }
        let mut outputs = [const { None }; MAX_OUTPUTS];
        for i in 0..spec.outputs.len() {
            let column = output(i);
            column.fill(f64::NAN);
            outputs[i] = Some(column);
        }
        Call {
            spec,
            bars,
            inputs,
            outputs,
            params,
            scratch,
        }
    }

    /// The number of bars, the length of every column.
    pub fn bars(&self) -> usize {
        self.bars
    }

    /// The column of an input. NaN is a hole in the data; no value is infinite.
    pub fn input(&self, input: Input) -> &'a [f64] {
        let i = self.spec.inputs.iter().position(|of| *of == input);
        self.inputs[i.expect("an input of the Spec")]
    }

    /// The column of an output, NaN throughout until it is filled. Each can be
    /// taken once.
    pub fn output(&mut self, name: &str) -> &'a mut [f64] {
        let i = self.spec.outputs.iter().position(|of| of.name == name);
        self.outputs[i.expect("an output of the Spec")]
            .take()
            .expect("an output that was not taken before")
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

    /// Room for `count` numbers, all 0, until the call ends.
    pub fn scratch(&self, count: usize) -> &'a mut [f64] {
        (self.scratch)(count)
    }
}
