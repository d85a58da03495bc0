#include "headrace_linux.h"
