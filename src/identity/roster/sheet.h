// Slips to be printed, cut and handed out: how somebody signs in for the first time.
#pragma once

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>

#include "identity/roster/importer.h"

namespace braid::roster {

// A page of HTML that needs nothing else, written slip by slip. Whoever holds it can sign in as those on it:
// only its owner may read the file.
class Sheet {
  public:
    // Makes of a link a picture that a camera reads, as SVG; may be empty.
    using Picture = std::function<std::string(std::string_view link)>;

    // `conflict` when `file` is there already, `unavailable` when it cannot be written. An error's detail
    // says so.
    static Result<Sheet> create(const std::filesystem::path& file, i18n::Language language, std::string site,
                                Picture picture);
    void add(const Slip& slip);
    // How many slips; `unavailable` when not all of them could be written.
    Result<std::size_t> finish();

  private:
    Sheet(std::ofstream out, i18n::Language language, std::string site, Picture picture)
        : out_(std::move(out)), language_(language), site_(std::move(site)), picture_(std::move(picture)) {}

    std::ofstream out_;
    i18n::Language language_;
    std::string site_;
    Picture picture_;
    std::size_t slips_ = 0;
};

}  // namespace braid::roster
