// <cstdio> must come first: CLD2's header names FILE without including it.
#include <cstdio>

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

#include "CLanguageDetector.h"

extern "C" LanguageDetectorResult languageDetectorDetect(
    const char *text, int32_t length, const char *contentLanguage, const char *topLevelDomain) {
    CLD2::CLDHints hints = {contentLanguage, topLevelDomain, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
    CLD2::Language languages[3] = {CLD2::UNKNOWN_LANGUAGE, CLD2::UNKNOWN_LANGUAGE, CLD2::UNKNOWN_LANGUAGE};
    int percents[3] = {0, 0, 0};
    double scores[3] = {0, 0, 0};
    int textBytes = 0;
    int validPrefixBytes = 0;
    bool isReliable = false;
    CLD2::ExtDetectLanguageSummaryCheckUTF8(
        text, length, true, &hints, CLD2::kCLDFlagBestEffort, languages, percents, scores, nullptr, &textBytes,
        &isReliable, &validPrefixBytes);
    LanguageDetectorResult result;
    result.first = CLD2::LanguageCode(languages[0]);
    result.second = CLD2::LanguageCode(languages[1]);
    result.firstPercent = percents[0];
    result.secondPercent = percents[1];
    result.firstScore = scores[0];
    result.textBytes = textBytes;
    result.isReliable = isReliable;
    return result;
}
