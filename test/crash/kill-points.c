/*
 * A library that is loaded before the C library (LD_PRELOAD) and counts the calls by which a program changes files below
 * some folders, over all of its processes and threads. At a chosen one it kills the whole process group, or makes the
 * call fail.
 *
 *     KILL_POINTS_ROOTS   folders, separated by ':'
 *     KILL_POINTS_STATE   file of 4 KiB, zeroed before the run: the count, then the names of calls, one byte each
 *     KILL_POINTS_AT      number of the call, from 1; 0 only counts
 *     KILL_POINTS_HOW     before | after | fail:ERRNO
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum call {
  CALL_OPEN = 1, CALL_WRITE, CALL_FSYNC, CALL_FDATASYNC, CALL_LINK, CALL_RENAME, CALL_UNLINK, CALL_CLOSE, CALL_TIMES,
  CALL_TRUNCATE, CALL_MKDIR, CALL_RMDIR, CALL_COPY_RANGE
};

#define STATE_SIZE 65536

static struct state {
  _Atomic unsigned count;
  unsigned char calls[STATE_SIZE - sizeof(unsigned)];
} *state;
static unsigned kill_at;
static int kills_after;
static int fails_with;
static const char *roots;

__attribute__((constructor)) static void start(void) {
  const char *file = getenv("KILL_POINTS_STATE"), *at = getenv("KILL_POINTS_AT"), *how = getenv("KILL_POINTS_HOW");
  roots = getenv("KILL_POINTS_ROOTS");
  if (!file || !roots) return;
  int descriptor = open(file, O_RDWR | O_CLOEXEC);
  if (descriptor < 0) return;
  void *map = mmap(NULL, STATE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  close(descriptor);
  kill_at = at ? (unsigned)atoi(at) : 0;
  kills_after = how && strcmp(how, "after") == 0;
  if (how && strncmp(how, "fail:", 5) == 0) fails_with = atoi(how + 5);
  if (map != MAP_FAILED) state = map;
}

static int is_below_roots(const char *path) {
  for (const char *root = roots; *root;) {
    size_t length = strcspn(root, ":");
    if (strncmp(path, root, length) == 0 && (path[length] == '/' || path[length] == '\0')) return 1;
    root += length + (root[length] == ':');
  }
  return 0;
}

/* Where a descriptor leads, by the kernel's own word. */
static int target_of(int descriptor, char *path) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  if (length < 0) return 0;
  path[length] = '\0';
  return 1;
}

static int concerns_descriptor(int descriptor) {
  char path[PATH_MAX];
  int before = errno, answer = state && target_of(descriptor, path) && is_below_roots(path);
  errno = before;
  return answer;
}

/* Only files that are open for writing: closing another changes nothing. */
static int concerns_written(int descriptor) {
  if (!state) return 0;
  int before = errno, flags = fcntl(descriptor, F_GETFL);
  errno = before;
  return flags >= 0 && (flags & O_ACCMODE) != O_RDONLY && concerns_descriptor(descriptor);
}

static int concerns_path(int folder, const char *path) {
  if (!state || !path) return 0;
  if (path[0] != '/') {
    char here[PATH_MAX];
    if (folder != AT_FDCWD) return concerns_descriptor(folder);
    return getcwd(here, sizeof here) && is_below_roots(here);
  }
  int descriptor, end = 0;
  if (sscanf(path, "/proc/self/fd/%d%n", &descriptor, &end) == 1 && end > 0) return concerns_descriptor(descriptor);
  return is_below_roots(path);
}

