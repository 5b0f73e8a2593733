#include "CPhoneNumber.h"

#include <cstring>
#include <set>
#include <string>

#include <phonenumbers/phonenumberutil.h>

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

// The singleton is made under its own lock on first use; its methods are const and documented as thread-safe.

extern "C" aura_phone_number aura_phone_number_parse(const char *text, size_t length, const char *region) {
    aura_phone_number result;
    std::memset(&result, 0, sizeof(result));
    try {
        const PhoneNumberUtil *util = PhoneNumberUtil::GetInstance();
        PhoneNumber number;
        if (util->Parse(std::string(text, length), std::string(region), &number) != PhoneNumberUtil::NO_PARSING_ERROR) {
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
