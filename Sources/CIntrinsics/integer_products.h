// Sums of products of whole numbers, modulo 2^32, in lanes of 32 bits: two numbers of 16 bits, or four bytes.
#ifndef INTEGER_PRODUCTS_H
#define INTEGER_PRODUCTS_H

#include "intrinsics.h"

// Unsigned, whose sums wrap.
typedef unsigned uint_4 __attribute__((ext_vector_type(4)));
typedef unsigned uint_8 __attribute__((ext_vector_type(8)));
typedef unsigned uint_16 __attribute__((ext_vector_type(16)));
typedef int int_4 __attribute__((ext_vector_type(4)));
typedef int int_8 __attribute__((ext_vector_type(8)));
typedef int int_16 __attribute__((ext_vector_type(16)));
typedef short short_8 __attribute__((ext_vector_type(8)));
typedef short short_16 __attribute__((ext_vector_type(16)));
typedef short short_32 __attribute__((ext_vector_type(32)));
typedef signed char char_16 __attribute__((ext_vector_type(16)));
typedef float float_8 __attribute__((ext_vector_type(8)));

// MARK: Numbers of 16 bits: sum + a0 * b0 + a1 * b1

#if defined(__SSE2__)
typedef short sse_shorts __attribute__((vector_size(16)));
INLINED int_4 adding_int16_products_4(int_4 sum, int_4 a, int_4 b) {
    return (int_4)((uint_4)sum + (uint_4)__builtin_ia32_pmaddwd128((sse_shorts)a, (sse_shorts)b));
}
#else
INLINED int_4 adding_int16_products_4(int_4 sum, int_4 a, int_4 b) {
    uint_4 low = (uint_4)((a << 16 >> 16) * (b << 16 >> 16)), high = (uint_4)((a >> 16) * (b >> 16));
    return (int_4)((uint_4)sum + low + high);
}
#endif
// In assembly: compilers take VNNI's instruction for two, which some processors run no faster.
#if defined(__AVXVNNI__)
INLINED int_8 adding_int16_products_8(int_8 sum, int_8 a, int_8 b) {
    __asm__("%{vex%} vpdpwssd %2, %1, %0" : "+x"(sum) : "x"(a), "x"(b));
    return sum;
}
#elif defined(__AVX2__)
typedef short avx_shorts __attribute__((vector_size(32)));
INLINED int_8 adding_int16_products_8(int_8 sum, int_8 a, int_8 b) {
    return (int_8)((uint_8)sum + (uint_8)__builtin_ia32_pmaddwd256((avx_shorts)a, (avx_shorts)b));
}
#endif
#if defined(__AVX512VNNI__)
INLINED int_16 adding_int16_products_16(int_16 sum, int_16 a, int_16 b) {
    __asm__("vpdpwssd %2, %1, %0" : "+v"(sum) : "v"(a), "v"(b));
    return sum;
}
#elif defined(__AVX512BW__)
typedef short avx512_shorts __attribute__((vector_size(64)));
INLINED int_16 adding_int16_products_16(int_16 sum, int_16 a, int_16 b) {
    return (int_16)((uint_16)sum + (uint_16)__builtin_ia32_pmaddwd512((avx512_shorts)a, (avx512_shorts)b));
}
#endif

// MARK: Bytes, those of a from 0 to 255: sum + a0 * b0 + a1 * b1 + a2 * b2 + a3 * b3

/// Without an instruction for it: the even bytes, then the odd ones, as numbers of 16 bits.
#define ADDING_INT8_PRODUCTS(lanes, shorts)                                                                    \
    INLINED int_##lanes adding_int8_products_##lanes(int_##lanes sum, int_##lanes a, int_##lanes b) {          \
        int_##lanes even = (int_##lanes)((short_##shorts)b << 8 >> 8), odd = (int_##lanes)((short_##shorts)b >> 8); \
        sum = adding_int16_products_##lanes(sum, a & 0x00ff00ff, even);                                        \
        return adding_int16_products_##lanes(sum, a >> 8 & 0x00ff00ff, odd);                                   \
    }

ADDING_INT8_PRODUCTS(4, 8)
#if defined(__AVXVNNI__)
typedef int avx_ints __attribute__((vector_size(32)));
INLINED int_8 adding_int8_products_8(int_8 sum, int_8 a, int_8 b) {
    return (int_8)__builtin_ia32_vpdpbusd256((avx_ints)sum, (avx_ints)a, (avx_ints)b);
}
#elif defined(__AVX2__)
ADDING_INT8_PRODUCTS(8, 16)
#endif
#if defined(__AVX512VNNI__)
typedef int avx512_ints __attribute__((vector_size(64)));
INLINED int_16 adding_int8_products_16(int_16 sum, int_16 a, int_16 b) {
    return (int_16)__builtin_ia32_vpdpbusd512((avx512_ints)sum, (avx512_ints)a, (avx512_ints)b);
}
#elif defined(__AVX512BW__)
ADDING_INT8_PRODUCTS(16, 32)
#endif

// MARK: Conversions of each lane

INLINED float_4 floats_of_4(int_4 x) { return __builtin_convertvector(x, float_4); }
INLINED float_8 floats_of_8(int_8 x) { return __builtin_convertvector(x, float_8); }
INLINED float_16 floats_of_16(int_16 x) { return __builtin_convertvector(x, float_16); }
/// The low bits.
INLINED short_16 low_halves(int_16 x) { return __builtin_convertvector(x, short_16); }
INLINED char_16 low_bytes(int_16 x) { return __builtin_convertvector(x, char_16); }

#endif
