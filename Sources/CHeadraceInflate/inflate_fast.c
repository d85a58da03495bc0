#define INFLATE_FAST headrace_inflate_fast
#include "inflate_fast.h"
