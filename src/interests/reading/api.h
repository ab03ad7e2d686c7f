// Reading: where a person is in which work. What other modules may ask.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "identity/accounts/api.h"
#include "interests/works/api.h"
#include "platform/html/html.h"
#include "platform/sql/sql.h"
#include "shell/shell.h"

namespace braid::reading {

using access::Actor;
using access::PersonId;
using works::ChapterId;
using works::WorkId;

// A work with the name under which its author appears, for lists.
struct WorkLine {
    works::WorkCard card;
    std::string author;      // byline, or display name
    std::string author_url;  // "" when the viewer may not open the profile
};
// One query for all authors.
std::vector<WorkLine> with_authors(sql::Session& session, const Actor& actor, const accounts::People& people,
                                   std::vector<works::WorkCard> cards);
// The card of a work in a list: cover, title, author, summary, tags, what helps choosing.
void work_card(html::Out& out, const shell::PageContext& context, const WorkLine& line);

// Where the topics of tags are at home; whoever knows topics says so.
class TagHubs {
  public:
    virtual ~TagHubs() = default;
    // Of each tag a path of this site; "" when no topic, or more than one, answers to it. `spoken`: their
    // language. One query for eight tags.
    virtual std::vector<std::string> hubs_of(sql::Session& session, std::span<const works::Tag> tags,
                                             std::string_view spoken) const = 0;
};

// "The Salt Road · chapter 7 of 12 · 9 min left"
struct OpenWork {
    WorkLine line;
    ChapterId chapter;       // to read on
    int number = 0;          // of that chapter
    std::string paragraph;   // to go on at, "" for the chapter's beginning
    int percent = 0;         // of the whole work, 0 to 100
    int minutes_left = 0;    // of that chapter
    bool fresh = false;      // the chapter came out after the person had read all there was
    Timestamp published_at;  // of the chapter
    Timestamp read_at;       // when the person was last here

    [[nodiscard]] std::string url() const;
};
// The card of a work that is being read.
void open_work_card(html::Out& out, const shell::PageContext& context, const OpenWork& open);

class Progress {
  public:
    virtual ~Progress() = default;
    // Works the actor has begun and that have more to read for her, the last read first. Nothing for a
    // visitor.
    virtual std::vector<OpenWork> keep_reading(sql::Session& session, const Actor& actor,
                                               int limit) const = 0;
    // Works whose last chapter the actor finished, newest first, whatever came out since.
    virtual std::vector<works::WorkCard> finished(sql::Session& session, const Actor& actor,
                                                  std::optional<works::Cursor> after, int limit,
                                                  std::optional<works::Cursor>& next) const = 0;
};

}  // namespace braid::reading
