//! The functions of `ABI.md`, for the exports that [`plugin!`](crate::plugin)
//! writes. A module has one thread and one host, which calls one function at a
//! time: that is what makes the memory here safe to share.

use crate::{Call, Spec};
use core::arch::wasm32::{memory_grow, memory_size, unreachable};
use core::fmt::{self, Write};
use core::slice::{from_raw_parts, from_raw_parts_mut};
use core::sync::atomic::{AtomicU32, Ordering::Relaxed};

const PAGE: u32 = 1 << 16;

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
    if !reach(end) {
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
