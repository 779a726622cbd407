// What Swift has no word for, each a few instructions that become part of the function that uses them.
#ifndef CINTRINSICS_H
#define CINTRINSICS_H

#define INLINED static inline __attribute__((always_inline))

typedef float float_16 __attribute__((ext_vector_type(16)));
typedef double double_16 __attribute__((ext_vector_type(16)));

/// Each lane in double precision. The conversion of Swift's library would be a function that all targets share,
/// compiled for the instructions of any of them.
INLINED double_16 widened(float_16 x) { return __builtin_convertvector(x, double_16); }

/// Each lane rounded to single precision.
INLINED float_16 rounded_to_float(double_16 x) { return __builtin_convertvector(x, float_16); }

/// Brings the cache line of an address near, to be written. Any address may be given.
INLINED void prefetch_for_writing(const void *address) { __builtin_prefetch(address, 1, 3); }

/// Brings the cache line of an address into the second cache, to be read. Any address may be given.
INLINED void prefetch_into_second_cache(const void *address) { __builtin_prefetch(address, 0, 2); }

/// A moment's rest inside a loop that waits for another thread.
INLINED void spin_pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

#endif
