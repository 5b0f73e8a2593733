#pragma once

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What libphonenumber says about one candidate.
typedef struct {
    /// The length fits a numbering plan, the number need not exist in it.
    bool possible;
    /// The number fits a numbering plan, range by range.
    bool valid;
    /// E.164 with the leading '+', NUL-terminated; empty when the text is no number.
    char e164[24];
} aura_phone_number;

/// Reads `length` bytes of UTF-8 as a phone number written in `region` (ISO 3166 alpha-2, upper case).
///
/// Loads libphonenumber's metadata at the first call (about 11 ms). Safe to call from any thread.
/// No C++ exception leaves it: a text that cannot be read is a number that is not possible.
aura_phone_number aura_phone_number_parse(const char *text, size_t length, const char *region);

/// Whether libphonenumber has a numbering plan for `region`.
bool aura_phone_number_knows_region(const char *region);

#ifdef __cplusplus
}
#endif
