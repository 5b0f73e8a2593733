// A C face on CLD2, which is C++ only. One call, plain values, no ownership crosses the border.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What CLD2 found in a text: up to three languages with their share of the text.
typedef struct {
    /// Static strings inside CLD2 such as "en"; never null, "un" for an unknown language.
    const char *_Nonnull first;
    const char *_Nonnull second;
    /// Share of the text in per cent.
    int32_t firstPercent;
    int32_t secondPercent;
    /// How close the text is to normal text of the first language; about 1.0 is normal.
    double firstScore;
    /// Bytes of letters that were looked at.
    int32_t textBytes;
    /// CLD2's own opinion whether the first language is well ahead of the next.
    bool isReliable;
} LanguageDetectorResult;

/// Detects the language of `length` bytes of UTF-8; invalid UTF-8 gives "un".
/// The hints may be null: `contentLanguage` as in the Content-Language header, `topLevelDomain` such as "in".
LanguageDetectorResult languageDetectorDetect(
    const char *_Nonnull text, int32_t length, const char *_Nullable contentLanguage,
    const char *_Nullable topLevelDomain);

#ifdef __cplusplus
}
#endif
