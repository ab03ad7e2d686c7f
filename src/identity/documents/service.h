// The site's documents: what they say, in which version, and who accepted which.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "base/result.h"
#include "identity/documents/policy.h"
#include "platform/i18n/i18n.h"
#include "platform/sql/sql.h"

namespace braid::documents {

using access::PersonId;

enum class Kind { privacy, guidelines, terms };
inline constexpr std::array<Kind, 3> kKinds{Kind::privacy, Kind::guidelines, Kind::terms};
std::optional<Kind> parse_kind(std::string_view name);
std::string_view name(Kind kind);  // "privacy"
std::string_view title_key(Kind kind);

inline constexpr std::size_t kTextMax = 30'000;  // code points
inline constexpr std::size_t kShortMax = 2'000;

struct Words {
    std::string text, brief, changed;  // Markdown
};
struct Version {
    int number = 1;
    Words en, es;
    bool important = false;
    Timestamp published_at;  // 0: it came with the program
    [[nodiscard]] const Words& in(i18n::Language language) const {
        return language == i18n::Language::es ? es : en;
    }
};
struct VersionLine {
    int number = 1;
    bool important = false;
    Timestamp published_at;
    PersonId published_by;
    std::string changed_en, changed_es;
};

// What comes with the program.
Version built_in(Kind kind);

// Thread-safe.
class Service {
  public:
    Service(sql::Database& database, const Clock& clock) : database_(database), clock_(clock) {}

    [[nodiscard]] Version current(sql::Session& session, Kind kind) const;
    // `not_found` for a number that was never published.
    Result<Version> read(Kind kind, std::optional<int> number) const;
    [[nodiscard]] std::vector<VersionLine> history(Kind kind) const;  // the newest first; at most 100

    // Becomes the current version. `invalid` on text_en, text_es, short_en, short_es, changed_en, changed_es;
    // `conflict` when `based_on` is no longer the current one. The audit log says who.
    Result<int> publish(const Actor& actor, Kind kind, const Version& next, int based_on);
    static Result<void> check(const Version& version);

    // What has changed in an important way since she accepted it.
    [[nodiscard]] std::vector<Kind> pending(PersonId person) const;
    // The versions that are current now.
    Result<void> accept(const Actor& actor);
    // The same for somebody who joined.
    void accepted_by_joining(sql::Tx& tx, PersonId person);
    // Whether anything was ever published that everybody is asked about.
    [[nodiscard]] bool anything_important() const;

  private:
    sql::Database& database_;
    const Clock& clock_;
};

}  // namespace braid::documents

template <>
struct braid::sql::EnumNames<braid::documents::Kind> {
    static constexpr std::array<std::string_view, 3> names{"privacy", "guidelines", "terms"};
};
