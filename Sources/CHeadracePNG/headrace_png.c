#include "headrace_png.h"
