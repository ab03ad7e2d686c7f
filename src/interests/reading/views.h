// What the pages of this module show.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/text.h"
#include "interests/feedback/api.h"
#include "interests/reading/service.h"
#include "platform/html/html.h"
#include "shell/shell.h"

namespace braid::reading {

struct ParagraphView {
    std::string key;
    html::SafeHtml html;
    int comments = 0;
};

// The part of a chapter page that is the same for all its readers (see prose_cache.h).
struct ProseView {
    std::string base;  // /works/W/chapters/C
    html::SafeHtml notes_before, notes_after;
    std::vector<ParagraphView> paragraphs;
    bool takes_comments = false;
};

struct TagLink {
    std::string label, url;
};

struct ChapterPage {
    shell::Frame frame;
    const works::ChapterView* chapter = nullptr;
    feedback::ChapterCounts counts;
    std::shared_ptr<const html::SafeHtml> prose;  // shared with the cache
    std::string author, author_url, author_seed;
    std::string base;           // /works/W/chapters/C
    std::vector<TagLink> tags;  // of the work
    std::string work_url, previous_url, next_url, edit_url;
    std::string resume;  // paragraph to offer to go on at, "" when there is nothing to offer
    int minutes = 0;
    bool own = false, signed_in = false;
    bool shows_comments = false;  // margin, counts and the part at the foot
    bool takes_comments = false;
};

struct TocLine {
    works::ChapterLine line;
    std::string url;
    int minutes = 0;
    bool finished = false, current = false;
};

struct WorkPage {
    shell::Frame frame;
    works::WorkView work;
    std::vector<TagLink> tags;
    std::string author, author_url, author_seed;
    html::SafeHtml summary;
    std::vector<TocLine> contents;
    feedback::WorkCounts counts;
    std::optional<Service::Start> start;
    std::string start_url, self_url;
    std::vector<std::string> warnings;  // message keys
    int minutes = 0;
    bool own = false;
};

enum class Shelf { reading, saved, finished };

struct LibraryPage {
    shell::Frame frame;
    Shelf shelf = Shelf::reading;
    std::vector<OpenWork> open;
    std::vector<WorkLine> works;
    std::string next_url, first_url;
};

std::string_view rating_key(access::Rating rating);
std::string_view licence_key(works::Licence licence);
std::string_view licence_url(works::Licence licence);  // "" when there is none
std::string_view warning_key(works::Warning warning);
std::string_view status_key(works::Status status);
std::string language_name(i18n::Language in, std::string_view tag);
std::string mark_class(int comments);
std::string toc_class(const TocLine& line);

}  // namespace braid::reading