/* 1: the call is to fail. */
static int reach(enum call call, int is_after) {
  static _Thread_local unsigned mine;
  int before = errno;
  if (!is_after) {
    mine = atomic_fetch_add(&state->count, 1) + 1;
    if (mine <= sizeof state->calls) state->calls[mine - 1] = (unsigned char)call;
  }
  if (mine != kill_at) return 0;
  if (fails_with) {
    errno = is_after ? before : fails_with;
    return !is_after;
  }
  if (kills_after == is_after) kill(0, SIGKILL), pause();
  errno = before;
  return 0;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

#define WRAP(type, name, call, concerns, parameters, arguments)        \
  type name parameters {                                               \
    static __typeof__(&name) next;                                     \
    if (!next) next = NEXT(name);                                      \
    if (!(concerns)) return next arguments;                            \
    if (reach(call, 0)) return -1;                                     \
    type result = next arguments;                                      \
    reach(call, 1);                                                    \
    return result;                                                     \
  }

WRAP(ssize_t, write, CALL_WRITE, concerns_descriptor(fd), (int fd, const void *from, size_t size), (fd, from, size))
WRAP(ssize_t, pwrite, CALL_WRITE, concerns_descriptor(fd), (int fd, const void *from, size_t size, off_t at), (fd, from, size, at))
WRAP(ssize_t, pwrite64, CALL_WRITE, concerns_descriptor(fd), (int fd, const void *from, size_t size, off64_t at), (fd, from, size, at))
WRAP(ssize_t, writev, CALL_WRITE, concerns_descriptor(fd), (int fd, const struct iovec *from, int count), (fd, from, count))
WRAP(ssize_t, pwritev, CALL_WRITE, concerns_descriptor(fd), (int fd, const struct iovec *from, int count, off_t at), (fd, from, count, at))
WRAP(ssize_t, pwritev64, CALL_WRITE, concerns_descriptor(fd), (int fd, const struct iovec *from, int count, off64_t at), (fd, from, count, at))
WRAP(ssize_t, copy_file_range, CALL_COPY_RANGE, concerns_descriptor(to), (int from, off64_t *from_at, int to, off64_t *to_at, size_t size, unsigned flags), (from, from_at, to, to_at, size, flags))
WRAP(int, fsync, CALL_FSYNC, concerns_descriptor(fd), (int fd), (fd))
WRAP(int, fdatasync, CALL_FDATASYNC, concerns_descriptor(fd), (int fd), (fd))
WRAP(int, ftruncate, CALL_TRUNCATE, concerns_descriptor(fd), (int fd, off_t size), (fd, size))
WRAP(int, ftruncate64, CALL_TRUNCATE, concerns_descriptor(fd), (int fd, off64_t size), (fd, size))
WRAP(int, close, CALL_CLOSE, concerns_written(fd), (int fd), (fd))
WRAP(int, futimens, CALL_TIMES, concerns_descriptor(fd), (int fd, const struct timespec times[2]), (fd, times))
WRAP(int, utimensat, CALL_TIMES, path ? concerns_path(dir, path) : concerns_descriptor(dir), (int dir, const char *path, const struct timespec times[2], int flags), (dir, path, times, flags))
WRAP(int, link, CALL_LINK, concerns_path(AT_FDCWD, to), (const char *from, const char *to), (from, to))
WRAP(int, linkat, CALL_LINK, concerns_path(to_dir, to), (int from_dir, const char *from, int to_dir, const char *to, int flags), (from_dir, from, to_dir, to, flags))
WRAP(int, rename, CALL_RENAME, concerns_path(AT_FDCWD, to), (const char *from, const char *to), (from, to))
WRAP(int, renameat, CALL_RENAME, concerns_path(to_dir, to), (int from_dir, const char *from, int to_dir, const char *to), (from_dir, from, to_dir, to))
WRAP(int, renameat2, CALL_RENAME, concerns_path(to_dir, to), (int from_dir, const char *from, int to_dir, const char *to, unsigned flags), (from_dir, from, to_dir, to, flags))
WRAP(int, unlink, CALL_UNLINK, concerns_path(AT_FDCWD, path), (const char *path), (path))
WRAP(int, unlinkat, CALL_UNLINK, concerns_path(dir, path), (int dir, const char *path, int flags), (dir, path, flags))
WRAP(int, mkdir, CALL_MKDIR, concerns_path(AT_FDCWD, path), (const char *path, mode_t mode), (path, mode))
WRAP(int, mkdirat, CALL_MKDIR, concerns_path(dir, path), (int dir, const char *path, mode_t mode), (dir, path, mode))
WRAP(int, rmdir, CALL_RMDIR, concerns_path(AT_FDCWD, path), (const char *path), (path))

#define CHANGES(flags) (((flags) & O_ACCMODE) != O_RDONLY || ((flags) & O_CREAT))

#define WRAP_OPEN(name, concerns, parameters, arguments)               \
  int name parameters {                                                \
    static __typeof__(&name) next;                                     \
    if (!next) next = NEXT(name);                                      \
    va_list rest;                                                      \
    va_start(rest, flags);                                             \
    mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(rest, mode_t) : 0; \
    va_end(rest);                                                      \
    if (!CHANGES(flags) || !(concerns)) return next arguments;         \
    if (reach(CALL_OPEN, 0)) return -1;                                \
    int result = next arguments;                                       \
    reach(CALL_OPEN, 1);                                               \
    return result;                                                     \
  }

WRAP_OPEN(open, concerns_path(AT_FDCWD, path), (const char *path, int flags, ...), (path, flags, mode))
WRAP_OPEN(open64, concerns_path(AT_FDCWD, path), (const char *path, int flags, ...), (path, flags, mode))
WRAP_OPEN(openat, concerns_path(dir, path), (int dir, const char *path, int flags, ...), (dir, path, flags, mode))
WRAP_OPEN(openat64, concerns_path(dir, path), (int dir, const char *path, int flags, ...), (dir, path, flags, mode))
