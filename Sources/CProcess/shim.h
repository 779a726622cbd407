#ifndef EMOTION_CLI_CPROCESS_H
#define EMOTION_CLI_CPROCESS_H

// Functions of glibc (2.34 and newer) that its headers declare for _GNU_SOURCE alone, which Swift's importer does not
// define. They have names of their own here, so that the declarations can stand beside glibc's.

#include <spawn.h>
#include <sys/resource.h>
#include <sys/types.h>

/// prlimit(2): the limit of another process, set if `new_limit` is not null, and read if `old_limit` is not.
extern int process_limit(
    pid_t process, unsigned int resource, const struct rlimit *new_limit, struct rlimit *old_limit) __asm__("prlimit");

/// pipe2(2)
extern int pipe_with_flags(int descriptors[2], int flags) __asm__("pipe2");

/// posix_spawn_file_actions_addclosefrom_np(3)
extern int spawn_close_from(posix_spawn_file_actions_t *actions, int first) __asm__(
    "posix_spawn_file_actions_addclosefrom_np");

#endif
