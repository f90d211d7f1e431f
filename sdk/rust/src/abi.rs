//! The functions of `ABI.md`, for the exports that [`plugin!`](crate::plugin)
//! writes. A module has one thread and one host, which calls one function at a
//! time: that is what makes the memory here safe to share.

use crate::stream::{MAX_INPUTS, MAX_OUTPUTS};
use crate::{Call, Series, Spec, Stream};
use core::arch::wasm32::{memory_grow, memory_size, unreachable};
use core::cell::UnsafeCell;
use core::fmt::{self, Write};
use core::slice::{from_raw_parts, from_raw_parts_mut};
use core::sync::atomic::{AtomicU32, Ordering::Relaxed};

const PAGE: u32 = 1 << 16;

/// Room of [`scratch`] that there is from the beginning. An instance whose memory
/// grew in a call cannot serve another.
const SPARE: u32 = PAGE;

/// Where the room of [`alloc`] ends and that of [`scratch`] begins.
static KEPT: AtomicU32 = AtomicU32::new(0);

/// The first free address of [`scratch`].
static TOP: AtomicU32 = AtomicU32::new(0);

/// Makes memory reach to `end`; says whether it does.
fn reach(end: u32) -> bool {
    let pages = end.div_ceil(PAGE) as usize;
    let has = memory_size::<0>();
    pages <= has || memory_grow::<0>(pages - has) != usize::MAX
}

/// Room in pages of its own, behind all that the module has: 0 if there is none.
pub fn alloc(bytes: u32) -> u32 {
    let from = memory_size::<0>() as u32 * PAGE;
    let end = match from.checked_add(bytes) {
        Some(end) if end <= u32::MAX - 7 => end.next_multiple_of(8),
        _ => return 0,
    };
    if end.checked_add(SPARE).is_none_or(|end| !reach(end)) {
        return 0;
    }
    KEPT.store(end, Relaxed);
    from
}

fn scratch(count: usize) -> &'static mut [f64] {
    let from = TOP.load(Relaxed);
    let end = match (count as u32)
        .checked_mul(8)
        .and_then(|bytes| from.checked_add(bytes))
    {
        Some(end) if reach(end) => end,
        _ => unreachable(),
    };
    TOP.store(end, Relaxed);
    // SAFETY: from is a multiple of 8, memory reaches to end, and nobody else
    // has it until run gives it back, when the call that it was for is over.
    let room = unsafe { from_raw_parts_mut(from as *mut f64, count) };
    room.fill(0.0);
    room
}

/// Fills the outputs and returns what `ta_run` does. The numbers are its
/// arguments, in its order.
pub fn run(
    spec: &'static Spec,
    run: fn(&mut Call) -> Result<(), i32>,
    [input, n, stride, params, output]: [u32; 5],
) -> i32 {
    TOP.store(KEPT.load(Relaxed), Relaxed);
    let bars = n as usize;
    let column = |at: u32, i: usize| (at + 8 * stride * i as u32) as *mut f64;
    // SAFETY: the host gives addresses of columns and parameters inside the
    // room of alloc, which do not overlap.
    let mut call = Call::new(
        spec,
        bars,
        unsafe { from_raw_parts(params as *const f64, spec.params.len()) },
        scratch,
        |i| unsafe { from_raw_parts(column(input, i), bars) },
        |i| unsafe { from_raw_parts_mut(column(output, i), bars) },
    );
    match run(&mut call) {
        Ok(()) => 0,
        Err(code) => code.max(1),
    }
}

/// What a module remembers of its stream, which [`bar`] begins.
pub struct Streaming<S>(UnsafeCell<Option<S>>);

// SAFETY: there is one thread.
unsafe impl<S> Sync for Streaming<S> {}

impl<S> Streaming<S> {
    /// No stream.
    pub const NONE: Streaming<S> = Streaming(UnsafeCell::new(None));
}

fn begin<S: Stream>(spec: &'static Spec, params: u32) -> S {
    TOP.store(KEPT.load(Relaxed), Relaxed);
    // SAFETY: as in run.
    let params = unsafe { from_raw_parts(params as *const f64, spec.params.len()) };
    S::begin(&Series::new(spec, params, scratch))
}

/// What `ta_bar` does. The numbers are its arguments, in its order.
#[inline(always)]
pub fn bar<S: Stream>(
    spec: &'static Spec,
    streaming: &'static Streaming<S>,
    [input, params, output]: [u32; 3],
) -> i32 {
    // SAFETY: the host calls one function at a time, and none of them calls this one.
    let state = unsafe { &mut *streaming.0.get() };
    let state = state.get_or_insert_with(|| begin(spec, params));
    // SAFETY: the host gives addresses of so many values, which do not overlap.
    let (input, output) = unsafe {
        (
            from_raw_parts(input as *const f64, spec.inputs.len()),
            from_raw_parts_mut(output as *mut f64, spec.outputs.len()),
        )
    };
    output.fill(f64::NAN);
    match state.next(input, output) {
        Ok(()) => 0,
        Err(code) => code.max(1),
    }
}

/// What `ta_run` does: gives a stream of its own the bars one by one.
#[inline(always)]
pub fn bars<S: Stream>(spec: &'static Spec, [input, n, stride, params, output]: [u32; 5]) -> i32 {
    let mut state: S = begin(spec, params);
    let (mut ins, mut outs) = ([0.0; MAX_INPUTS], [f64::NAN; MAX_OUTPUTS]);
    let (ins, outs) = (
        &mut ins[..spec.inputs.len()],
        &mut outs[..spec.outputs.len()],
    );
    let cell = |at: u32, i: usize, bar: u32| (at + 8 * (stride * i as u32 + bar)) as *mut f64;
    for bar in 0..n {
        for (i, value) in ins.iter_mut().enumerate() {
            // SAFETY: the host gives addresses of columns of n values, aligned to 8.
            *value = unsafe { *cell(input, i, bar) };
        }
        outs.fill(f64::NAN);
        if let Err(code) = state.next(ins, outs) {
            return code.max(1);
        }
        for (i, value) in outs.iter().enumerate() {
            // SAFETY: the same.
            unsafe { *cell(output, i, bar) = *value };
        }
    }
    0
}

/// Writes into pages of its own.
struct Pages {
    from: u32,
    length: u32,
}

impl Write for Pages {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let at = self.from + self.length;
        self.length += text.len() as u32;
        if !reach(at + text.len() as u32) {
            return Err(fmt::Error);
        }
        // SAFETY: memory reaches that far, and nothing else is there.
        unsafe { from_raw_parts_mut(at as *mut u8, text.len()) }.copy_from_slice(text.as_bytes());
        Ok(())
    }
}

/// The address and length of the description.
pub fn describe(spec: &Spec) -> i64 {
    let mut pages = Pages {
        from: memory_size::<0>() as u32 * PAGE,
        length: 0,
    };
    if crate::describe(spec, &mut pages).is_err() {
        unreachable();
    }
    (pages.from as i64) << 32 | pages.length as i64
}

#[cfg(feature = "panic-handler")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    unreachable()
}
