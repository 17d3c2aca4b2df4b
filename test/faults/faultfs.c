/*
 * A passthrough file system (FUSE 3) that misbehaves on request, for tests.
 *
 *     faultfs RULES BACKING MOUNTPOINT [fuse options]
 *
 * RULES is a file, read again whenever it changes. One rule a line, the first that fits counts:
 *
 *     <operation|*> <part of the path|*> <what> [amount [bytes]]
 *
 * Operations: getattr readdir open read readlink statfs, and those that change something: create write fsync truncate
 * utimens chmod link rename unlink mkdir rmdir.
 * What: `freeze` (no answer until the rule is gone), `delay <milliseconds>`, `error <errno>`, `flip` (read, write: one
 * bit of every block is wrong), `lost` (write: said to be done, and not done), `short` (write: half of it).
 * Bytes: reads and writes that end before are spared; the amount is 0 where it means nothing.
 */
#define FUSE_USE_VERSION 31
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fuse3/fuse.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum fault_kind { FAULT_NONE, FAULT_FREEZE, FAULT_DELAY, FAULT_ERROR, FAULT_FLIP, FAULT_LOST, FAULT_SHORT };

struct rule {
  char operation[16];
  char path_part[256];
  enum fault_kind kind;
  int amount;
  long long spared;
};

static const char *rules_file;
static char backing[PATH_MAX];

static struct rule rules[64];
static int rule_count;
static struct timespec rules_read_at;
static pthread_mutex_t rules_lock = PTHREAD_MUTEX_INITIALIZER;

static int parse_rule(const char *line, struct rule *rule) {
  char what[16] = "";
  memset(rule, 0, sizeof *rule);
  if (sscanf(line, "%15s %255s %15s %d %lld", rule->operation, rule->path_part, what, &rule->amount,
             &rule->spared) < 3)
    return 0;
  if (strcmp(what, "freeze") == 0) rule->kind = FAULT_FREEZE;
  else if (strcmp(what, "delay") == 0) rule->kind = FAULT_DELAY;
  else if (strcmp(what, "error") == 0) rule->kind = FAULT_ERROR;
  else if (strcmp(what, "flip") == 0) rule->kind = FAULT_FLIP;
  else if (strcmp(what, "lost") == 0) rule->kind = FAULT_LOST;
  else if (strcmp(what, "short") == 0) rule->kind = FAULT_SHORT;
  return rule->kind != FAULT_NONE;
}

/* Tests replace the file by a rename, so a new time means a complete file. */
static void read_rules_if_changed(void) {
  struct stat stat_now;
  if (stat(rules_file, &stat_now) != 0) {
    rule_count = 0;
    return;
  }
  if (stat_now.st_mtim.tv_sec == rules_read_at.tv_sec && stat_now.st_mtim.tv_nsec == rules_read_at.tv_nsec) return;
  rules_read_at = stat_now.st_mtim;
  rule_count = 0;
  FILE *file = fopen(rules_file, "r");
  char line[512];
  while (file && rule_count < 64 && fgets(line, sizeof line, file)) {
    if (parse_rule(line, &rules[rule_count])) rule_count++;
  }
  if (file) fclose(file);
}

static int fits(const struct rule *rule, const char *operation, const char *path) {
  if (strcmp(rule->operation, "*") != 0 && strcmp(rule->operation, operation) != 0) return 0;
  return strcmp(rule->path_part, "*") == 0 || strstr(path, rule->path_part) != NULL;
}

static struct rule current_rule(const char *operation, const char *path, long long end) {
  struct rule found = {.kind = FAULT_NONE};
  pthread_mutex_lock(&rules_lock);
  read_rules_if_changed();
  for (int i = 0; i < rule_count; i++) {
    if (!fits(&rules[i], operation, path) || end < rules[i].spared) continue;
    found = rules[i];
    break;
  }
  pthread_mutex_unlock(&rules_lock);
  return found;
}

/* Returns the fault to apply to the data, after freezing or delaying; a negative errno in *error ends the call. */
static enum fault_kind suffer_until(const char *operation, const char *path, long long end, int *error) {
  struct rule rule = current_rule(operation, path, end);
  *error = 0;
  if (rule.kind == FAULT_DELAY) usleep((useconds_t)rule.amount * 1000);
  if (rule.kind == FAULT_ERROR) *error = -rule.amount;
  while (rule.kind == FAULT_FREEZE) {
    usleep(20000);
    rule = current_rule(operation, path, end);
  }
  return rule.kind;
}

