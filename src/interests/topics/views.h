// What the pages of this module show.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/text.h"
#include "interests/reading/api.h"
#include "interests/topics/service.h"
#include "shell/pieces.h"
#include "shell/shell.h"

namespace braid::topics {

// A topic as a link.
struct TopicLink {
    std::string id, label, language, hint;  // hint: what it stands below, where labels alone do not tell
    [[nodiscard]] std::string url() const { return "/topics/" + id; }
};

struct TopArea {
    TopicLink topic;
    std::vector<TopicLink> narrower;
};

struct BrowsePage {
    shell::Frame frame;
    std::string query;
    std::vector<TopicLink> found;
    std::vector<TopArea> areas;
    std::vector<TopicLink> mine;
};

struct Suggestions {
    std::vector<TopicLink> found;
    bool for_form = false;  // buttons of the form, else links
};

struct HubPage {
    shell::Frame frame;
    TopicLink topic;
    std::string note, also;  // also: other names, with commas
    std::vector<TopicLink> broader, narrower, related;
    std::vector<reading::WorkLine> works;
    std::vector<store::HubPerson> people;
    std::string next_url, first_url;
    bool follows = false, wrangler = false;
    std::vector<std::string> other_names;  // for wranglers: all that may be split off
};

struct InterestLine {
    Interest interest;
    std::string url;
};

struct InterestsPage {
    shell::Frame frame;
    std::string typed;  // what is asked about, or what came back with an error
    const Error* error = nullptr;
    std::vector<TopicLink> choices;  // "John of which?"
    std::vector<InterestLine> mine;
    std::vector<TopArea> picker;
    bool welcome = false;  // she has none yet
};

struct OpenTagLine {
    std::string tag, label;
    int works = 0;
    std::vector<TopicLink> guesses;  // hint: why
};
struct ChangeLine {
    std::string id, who, kind, topic, other, tag;
    Timestamp at;
    bool undone = false;
};
struct WranglingPage {
    shell::Frame frame;
    std::vector<OpenTagLine> open;
    std::vector<ChangeLine> history;
};

// "A little, so far": how strong it is while it grows by itself.
std::string grown_text(const Interest& interest, i18n::Language language);
std::string tag_url(std::string_view tag);
std::string change_text(const ChangeLine& change, i18n::Language language);

}  // namespace braid::topics
