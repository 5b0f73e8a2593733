#include "CPhoneNumber.h"

#include <cstdint>
#include <cstring>
#include <set>
#include <string>

#include <phonenumbers/phonenumberutil.h>

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

// Reads plain digits as the whole national number of a region, which saves the parser's many regular expressions; false
// when they are none, or may have a trunk prefix or a country code before them, so that the parser must look.
static bool read_national(const PhoneNumberUtil *util, const std::string &text, const std::string &region,
                          PhoneNumber *number) {
    // The longest national numbers have fewer digits than a 64-bit integer; trunk prefixes are a zero nearly always.
    if (text.empty() || text.size() > 15 || text[0] == '0') {
        return false;
    }
    uint64_t value = 0;
    for (char digit : text) {
        if (digit < '0' || digit > '9') {
            return false;
        }
        value = value * 10 + static_cast<uint64_t>(digit - '0');
    }
    const int country = util->GetCountryCodeForRegion(region);
    number->set_country_code(country);
    number->set_national_number(value);
    if (util->IsValidNumberForRegion(*number, region)) {
        return true;
    }
    std::string trunk;
    util->GetNddPrefixForRegion(region, true, &trunk);
    return text.rfind(std::to_string(country), 0) != 0 && (trunk.empty() || text.rfind(trunk, 0) != 0);
}

// The singleton is made under its own lock on first use; its methods are const and documented as thread-safe.

extern "C" aura_phone_number aura_phone_number_parse(const char *text, size_t length, const char *region) {
    aura_phone_number result;
    std::memset(&result, 0, sizeof(result));
    try {
        const PhoneNumberUtil *util = PhoneNumberUtil::GetInstance();
        PhoneNumber number;
        const std::string digits(text, length);
        if (!read_national(util, digits, region, &number)
            && util->Parse(digits, region, &number) != PhoneNumberUtil::NO_PARSING_ERROR) {
            return result;
        }
        result.valid = util->IsValidNumber(number);
        result.possible = result.valid || util->IsPossibleNumber(number);
        if (!result.possible) {
            return result;
        }
        // E.164 by hand: Format would look the region up again.
        std::string formatted;
        util->GetNationalSignificantNumber(number, &formatted);
        formatted.insert(0, "+" + std::to_string(number.country_code()));
        if (formatted.size() < sizeof(result.e164)) {
            std::memcpy(result.e164, formatted.data(), formatted.size());
        }
    } catch (...) {
        // An allocation failed: the caller sees "not possible", as for any text that is no number.
        std::memset(&result, 0, sizeof(result));
    }
    return result;
}

extern "C" bool aura_phone_number_knows_region(const char *region) {
    try {
        std::set<std::string> regions;
        PhoneNumberUtil::GetInstance()->GetSupportedRegions(&regions);
        return regions.count(std::string(region)) != 0;
    } catch (...) {
        return false;
    }
}
