// Works from files: `braid import works FILE…`.
//
// A file is one JSON object: id (text, optional: else the file's name), title, author (text), year (integer
// or null, optional), language (BCP 47), licence (a name we know, "CC BY-SA 4.0", "CC0 …" or "Public domain
// …"), subjects (texts, optional), summary (text, optional), chapters: [{n (integer, optional), title (text),
// text}]. Paragraphs of a text are parted by a blank line, a line end inside one is a line break, _words_
// between underscores are emphasis; nothing else is markup.
//
// An imported work stands on the shelf of one account, its byline names the author. Importing again changes
// nothing; a file whose content changed becomes new revisions of the chapters that differ. A file goes in
// whole or not at all.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "interests/works/model.h"
#include "interests/works/service.h"

namespace braid::works {

inline constexpr std::uintmax_t kMaxImportBytes = std::uintmax_t{64} << 20;  // of one file

struct ImportedChapter {
    std::string title, text;  // text: Markdown that reads as the file's text
};
struct ImportedWork {
    std::string id;  // "" when the file does not say
    std::string byline;
    WorkDetails details;
    std::vector<ImportedChapter> chapters;
};

// Pure. An error is `invalid` with one field: a JSON pointer (RFC 6901; "" is the whole file) and what was
// expected there.
Result<ImportedWork> parse_import(std::string_view json);

// Plain text with _emphasis_ as Markdown that shows it as written: what Markdown would take for markup is
// escaped. A paragraph of nothing but three or more asterisks is a scene break.
std::string markdown_of(std::string_view text);

struct ImportOptions {
    PersonId owner;
    std::optional<Rating> rating;          // of new works everyone; of works there already what they have
    std::optional<Visibility> visibility;  // likewise
};
struct ImportFailure {
    std::filesystem::path file;
    std::string field;    // JSON pointer, "" for the file as a whole
    std::string message;  // what was expected, in English
};
struct ImportReport {
    int added = 0, updated = 0, unchanged = 0;
    std::vector<ImportFailure> failed;
};
// Called after every file.
using ImportProgress = std::function<void(std::size_t done, std::size_t total)>;

class Importer {
  public:
    Importer(Writing& writing) : writing_(writing) {}  // NOLINT(google-explicit-constructor)

    // A path that is a folder stands for the .json files in it, by name. Throws what the database throws;
    // files of transactions that were committed before stay in.
    ImportReport run(std::span<const std::filesystem::path> paths, const ImportOptions& options,
                     const ImportProgress& progress);

  private:
    struct Ready;
    enum class Outcome { added, updated, unchanged };
    Result<std::optional<Ready>> make_ready(const std::filesystem::path& file, const ImportOptions& options,
                                            ImportReport& report);
    void add(sql::Tx& tx, const Actor& actor, const Ready& ready, const ImportOptions& options) const;
    Result<Outcome> update(const Actor& actor, const Ready& ready, WorkId work,
                           const ImportOptions& options) const;

    Writing& writing_;
};

}  // namespace braid::works
