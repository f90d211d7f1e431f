;; A module of version 1 of the ABI, Small, that uses all that such a module has:
;; every export, every unit, every kind of parameter, every word of a warm-up. It
;; keeps what it remembers in globals and in memory, and grows that in ta_alloc.
;;
;; small.wasm was made of it once, by wat2wasm 1.0.32, and is never made again: see
;; frozen_test.go.
(module
  (type $weigh (func (param f64) (result f64)))
  (memory (export "memory") 1)
  (table 3 funcref)
  (elem (i32.const 0) $plain $wilder $half)

  ;; What is remembered: two averages of the close at 64, that of the volume at 80,
  ;; when the bar before began at 88, and here how many bars were whole.
  (global $seen (mut i64) (i64.const 0))
  (global $room (mut i32) (i32.const 8192)) ;; what ta_alloc gives next

  (data (i32.const 1024)
    "{\22name\22:\22frozen_small\22,\22version\22:\221.2.3-rc.1\22,\22title\22:\22Frozen, Small\22,"
    "\22doc\22:\22What a Small module of version 1 can be: \c2\bd of all that is out there.\22,"
    "\22group\22:\22momentum\22,\22inputs\22:[\22high\22,\22low\22,\22close\22,\22volume\22,\22timestamp\22],\22params\22:["
    "{\22name\22:\22fast\22,\22default\22:3,\22min\22:1,\22max\22:50,\22integer\22:true,\22doc\22:\22bars of the quick average\22},"
    "{\22name\22:\22slow\22,\22default\22:10,\22min\22:1,\22max\22:200,\22integer\22:true,\22at_least\22:\22fast\22},"
    "{\22name\22:\22weight\22,\22default\22:\22plain\22,\22choices\22:[\22plain\22,\22wilder\22,\22half\22]},"
    "{\22name\22:\22gain\22,\22default\22:1.5,\22min\22:0.5,\22max\22:4}],\22outputs\22:["
    "{\22name\22:\22level\22,\22unit\22:\22price\22,\22doc\22:\22the slow average, and gain times what the quick one is above it\22},"
    "{\22name\22:\22traded\22,\22unit\22:\22volume\22},"
    "{\22name\22:\22place\22,\22unit\22:\22ratio\22},"
    "{\22name\22:\22heat\22,\22unit\22:\22percent\22},"
    "{\22name\22:\22signal\22,\22unit\22:\22signal\22},"
    "{\22name\22:\22apart\22,\22unit\22:\22none\22}],"
    "\22memory\22:\22fading\22,\22warmup\22:\222*min(fast, slow) + (max(fast, slow) - 1) - fast\22}")

  (func (export "ta_abi") (result i32) (i32.const 1))

  (func (export "ta_describe") (result i64)
    (i64.or (i64.shl (i64.const 1024) (i64.const 32)) (i64.const 883)))

  (func (export "ta_alloc") (param $bytes i32) (result i32)
    (local $at i32) (local $short i32)
    (local.set $at (global.get $room))
    (global.set $room (i32.and (i32.add (i32.add (local.get $at) (local.get $bytes)) (i32.const 7)) (i32.const -8)))
    (local.set $short (i32.sub
      (i32.shr_u (i32.add (global.get $room) (i32.const 65535)) (i32.const 16))
      (memory.size)))
    (if (i32.gt_s (local.get $short) (i32.const 0)) (then
      (if (i32.eq (memory.grow (local.get $short)) (i32.const -1)) (then (return (i32.const 0))))))
    (memory.fill (local.get $at) (i32.const 0) (local.get $bytes))
    (local.get $at))

  ;; the weight of a new value in an average of n
  (func $plain (type $weigh) (f64.div (f64.const 2) (f64.add (local.get 0) (f64.const 1))))
  (func $wilder (type $weigh) (f64.div (f64.const 1) (local.get 0)))
  (func $half (type $weigh) (f64.const 0.5))

  ;; nothing writes no value into all outputs.
  (func $nothing (param $out i32) (param $step i32)
    (local $left i32)
    (local.set $left (i32.const 6))
    (loop $next
      (f64.store (local.get $out) (f64.const nan))
      (local.set $out (i32.add (local.get $out) (local.get $step)))
      (br_if $next (local.tee $left (i32.sub (local.get $left) (i32.const 1))))))

  ;; bar computes one bar, of which the values are step bytes from one another.
  (func $bar (param $in i32) (param $step i32) (param $params i32) (param $out i32) (result i32)
    (local $high f64) (local $low f64) (local $close f64) (local $volume f64) (local $begun f64)
    (local $fast f64) (local $slow f64) (local $gain f64) (local $weight i32)
    (local $quick f64) (local $late f64) (local $apart f64) (local $pair v128)

    (local.set $high (f64.load (local.get $in)))
    (local.set $low (f64.load (local.tee $in (i32.add (local.get $in) (local.get $step)))))
    (local.set $close (f64.load (local.tee $in (i32.add (local.get $in) (local.get $step)))))
    (local.set $volume (f64.load (local.tee $in (i32.add (local.get $in) (local.get $step)))))
    (local.set $begun (f64.load (i32.add (local.get $in) (local.get $step))))

    (local.set $fast (f64.load (local.get $params)))
    (local.set $slow (f64.load offset=8 (local.get $params)))
    (local.set $weight (i32.trunc_sat_f64_s (f64.load offset=16 (local.get $params))))
    (local.set $gain (f64.load offset=24 (local.get $params)))

    ;; a code of the author's own, for a price that no market has
    (if (f64.eq (local.get $close) (f64.const -12345)) (then (return (i32.const 7))))

    (if (i32.or
          (i32.or (f64.ne (local.get $high) (local.get $high)) (f64.ne (local.get $low) (local.get $low)))
          (i32.or
            (f64.ne (local.get $close) (local.get $close))
            (i32.or (f64.ne (local.get $volume) (local.get $volume)) (f64.ne (local.get $begun) (local.get $begun)))))
      (then (call $nothing (local.get $out) (local.get $step)) (return (i32.const 0))))

    (if (i64.eqz (global.get $seen))
      (then
        (v128.store (i32.const 64) (f64x2.splat (local.get $close)))
        (f64.store (i32.const 80) (local.get $volume))
        (f64.store (i32.const 88) (local.get $begun)))
      (else
        (local.set $pair (v128.load (i32.const 64)))
        (v128.store (i32.const 64)
          (f64x2.add (local.get $pair)
            (f64x2.mul
              (f64x2.replace_lane 1
                (f64x2.splat (call_indirect (type $weigh) (local.get $fast) (local.get $weight)))
                (call_indirect (type $weigh) (local.get $slow) (local.get $weight)))
              (f64x2.sub (f64x2.splat (local.get $close)) (local.get $pair)))))
        (f64.store (i32.const 80)
          (f64.add (f64.load (i32.const 80))
            (f64.mul (call_indirect (type $weigh) (local.get $slow) (local.get $weight))
              (f64.sub (local.get $volume) (f64.load (i32.const 80))))))))
    (global.set $seen (i64.add (global.get $seen) (i64.const 1)))
    (local.set $apart (f64.sub (local.get $begun) (f64.load (i32.const 88))))
    (f64.store (i32.const 88) (local.get $begun))

    (if (i64.lt_s (global.get $seen) (i64.trunc_f64_s (f64.add (local.get $fast) (local.get $slow))))
      (then (call $nothing (local.get $out) (local.get $step)) (return (i32.const 0))))

    (local.set $pair (v128.load (i32.const 64)))
    (local.set $quick (f64x2.extract_lane 0 (local.get $pair)))
    (local.set $late (f64x2.extract_lane 1 (local.get $pair)))
    (f64.store (local.get $out)
      (f64.add (local.get $late) (f64.mul (local.get $gain) (f64.sub (local.get $quick) (local.get $late)))))
    (f64.store (local.tee $out (i32.add (local.get $out) (local.get $step))) (f64.load (i32.const 80)))
    (f64.store (local.tee $out (i32.add (local.get $out) (local.get $step)))
      (select
        (f64.div (f64.sub (local.get $close) (local.get $low)) (f64.sub (local.get $high) (local.get $low)))
        (f64.const 0.5)
        (f64.gt (local.get $high) (local.get $low))))
    (f64.store (local.tee $out (i32.add (local.get $out) (local.get $step)))
      (f64.min
        (f64.mul (f64.const 100)
          (f64.sqrt (f64.abs (f64.div (f64.sub (local.get $quick) (local.get $late)) (local.get $late)))))
        (f64.const 1e6)))
    (f64.store (local.tee $out (i32.add (local.get $out) (local.get $step)))
      (f64.convert_i32_s (i32.sub
        (f64.gt (local.get $quick) (local.get $late))
        (f64.lt (local.get $quick) (local.get $late)))))
    (f64.store (i32.add (local.get $out) (local.get $step))
      (f64.mul (local.get $gain)
        (f64.add (local.get $apart)
          (f64.convert_i64_u (i64.rem_u (global.get $seen) (i64.const 7))))))
    (i32.const 0))

  (func (export "ta_run") (param $in i32) (param $n i32) (param $stride i32) (param $params i32) (param $out i32) (result i32)
    (local $code i32)
    (local.set $stride (i32.shl (local.get $stride) (i32.const 3)))
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $n)))
        (br_if $done (local.tee $code (call $bar (local.get $in) (local.get $stride) (local.get $params) (local.get $out))))
        (local.set $in (i32.add (local.get $in) (i32.const 8)))
        (local.set $out (i32.add (local.get $out) (i32.const 8)))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (br $next)))
    (local.get $code))

  (func (export "ta_bar") (param $in i32) (param $params i32) (param $out i32) (result i32)
    (call $bar (local.get $in) (i32.const 8) (local.get $params) (local.get $out))))
