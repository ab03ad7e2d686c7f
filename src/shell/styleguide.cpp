#include "shell/styleguide.h"

#include "base/text.h"

namespace braid::shell {

std::span<const std::string_view> sample_names() {
    static constexpr std::string_view kNames[] = {"Abi",  "Deniz K", "Mr Okafor", "Noor Aziz", "Theo",
                                                  "Mina", "Imani",   "Wren",      "Ms Ortega"};
    return kNames;
}

std::span<const std::string_view> sample_titles() {
    static constexpr std::string_view kTitles[] = {"The Salt Road",  "Paper Dragons",      "The Lamp Room",
                                                   "Salt and Light", "Night Bus 9",        "What Wren Wants",
                                                   "A Map of Quiet", "Second Moon",        "The Glass Tram",
                                                   "Orchard Street", "Low Tide, High Sky", "Letters to Mars"};
    return kTitles;
}

std::span<const std::string_view> sample_paragraphs() {
    static constexpr std::string_view kParagraphs[] = {
        "The storm arrived the way storms do when nobody has asked them to: sideways, and with opinions. "
        "Wren put the kettle on because "
        "it was the only thing in the lamp room that would answer back.",
        "Below her the sea was practising. She could hear it trying the same sentence against the rocks, "
        "again and again, never quite "
        "the same, like a reader looking for where to breathe.",
        "He counted the stairs aloud, as if the dark could be made to keep a number. A hundred and eleven. "
        "She had always had a hundred "
        "and twelve.",
        "“You are early,” said the keeper, who was not a keeper any more, and who had brought his own cup. "
        "“Or I am late. It is hard to "
        "tell from the inside.”",
        "Wren poured. The radio, which had been unplugged since the spring, cleared its throat.",
        "“That one is for you,” he said, and turned it towards her, the way one turns a lamp.",
    };
    return kParagraphs;
}

const Error* sample_error() {
    static const Error error = invalid("title", "Give it a title, a short one will do.");
    return &error;
}

std::string sample_cover(std::string_view title) {
    return "/styleguide/cover?title=" + percent_encode(title);
}

}  // namespace braid::shell
