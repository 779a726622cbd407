// What the CPU this runs on can do. The compiler's own check covers the operating system's support as well.
#ifndef CCPUFEATURES_H
#define CCPUFEATURES_H

#include <stdbool.h>

#if defined(__x86_64__)

/// Whether the CPU has the AVX2 and FMA instructions that x86-64-v3 stands for.
static inline bool cpu_supports_x86_64_v3(void) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
}

/// Whether the CPU has the AVX-512 instructions that x86-64-v4 stands for.
static inline bool cpu_supports_x86_64_v4(void) {
    return cpu_supports_x86_64_v3() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl");
}

/// Whether the CPU has VNNI instructions for 512-bit vectors besides those of x86-64-v4.
static inline bool cpu_supports_avx512_vnni(void) {
    return cpu_supports_x86_64_v4() && __builtin_cpu_supports("avx512vnni");
}

/// Whether the CPU has VNNI instructions for 256-bit vectors besides those of x86-64-v3.
static inline bool cpu_supports_avx_vnni(void) {
    return cpu_supports_x86_64_v3() && __builtin_cpu_supports("avxvnni");
}

#else

static inline bool cpu_supports_avx512_vnni(void) { return false; }
static inline bool cpu_supports_avx_vnni(void) { return false; }
static inline bool cpu_supports_x86_64_v3(void) { return false; }
static inline bool cpu_supports_x86_64_v4(void) { return false; }

#endif

#endif
