;; A module of version 1 of the ABI, Large: it imports every function that the ABI
;; lets it, has an _initialize, and gives as its outputs what they answered there and
;; in the call.
;;
;; large.wasm was made of it once, by wat2wasm 1.0.32, and is never made again: see
;; frozen_test.go.
(module
  (import "wasi_snapshot_preview1" "args_get" (func $args_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args_sizes_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "clock_time_get" (func $clock_time_get (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_get" (func $environ_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_sizes_get" (func $environ_sizes_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_close" (func $fd_close (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_fdstat_get" (func $fd_fdstat_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_fdstat_set_flags" (func $fd_fdstat_set_flags (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_prestat_get" (func $fd_prestat_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_prestat_dir_name" (func $fd_prestat_dir_name (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_seek" (func $fd_seek (param i32 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "sched_yield" (func $sched_yield (result i32)))

  (memory (export "memory") 64)
  (global $note (mut i32) (i32.const 0)) ;; where the next answer goes

  (data (i32.const 8192)
    "{\22name\22:\22frozen_large\22,\22version\22:\221.0.0\22,\22inputs\22:[\22close\22],"
    "\22outputs\22:[{\22name\22:\22at_start\22,\22unit\22:\22none\22},{\22name\22:\22in_a_call\22,\22unit\22:\22none\22}],"
    "\22memory\22:\22running\22,\22warmup\22:0}")

  (func $say (param f64)
    (f64.store (global.get $note) (local.get 0))
    (global.set $note (i32.add (global.get $note) (i32.const 8))))

  (func $code (param i32) (call $say (f64.convert_i32_u (local.get 0))))

  ;; marked has 64 bytes at 16 that nobody who answers would write.
  (func $marked (memory.fill (i32.const 16) (i32.const 0x55) (i32.const 64)))

  (func $sizes
    (call $say (f64.convert_i32_u (i32.load (i32.const 16))))
    (call $say (f64.convert_i32_u (i32.load (i32.const 20)))))

  ;; ask writes 28 answers, 224 bytes, to an address: the code of each function, and what it wrote.
  (func $ask (param $to i32)
    (global.set $note (local.get $to))
    (call $marked)
    (call $code (call $args_sizes_get (i32.const 16) (i32.const 20)))
    (call $sizes)
    (call $code (call $args_get (i32.const 16) (i32.const 20)))
    (call $marked)
    (call $code (call $environ_sizes_get (i32.const 16) (i32.const 20)))
    (call $sizes)
    (call $code (call $environ_get (i32.const 16) (i32.const 20)))
    (call $marked)
    (call $code (call $clock_time_get (i32.const 0) (i64.const 1) (i32.const 24)))
    (call $say (f64.convert_i64_u (i64.load (i32.const 24))))
    (call $code (call $clock_time_get (i32.const 1) (i64.const 1) (i32.const 24)))
    (call $say (f64.convert_i64_u (i64.load (i32.const 24))))
    (call $code (call $fd_close (i32.const 3)))
    (call $code (call $fd_fdstat_get (i32.const 1) (i32.const 16)))
    (call $code (call $fd_fdstat_set_flags (i32.const 1) (i32.const 0)))
    (call $code (call $fd_prestat_get (i32.const 3) (i32.const 16)))
    (call $code (call $fd_prestat_dir_name (i32.const 3) (i32.const 16) (i32.const 8)))
    (call $code (call $fd_seek (i32.const 1) (i64.const 0) (i32.const 1) (i32.const 16)))
    ;; one buffer of 5 bytes at 8192
    (i32.store (i32.const 32) (i32.const 8192))
    (i32.store (i32.const 36) (i32.const 5))
    (call $code (call $fd_read (i32.const 0) (i32.const 32) (i32.const 1) (i32.const 40)))
    (call $code (call $fd_write (i32.const 1) (i32.const 32) (i32.const 1) (i32.const 40)))
    (call $say (f64.convert_i32_u (i32.load (i32.const 40))))
    ;; a subscription at 128, called 42, to what can be read from 0
    (memory.fill (i32.const 128) (i32.const 0) (i32.const 48))
    (memory.fill (i32.const 256) (i32.const 0x55) (i32.const 32))
    (i64.store (i32.const 128) (i64.const 42))
    (i32.store8 (i32.const 136) (i32.const 1))
    (call $code (call $poll_oneoff (i32.const 128) (i32.const 256) (i32.const 1) (i32.const 44)))
    (call $say (f64.convert_i32_u (i32.load (i32.const 44))))
    (call $say (f64.convert_i64_u (i64.load (i32.const 256))))
    (call $say (f64.convert_i32_u (i32.load (i32.const 264))))
    (call $code (call $random_get (i32.const 48) (i32.const 8)))
    (call $say (f64.convert_i64_u (i64.load (i32.const 48))))
    (call $code (call $sched_yield)))

  (func (export "_initialize") (call $ask (i32.const 1024)))

  (func (export "ta_abi") (result i32) (i32.const 1))

  (func (export "ta_describe") (result i64)
    (i64.or (i64.shl (i64.const 8192) (i64.const 32)) (i64.const 171)))

  (func (export "ta_alloc") (param $bytes i32) (result i32)
    (select (i32.const 65536) (i32.const 0)
      (i32.le_u (local.get $bytes) (i32.sub (i32.shl (memory.size) (i32.const 16)) (i32.const 65536)))))

  ;; The bars that are no holes have the answers in turn. A price that no market has
  ;; ends the call by proc_exit.
  (func (export "ta_run") (param $in i32) (param $n i32) (param $stride i32) (param $params i32) (param $out i32) (result i32)
    (local $close f64) (local $answer i32)
    (if (f64.eq (f64.load (local.get $in)) (f64.const -12345)) (then (call $proc_exit (i32.const 3))))
    (call $ask (i32.const 2048))
    (local.set $stride (i32.shl (local.get $stride) (i32.const 3)))
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $n)))
        (local.set $close (f64.load (local.get $in)))
        (if (f64.eq (local.get $close) (local.get $close))
          (then
            (f64.store (local.get $out) (f64.load offset=1024 (local.get $answer)))
            (f64.store (i32.add (local.get $out) (local.get $stride)) (f64.load offset=2048 (local.get $answer)))
            (local.set $answer (i32.rem_u (i32.add (local.get $answer) (i32.const 8)) (i32.const 224))))
          (else
            (f64.store (local.get $out) (f64.const nan))
            (f64.store (i32.add (local.get $out) (local.get $stride)) (f64.const nan))))
        (local.set $in (i32.add (local.get $in) (i32.const 8)))
        (local.set $out (i32.add (local.get $out) (i32.const 8)))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (br $next)))
    (i32.const 0)))
