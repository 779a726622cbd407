// XXH3 from xxHash's header. Everything is compiled into its caller, so that nothing is linked and no library is needed
// when the program runs.
#ifndef CXXHASH_H
#define CXXHASH_H

#include <stddef.h>
#include <stdint.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

/// The XXH3 checksum, 64 bits wide with seed 0, of `count` bytes.
static inline uint64_t xxhash_xxh3(const void *bytes, size_t count) { return XXH3_64bits(bytes, count); }

/// A checksum in progress. Null if memory runs out; freed by `xxhash_xxh3_free`.
static inline void *xxhash_xxh3_make(void) {
    XXH3_state_t *state = XXH3_createState();
    if (state != NULL) XXH3_64bits_reset(state);
    return state;
}

static inline void xxhash_xxh3_append(void *state, const void *bytes, size_t count) {
    XXH3_64bits_update((XXH3_state_t *)state, bytes, count);
}

/// The checksum of all bytes appended so far.
static inline uint64_t xxhash_xxh3_value(void *state) { return XXH3_64bits_digest((const XXH3_state_t *)state); }

static inline void xxhash_xxh3_free(void *state) { XXH3_freeState((XXH3_state_t *)state); }

#endif
