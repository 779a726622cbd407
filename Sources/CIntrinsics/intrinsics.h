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

typedef float float_4 __attribute__((ext_vector_type(4)));
typedef double double_4 __attribute__((ext_vector_type(4)));
typedef long long_4 __attribute__((ext_vector_type(4)));
typedef long long_16 __attribute__((ext_vector_type(16)));

/// sum + x * y with one rounding, for processors without an instruction for it. The product is exact in double precision;
/// its sum with the third is rounded to odd, after which rounding to single precision is that of the exact sum (Boldo and
/// Melquiond, "Emulation of a FMA and correctly rounded sums: proved algorithms using rounding to odd", 2008).
#define FUSED_MULTIPLY_ADD(lanes)                                                                                    \
    INLINED float_##lanes fused_multiply_add_##lanes(float_##lanes sum, float_##lanes x, float_##lanes y) {          \
        double_##lanes product = __builtin_convertvector(x, double_##lanes) * __builtin_convertvector(y, double_##lanes); \
        double_##lanes term = __builtin_convertvector(sum, double_##lanes);                                          \
        double_##lanes total = product + term, added = total - product;                                              \
        double_##lanes error = (product - (total - added)) + (term - added);                                         \
        long_##lanes bits = (long_##lanes)total, inexact = (error > 0) | (error < 0);                                \
        /* One step towards the exact sum, from an even number only. */                                              \
        long_##lanes step = (((long_##lanes)error ^ bits) >> 63) | 1;                                                \
        bits += step & inexact & ((bits & 1) - 1);                                                                   \
        return __builtin_convertvector((double_##lanes)bits, float_##lanes);                                         \
    }
FUSED_MULTIPLY_ADD(4)
FUSED_MULTIPLY_ADD(16)

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
