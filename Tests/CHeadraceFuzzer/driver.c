// What libFuzzer calls; it brings main. The target is chosen with --target=NAME: libFuzzer passes over what begins with
// two dashes. https://llvm.org/docs/LibFuzzer.html

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// In Tests/HeadraceFuzz.
extern bool headrace_fuzz(const char *target, const uint8_t *bytes, ptrdiff_t count);

static const char *target = "";

int LLVMFuzzerInitialize(int *count, char ***words) {
  for (int i = 1; i < *count; i++) {
    if (strncmp((*words)[i], "--target=", 9) == 0) target = (*words)[i] + 9;
  }
  if (headrace_fuzz(target, NULL, 0)) return 0;
  fprintf(stderr, "There is no fuzz target \"%s\"; give --target= one of FuzzTarget.\n", target);
  exit(2);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
  headrace_fuzz(target, bytes, (ptrdiff_t)count);
  return 0;
}
