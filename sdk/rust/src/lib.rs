//! What a technical indicator in Rust is written with, to be compiled to a
//! WebAssembly module and uploaded. The author writes a [`Spec`] and a function
//! over columns:
//!
//! ```ignore
//! #![no_std]
//! use techanalysis::{Call, Input, Memory, Output, Spec, Unit};
//!
//! techanalysis::plugin! {
//!     Spec {
//!         name: "middle",
//!         version: "1.0.0",
//!         inputs: &[Input::High, Input::Low],
//!         outputs: &[Output::new("middle", Unit::Price, "middle of the range")],
//!         memory: Memory::Window,
//!         ..Spec::EMPTY
//!     },
//!     run
//! }
//!
//! fn run(call: &mut Call) -> Result<(), i32> {
//!     let (high, low, middle) = (call.input(Input::High), call.input(Input::Low), call.output("middle"));
//!     for i in 0..call.bars() {
//!         middle[i] = (high[i] + low[i]) / 2.0;
//!     }
//!     Ok(())
//! }
//! ```
//!
//! An indicator that is computed bar by bar is a type instead, which remembers
//! what it must: see [`Stream`].
//!
//! The crate needs neither the standard library nor an allocator. Numbers that a
//! function must remember for each bar go into [`Call::scratch`]. A plugin that
//! uses the standard library takes the crate without its `panic-handler`.
#![no_std]

mod call;
mod describe;
mod spec;
mod stream;

#[cfg(target_arch = "wasm32")]
pub mod abi;

pub use call::Call;
pub use describe::describe;
pub use spec::{Group, Input, Memory, Output, Param, Spec, Unit};
pub use stream::{Series, Stream};

/// Makes a module of a [`Spec`] and a function `fn(&mut Call) -> Result<(), i32>`,
/// whose error, 1 or more, is what the caller is shown.
#[macro_export]
macro_rules! plugin {
    ($spec:expr, $run:path) => {
        $crate::exports!($spec);

        #[cfg(target_arch = "wasm32")]
        #[no_mangle]
        pub extern "C" fn ta_run(input: u32, n: u32, stride: u32, params: u32, output: u32) -> i32 {
            $crate::abi::run(&SPEC, $run, [input, n, stride, params, output])
        }
    };
}

/// Makes a module of a [`Spec`] and a type that is a [`Stream`]: the host may hand
/// over all bars of a series at once, or one by one as they come.
#[macro_export]
macro_rules! stream {
    ($spec:expr, $stream:ty) => {
        $crate::exports!($spec);

        #[cfg(target_arch = "wasm32")]
        #[no_mangle]
        pub extern "C" fn ta_run(input: u32, n: u32, stride: u32, params: u32, output: u32) -> i32 {
            $crate::abi::bars::<$stream>(&SPEC, [input, n, stride, params, output])
        }

        #[cfg(target_arch = "wasm32")]
        #[no_mangle]
        pub extern "C" fn ta_bar(input: u32, params: u32, output: u32) -> i32 {
            static STREAMING: $crate::abi::Streaming<$stream> = $crate::abi::Streaming::NONE;
            $crate::abi::bar(&SPEC, &STREAMING, [input, params, output])
        }
    };
}

/// The exports that both kinds of modules have.
#[doc(hidden)]
#[macro_export]
macro_rules! exports {
    ($spec:expr) => {
        static SPEC: $crate::Spec = $spec;

        #[cfg(target_arch = "wasm32")]
        #[no_mangle]
        pub extern "C" fn ta_abi() -> i32 {
            1
        }

        #[cfg(target_arch = "wasm32")]
        #[no_mangle]
        pub extern "C" fn ta_describe() -> i64 {
            $crate::abi::describe(&SPEC)
        }

        #[cfg(target_arch = "wasm32")]
        #[no_mangle]
        pub extern "C" fn ta_alloc(bytes: u32) -> u32 {
            $crate::abi::alloc(bytes)
        }
    };
}