static enum fault_kind suffer(const char *operation, const char *path, int *error) {
  return suffer_until(operation, path, LLONG_MAX, error);
}

static const char *real_path(const char *path, char *buffer) {
  snprintf(buffer, PATH_MAX, "%s%s", backing, path);
  return buffer;
}

static int result(int returned) { return returned == -1 ? -errno : 0; }

static int wrote(ssize_t count) { return count < 0 ? -errno : (int)count; }

static int fault_getattr(const char *path, struct stat *out, struct fuse_file_info *open_file) {
  char real[PATH_MAX];
  int error;
  suffer("getattr", path, &error);
  if (error) return error;
  return result(open_file ? fstat((int)open_file->fh, out) : lstat(real_path(path, real), out));
}

static int fault_readdir(const char *path, void *buffer, fuse_fill_dir_t fill, off_t offset,
                         struct fuse_file_info *open_file, enum fuse_readdir_flags flags) {
  (void)offset, (void)open_file, (void)flags;
  char real[PATH_MAX];
  int error;
  suffer("readdir", path, &error);
  if (error) return error;
  DIR *folder = opendir(real_path(path, real));
  if (!folder) return -errno;
  for (struct dirent *entry; (entry = readdir(folder));) {
    struct stat kind = {.st_ino = entry->d_ino, .st_mode = (mode_t)entry->d_type << 12};
    fill(buffer, entry->d_name, &kind, 0, 0);
  }
  closedir(folder);
  return 0;
}

static int fault_open(const char *path, struct fuse_file_info *open_file) {
  char real[PATH_MAX];
  int error;
  suffer("open", path, &error);
  if (error) return error;
  /* O_DIRECT asks the kernel not to cache; what comes here is not aligned as the file below would want it. */
  int descriptor = open(real_path(path, real), open_file->flags & ~(O_DIRECT | O_APPEND));
  if (descriptor < 0) return -errno;
  open_file->fh = (uint64_t)descriptor;
  return 0;
}

static int fault_read(const char *path, char *buffer, size_t size, off_t offset, struct fuse_file_info *open_file) {
  int error;
  enum fault_kind fault = suffer_until("read", path, offset + (long long)size, &error);
  if (error) return error;
  ssize_t count = pread((int)open_file->fh, buffer, size, offset);
  if (count < 0) return -errno;
  if (fault == FAULT_FLIP && count > 0) buffer[count / 2] ^= 1;
  return (int)count;
}

static int fault_create(const char *path, mode_t mode, struct fuse_file_info *open_file) {
  char real[PATH_MAX];
  int error;
  suffer("create", path, &error);
  if (error) return error;
  int descriptor = open(real_path(path, real), (open_file->flags & ~(O_DIRECT | O_APPEND)) | O_CREAT, mode);
  if (descriptor < 0) return -errno;
  open_file->fh = (uint64_t)descriptor;
  return 0;
}

static int fault_write(const char *path, const char *buffer, size_t size, off_t offset,
                       struct fuse_file_info *open_file) {
  int error;
  enum fault_kind fault = suffer_until("write", path, offset + (long long)size, &error);
  if (error) return error;
  if (fault == FAULT_LOST) return (int)size;
  if (fault == FAULT_SHORT && size > 1) size /= 2;
  if (fault != FAULT_FLIP || size == 0) return wrote(pwrite((int)open_file->fh, buffer, size, offset));
  char *wrong = malloc(size);
  if (!wrong) return -ENOMEM;
  memcpy(wrong, buffer, size);
  wrong[size / 2] ^= 1;
  int answer = wrote(pwrite((int)open_file->fh, wrong, size, offset));
  free(wrong);
  return answer;
}

static int fault_fsync(const char *path, int only_data, struct fuse_file_info *open_file) {
  int error;
  suffer("fsync", path, &error);
  if (error) return error;
  return result(only_data ? fdatasync((int)open_file->fh) : fsync((int)open_file->fh));
}

static int fault_truncate(const char *path, off_t size, struct fuse_file_info *open_file) {
  char real[PATH_MAX];
  int error;
  suffer("truncate", path, &error);
  if (error) return error;
  return result(open_file ? ftruncate((int)open_file->fh, size) : truncate(real_path(path, real), size));
}

