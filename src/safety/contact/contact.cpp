#include "safety/contact/api.h"

#include <algorithm>

#include "safety/contact/finders.h"

namespace braid::contact {

namespace {

void find_all(const Reading& reading, std::vector<Span>& found) {
    find_emails(reading, found);
    find_urls(reading, found);
    find_handles(reading, found);
    find_phones(reading, found);
    find_addresses(reading, found);
    find_school_times(reading, found);
}

// Of spans that overlap the more certain stays, then the longer.
std::vector<Span> without_overlaps(std::vector<Span> found) {
    std::erase_if(found, [](const Span& span) { return span.certainty < kHeld; });
    std::sort(found.begin(), found.end(), [](const Span& a, const Span& b) {
        if (a.begin != b.begin) return a.begin < b.begin;
        if (a.end != b.end) return a.end > b.end;
        if (a.certainty != b.certainty) return a.certainty > b.certainty;
        return a.kind < b.kind;
    });
    std::vector<Span> kept;
    for (const Span& span : found) {
        if (kept.empty() || kept.back().end <= span.begin) {
            kept.push_back(span);
        } else if (span.certainty > kept.back().certainty) {
            // What was kept before ends before the one it replaces began, so this one overlaps nothing else.
            kept.back() = span;
        }
    }
    return kept;
}

}  // namespace

std::string_view kind_name(Kind kind) {
    switch (kind) {
        case Kind::email:
            return "email";
        case Kind::phone:
            return "phone";
        case Kind::address:
            return "address";
        case Kind::handle:
            return "handle";
        case Kind::url:
            return "url";
        case Kind::school_time:
            return "school_time";
    }
    return "";
}

std::vector<Span> find_contact(std::string_view text) {
    std::vector<Span> found;
    Reading reading(text);
    find_all(reading, found);
    if (Reading joined(""); reading.join_spaced(joined)) find_all(joined, found);
    return without_overlaps(std::move(found));
}

}  // namespace braid::contact
