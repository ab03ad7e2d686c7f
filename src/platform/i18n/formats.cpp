// Dates and numbers. ICU's formatters are costly to make and not safe to share, so each thread keeps its own.

#include <unicode/datefmt.h>
#include <unicode/dtptngen.h>
#include <unicode/reldatefmt.h>
#include <unicode/smpdtfmt.h>
#include <unicode/timezone.h>
#include <unicode/unistr.h>

#include <map>
#include <memory>
#include <stdexcept>

#include "platform/i18n/i18n.h"

namespace braid::i18n {

namespace {

std::string& site_zone() {
    static std::string zone = "UTC";
    return zone;
}

// en-GB writes the day before the month, as most English readers outside the United States do and as the
// Spanish one does.
icu::Locale locale_of(Language language) {
    return {language == Language::es ? "es" : "en_GB"};
}

void check(UErrorCode code) {
    if (U_FAILURE(code) != 0) throw std::runtime_error(std::string("ICU: ") + u_errorName(code));
}

std::string to_utf8(const icu::UnicodeString& text) {
    std::string out;
    text.toUTF8String(out);
    return out;
}

std::unique_ptr<icu::TimeZone> make_zone(std::string_view name) {
    std::unique_ptr<icu::TimeZone> zone(icu::TimeZone::createTimeZone(
        icu::UnicodeString::fromUTF8(icu::StringPiece(name.data(), static_cast<int>(name.size())))));
    if (*zone == icu::TimeZone::getUnknown()) zone.reset(icu::TimeZone::getGMT()->clone());
    return zone;
}

// The formatters of one language in one zone.
struct Formats {
    Formats(Language language, std::string_view zone_name) {
        UErrorCode code = U_ZERO_ERROR;
        const icu::Locale locale = locale_of(language);
        const auto zone = make_zone(zone_name);
        const std::unique_ptr<icu::DateTimePatternGenerator> patterns(
            icu::DateTimePatternGenerator::createInstance(locale, code));
        check(code);
        const auto make = [&](const char* skeleton) {
            auto pattern = patterns->getBestPattern(icu::UnicodeString(skeleton), code);
            check(code);
            auto format = std::make_unique<icu::SimpleDateFormat>(pattern, locale, code);
            check(code);
            format->setTimeZone(*zone);
            return format;
        };
        date = make("yMMMMd");
        moment = make("yMMMMdHm");
        short_date = make("MMMd");
        short_date_with_year = make("yMMMd");
        relative = std::make_unique<icu::RelativeDateTimeFormatter>(locale, nullptr, UDAT_STYLE_SHORT,
                                                                    UDISPCTX_CAPITALIZATION_NONE, code);
        check(code);
        calendar.reset(icu::Calendar::createInstance(*zone, locale, code));
        check(code);
    }

    // Days since 1970-01-01 and the year, in the zone.
    struct Day {
        int year;
        int number;
    };
    Day day(Timestamp t) const {
        UErrorCode code = U_ZERO_ERROR;
        calendar->setTime(static_cast<double>(t.micros) / 1000, code);
        const Day result{calendar->get(UCAL_YEAR, code), calendar->get(UCAL_JULIAN_DAY, code)};
        check(code);
        return result;
    }

    std::unique_ptr<icu::SimpleDateFormat> date, moment, short_date, short_date_with_year;
    std::unique_ptr<icu::RelativeDateTimeFormatter> relative;
    std::unique_ptr<icu::Calendar> calendar;
};

const Formats& formats(Language language, std::string_view zone) {
    if (zone.empty()) zone = site_zone();
    thread_local std::map<std::pair<Language, std::string>, Formats, std::less<>> cache;
    if (cache.size() > 64) cache.clear();  // zones come from people's settings
    const std::pair key{language, std::string(zone)};
    const auto found = cache.find(key);
    return found != cache.end() ? found->second : cache.try_emplace(key, language, zone).first->second;
}

std::string write(const icu::SimpleDateFormat& format, Timestamp t) {
    icu::UnicodeString text;
    format.format(static_cast<double>(t.micros) / 1000, text);
    return to_utf8(text);
}

std::string write(const icu::RelativeDateTimeFormatter& format, double count, UDateRelativeUnit unit) {
    UErrorCode code = U_ZERO_ERROR;
    icu::UnicodeString text;
    format.format(count, UDAT_DIRECTION_LAST, unit, text, code);
    check(code);
    return to_utf8(text);
}

}  // namespace

void set_site_zone(std::string zone) {
    site_zone() = std::move(zone);
}

int hour_of_day(Timestamp t, std::string_view zone) {
    std::int32_t raw = 0, summer = 0;
    UErrorCode code = U_ZERO_ERROR;
    make_zone(zone.empty() ? std::string_view(site_zone()) : zone)
        ->getOffset(static_cast<double>(t.micros) / 1000, false, raw, summer, code);
    check(code);
    constexpr std::int64_t kDay = 86'400'000;
    const std::int64_t local = (t.micros / 1000 + raw + summer) % kDay;
    return static_cast<int>((local + kDay) % kDay / 3'600'000);
}

std::string date(Language language, Timestamp t, std::string_view zone) {
    return write(*formats(language, zone).date, t);
}

std::string moment(Language language, Timestamp t, std::string_view zone) {
    return write(*formats(language, zone).moment, t);
}

std::string short_date(Language language, Timestamp t, std::string_view zone) {
    return write(*formats(language, zone).short_date, t);
}

std::string ago(Language language, Timestamp t, Timestamp now, std::string_view zone) {
    const Formats& f = formats(language, zone);
    const std::int64_t minutes = (now.micros - t.micros) / 60'000'000;
    const auto then = f.day(t);
    const auto today = f.day(now);
    UErrorCode code = U_ZERO_ERROR;
    icu::UnicodeString text;
    if (minutes < 1 && now.micros - t.micros > -60'000'000) {
        f.relative->format(UDAT_DIRECTION_PLAIN, UDAT_ABSOLUTE_NOW, text, code);
        check(code);
        return to_utf8(text);
    }
    if (minutes >= 1 && minutes < 60)
        return write(*f.relative, static_cast<double>(minutes), UDAT_RELATIVE_MINUTES);
    if (minutes >= 60 && (then.number == today.number || minutes < 6 * 60)) {
        return write(*f.relative, static_cast<double>(minutes / 60), UDAT_RELATIVE_HOURS);
    }
    if (then.number == today.number - 1) {
        f.relative->format(UDAT_DIRECTION_LAST, UDAT_ABSOLUTE_DAY, text, code);
        check(code);
        return to_utf8(text);
    }
    return write(then.year == today.year ? *f.short_date : *f.short_date_with_year, t);
}

std::string number(Language language, long long n) {
    // CLDR: both group by three; Spanish only from five digits on, with a point.
    const bool negative = n < 0;
    std::string digits = std::to_string(n);
    if (negative) digits.erase(0, 1);
    const std::size_t least = language == Language::es ? 5 : 4;
    if (digits.size() >= least) {
        for (std::size_t i = digits.size(); i > 3;)
            digits.insert(i -= 3, 1, language == Language::es ? '.' : ',');
    }
    return negative ? "-" + digits : digits;
}

}  // namespace braid::i18n
