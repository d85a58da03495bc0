#pragma once

#include "headrace_colors.h"

typedef void headrace_blend_gray_function(float factor, float rest, uint8_t *pixels, size_t count, size_t channels);
typedef void headrace_turn_hue_function(float shift, uint8_t *pixels, size_t count, size_t channels);

headrace_blend_gray_function headrace_blend_gray_scalar, headrace_blend_gray_128;
headrace_turn_hue_function headrace_turn_hue_scalar, headrace_turn_hue_128;
#ifdef __x86_64__
headrace_blend_gray_function headrace_blend_gray_256, headrace_blend_gray_512;
headrace_turn_hue_function headrace_turn_hue_256, headrace_turn_hue_512;
#endif
