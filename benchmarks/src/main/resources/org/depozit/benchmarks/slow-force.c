/* Loaded before the C library: what forces a file to the disk takes so many microseconds longer, as on a
   disk that is slower than this one. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

static int later(const char *name, int file) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
  const char *micros = getenv("SLOW_FORCE_MICROS");
  long wait = micros ? atol(micros) : 0;
  struct timespec time = {wait / 1000000, wait % 1000000 * 1000};
  nanosleep(&time, NULL);
  return real(file);
}

int fsync(int file) { return later("fsync", file); }

int fdatasync(int file) { return later("fdatasync", file); }