static int fault_utimens(const char *path, const struct timespec times[2], struct fuse_file_info *open_file) {
  char real[PATH_MAX];
  int error;
  suffer("utimens", path, &error);
  if (error) return error;
  if (open_file) return result(futimens((int)open_file->fh, times));
  return result(utimensat(AT_FDCWD, real_path(path, real), times, AT_SYMLINK_NOFOLLOW));
}

static int fault_link(const char *existing, const char *path) {
  char from[PATH_MAX], real[PATH_MAX];
  int error;
  suffer("link", path, &error);
  if (error) return error;
  return result(link(real_path(existing, from), real_path(path, real)));
}

static int fault_rename(const char *existing, const char *path, unsigned int flags) {
  char from[PATH_MAX], real[PATH_MAX];
  int error;
  suffer("rename", path, &error);
  if (error) return error;
  return result(renameat2(AT_FDCWD, real_path(existing, from), AT_FDCWD, real_path(path, real), flags));
}

static int fault_unlink(const char *path) {
  char real[PATH_MAX];
  int error;
  suffer("unlink", path, &error);
  if (error) return error;
  return result(unlink(real_path(path, real)));
}

static int fault_mkdir(const char *path, mode_t mode) {
  char real[PATH_MAX];
  int error;
  suffer("mkdir", path, &error);
  if (error) return error;
  return result(mkdir(real_path(path, real), mode));
}

static int fault_rmdir(const char *path) {
  char real[PATH_MAX];
  int error;
  suffer("rmdir", path, &error);
  if (error) return error;
  return result(rmdir(real_path(path, real)));
}

static int fault_release(const char *path, struct fuse_file_info *open_file) {
  (void)path;
  close((int)open_file->fh);
  return 0;
}

static int fault_readlink(const char *path, char *buffer, size_t size) {
  char real[PATH_MAX];
  int error;
  suffer("readlink", path, &error);
  if (error) return error;
  ssize_t length = readlink(real_path(path, real), buffer, size - 1);
  if (length < 0) return -errno;
  buffer[length] = '\0';
  return 0;
}

static int fault_statfs(const char *path, struct statvfs *out) {
  char real[PATH_MAX];
  int error;
  suffer("statfs", path, &error);
  if (error) return error;
  return result(statvfs(real_path(path, real), out));
}

/* Folders are not kept open here: there is nothing to sync. */
static int fault_fsyncdir(const char *path, int only_data, struct fuse_file_info *open_file) {
  (void)only_data, (void)open_file;
  int error;
  suffer("fsync", path, &error);
  return error;
}

static int fault_chmod(const char *path, mode_t mode, struct fuse_file_info *open_file) {
  char real[PATH_MAX];
  int error;
  suffer("chmod", path, &error);
  if (error) return error;
  return result(open_file ? fchmod((int)open_file->fh, mode) : chmod(real_path(path, real), mode));
}

/* Nothing is cached, so that a fault shows at the next call. */
static void *fault_init(struct fuse_conn_info *connection, struct fuse_config *config) {
  (void)connection;
  config->attr_timeout = config->entry_timeout = config->negative_timeout = 0;
  config->use_ino = 1;
  return NULL;
}

static const struct fuse_operations operations = {
    .init = fault_init,
    .getattr = fault_getattr,
    .readdir = fault_readdir,
    .open = fault_open,
    .read = fault_read,
    .create = fault_create,
    .write = fault_write,
    .fsync = fault_fsync,
    .truncate = fault_truncate,
    .utimens = fault_utimens,
    .link = fault_link,
    .rename = fault_rename,
    .unlink = fault_unlink,
    .mkdir = fault_mkdir,
    .rmdir = fault_rmdir,
    .release = fault_release,
    .readlink = fault_readlink,
    .statfs = fault_statfs,
    .fsyncdir = fault_fsyncdir,
    .chmod = fault_chmod,
};

int main(int argc, char **argv) {
  if (argc < 4 || !realpath(argv[2], backing)) {
    fprintf(stderr, "faultfs RULES BACKING MOUNTPOINT [fuse options]\n");
    return 2;
  }
  /* A test run that is killed leaves a dead mount behind, not one that hangs whoever lists the folder above it. */
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  rules_file = argv[1];
  argv[2] = argv[0];
  return fuse_main(argc - 2, argv + 2, &operations, NULL);
}
