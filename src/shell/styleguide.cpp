#include "shell/styleguide.h"

#include "base/text.h"

namespace braid::shell {

std::span<const std::string_view> sample_names() {
    static constexpr std::string_view kNames[] = {"Abi", "Deniz K", "Mr Okafor", "Noor Aziz", "Theo", "Mina", "Imani", "Wren", "Ms Ortega"};
    return kNames;
}

std::span<const std::string_view> sample_titles() {
    static constexpr std::string_view kTitles[] = {"The Salt Road",  "Paper Dragons",   "The Lamp Room",      "Salt and Light",
                                                   "Night Bus 9",    "What Wren Wants", "A Map of Quiet",     "Second Moon",
                                                   "The Glass Tram", "Orchard Street",  "Low Tide, High Sky", "Letters to Mars"};
    return kTitles;
}

const Error* sample_error() {
    static const Error error = invalid("title", "Give it a title, a short one will do.");
    return &error;
}

std::string sample_cover(std::string_view title) { return "/styleguide/cover?title=" + percent_encode(title); }

}  // namespace braid::shell
