use techanalysis::{
    describe, Call, Group, Input, Memory, Output, Param, Series, Spec, Stream, Unit,
};

static SPEC: Spec = Spec {
    name: "b",
    version: "1.2.3-rc.1",
    title: "Bé",
    doc: "a \"quoted\"\\\n\u{1} line",
    group: Group::Momentum,
    inputs: &[Input::High, Input::Volume, Input::Timestamp],
    params: &[
        Param::integer("n", 14, -2, 500, "bars"),
        Param::number("k", 1.5, -1e-7, 1e30, ""),
        Param::number("l", 0.123456789012345, 0.0, 31400.0, ""),
        Param::choice("kind", &["sma", "ema"], "average"),
        Param::integer("m", 28, 2, 500, "").at_least("n"),
    ],
    outputs: &[
        Output::new("x", Unit::Price, ""),
        Output::new("y", Unit::Signal, "what to do"),
    ],
    memory: Memory::Window,
    warmup: "2*n - 1",
};

fn described(spec: &Spec) -> String {
    let mut text = String::new();
    describe(spec, &mut text).unwrap();
    text
}

#[test]
fn every_field_is_described() {
    let want = concat!(
        r#"{"name":"b","version":"1.2.3-rc.1","title":"Bé","doc":"a \"quoted\"\\\u000a\u0001 line","#,
        r#""group":"momentum","inputs":["high","volume","timestamp"],"params":["#,
        r#"{"name":"n","default":14,"min":-2,"max":500,"integer":true,"doc":"bars"},"#,
        r#"{"name":"k","default":15e-1,"min":-1e-7,"max":100000000000000e16,"doc":""},"#,
        r#"{"name":"l","default":123456789012345e-15,"min":0e0,"max":31400e0,"doc":""},"#,
        r#"{"name":"kind","default":"sma","choices":["sma","ema"],"doc":"average"},"#,
        r#"{"name":"m","default":28,"min":2,"max":500,"integer":true,"at_least":"n","doc":""}],"#,
        r#""outputs":[{"name":"x","unit":"price","doc":""},{"name":"y","unit":"signal","doc":"what to do"}],"#,
        r#""memory":"window","warmup":"2*n - 1"}"#,
    );
    assert_eq!(described(&SPEC), want);
}

#[test]
fn what_is_left_out_has_defaults() {
    let least = Spec {
        name: "a",
        version: "1.0.0",
        ..Spec::EMPTY
    };
    let want = concat!(
        r#"{"name":"a","version":"1.0.0","title":"a","doc":"","group":"custom","#,
        r#""inputs":[],"params":[],"outputs":[],"memory":"fading","warmup":"0"}"#,
    );
    assert_eq!(described(&least), want);
}

fn leaked(values: &[f64]) -> &'static mut [f64] {
    Box::leak(values.to_vec().into())
}

fn call() -> Call<'static> {
    Call::new(
        &SPEC,
        2,
        leaked(&[14.0, 1.5, 0.5, 1.0, 28.0]),
        |count| leaked(&vec![0.0; count]),
        |i| leaked(&[i as f64, i as f64]),
        |_| leaked(&[7.0, 7.0]),
    )
}

#[test]
fn columns_and_parameters_are_found_by_name() {
    let mut call = call();
    assert_eq!(call.bars(), 2);
    assert_eq!(call.input(Input::Volume), [1.0, 1.0]);
    assert_eq!(call.param("l"), 0.5);
    assert_eq!(call.count("n"), 14);
    assert_eq!(call.scratch(3), [0.0; 3]);
    let (x, y) = (call.output("x"), call.output("y"));
    assert!(x[0].is_nan() && y[1].is_nan(), "outputs begin as NaN");
}

#[test]
#[should_panic(expected = "an input of the Spec")]
fn an_input_must_be_declared() {
    call().input(Input::Low);
}

#[test]
#[should_panic(expected = "an output that was not taken before")]
fn an_output_is_taken_once() {
    let mut call = call();
    call.output("x");
    call.output("x");
}

/// Counts its bars in room of its own.
struct Count {
    room: &'static mut [f64],
    step: f64,
}

impl Stream for Count {
    fn begin(series: &Series) -> Count {
        Count {
            room: series.scratch(series.count("n")),
            step: series.param("k"),
        }
    }

    fn next(&mut self, input: &[f64], output: &mut [f64]) -> Result<(), i32> {
        self.room[0] += self.step;
        output[0] = self.room[0] + input[0];
        Ok(())
    }
}

#[test]
fn a_series_has_parameters_and_room() {
    let params = [3.0, 1.5, 0.0, 1.0, 28.0];
    let series = Series::new(&SPEC, &params, |count| leaked(&vec![0.0; count]));
    let (mut one, mut other) = (Count::begin(&series), Count::begin(&series));
    let mut out = [0.0; 2];
    one.next(&[1.0, 0.0, 0.0], &mut out).unwrap();
    one.next(&[2.0, 0.0, 0.0], &mut out).unwrap();
    assert_eq!((out[0], one.room.len()), (5.0, 3));
    other.next(&[0.0; 3], &mut out).unwrap();
    assert_eq!(out[0], 1.5, "every series has its own");
}

#[test]
#[should_panic(expected = "a parameter of the Spec")]
fn a_parameter_of_a_series_must_be_declared() {
    Series::new(&SPEC, &[0.0; 5], |_| leaked(&[])).param("x");
}
