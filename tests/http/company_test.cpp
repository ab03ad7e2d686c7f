// Nobody is ever alone, adult and minor: every table that names people either belongs to a circle, whose rule
// is in one place (identity/circles), or is in the list below with the reason why nobody talks out of others'
// sight by it. A new table is in neither, and whoever adds it has to think.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "access/module.h"
#include "support/test_site.h"

namespace braid::testing {
namespace {

using access::Personal;
using access::Table;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
namespace fs = std::filesystem;

constexpr std::string_view kHers = "hers alone: nobody else reads or writes it";
constexpr std::string_view kStaff =
    "between a person and the staff as a whole: every other moderator reads it, and "
    "every look is in the audit log";

const std::map<std::string_view, std::string_view> kReviewed{
    {"audit_log", "what staff did; nobody writes words to anybody"},
    {"persons", "one's face: everybody signed in reads the same"},
    {"person_credentials", kHers},
    {"person_roles", "a role, without words"},
    {"email_changes", kHers},
    {"password_resets", kHers},
    {"consents", "a guardian and her own child, by the guardian's decision; no words"},
    {"guardian_invitations", "an address; no words"},
    {"guardian_log", "what was decided, of a fixed list; no words"},
    {"blocks", kHers},
    {"sessions", kHers},
    {"sign_in_steps", kHers},
    {"api_tokens", kHers},
    {"code_apps", kHers},
    {"recovery_codes", kHers},
    {"passkeys", kHers},
    {"provider_identities", kHers},
    {"invitations", "a role offered by a link; the note is for who wrote it"},
    {"site_documents", "published for everybody"},
    {"document_acceptances", kHers},
    {"roster_people", "what a school's file said; for the next import"},
    {"works", "shown to everybody signed in, or to its author alone"},
    {"comments",
     "as visible as the chapter, which is for everybody signed in at least; what only two of them "
     "could read (hidden by the author) cannot be written or changed any more"},
    {"kudos", "a mark without words"},
    {"bookmarks", kHers},
    {"reading_preferences", kHers},
    {"reading_chapters", kHers},
    {"reading_places", kHers},
    {"interests", "one's own words about oneself, shown to everybody signed in or to nobody"},
    {"topic_changes", "what moderators changed in the vocabulary"},
    {"moderation_cases", kStaff},
    {"moderation_reports", kStaff},
    {"moderation_notes", kStaff},
    {"moderation_decisions", kStaff},
    {"moderation_appeals", kStaff},
    {"moderation_notices", kStaff},
    {"privacy_exports", kHers},
    {"privacy_erasures", "that an account is erased; no words"},
};

std::string text_of(const fs::path& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

bool names_people(const Table& table) {
    for (const access::Column& column : table.columns) {
        if (column.personal == Personal::subject || column.personal == Personal::other) return true;
    }
    return false;
}

// One line per table that has not been thought about. `stores`: the text of a module's store.h.
std::vector<std::string> unthought(const std::vector<access::Module>& modules,
                                   const std::map<std::string_view, std::string_view>& reviewed,
                                   const std::function<std::string(std::string_view)>& stores) {
    std::vector<std::string> wrong;
    for (const access::Module& module : modules) {
        for (const Table& table : module.tables) {
            const std::string name(table.name);
            if (table.talk.empty()) {
                if (names_people(table) && !reviewed.contains(table.name)) {
                    wrong.push_back(
                        name +
                        " names people: declare .talk_of(\"circle\") and write it with a circles::Present, "
                        "or say in tests/http/company_test.cpp why nobody is alone with anybody by it");
                }
                continue;
            }
            const auto circle = [&](const access::Column& column) { return column.name == table.talk; };
            if (std::none_of(table.columns.begin(), table.columns.end(), circle))
                wrong.push_back(name + " is talk of a column it does not have: " + std::string(table.talk));
            if (module.name != "circles" && stores(module.name).find("circles::Present") == std::string::npos)
                wrong.push_back(name + " is talk, and the store of " + std::string(module.name) +
                                " takes no circles::Present");
        }
    }
    return wrong;
}

std::string store_of(std::string_view module) {
    for (const auto& room : fs::directory_iterator(BRAID_SOURCE_DIR "/src")) {
        const fs::path store = room.path() / std::string(module) / "store.h";
        if (fs::exists(store)) return text_of(store);
    }
    return {};
}

TEST(Company, is_thought_about_wherever_a_table_names_people) {
    TestSite site;
    EXPECT_THAT(unthought(site.program().modules().all(), kReviewed, store_of), IsEmpty());
    // Nothing in the list that is not there any more.
    for (const auto& [name, why] : kReviewed) {
        bool there = false;
        for (const access::Module& module : site.program().modules().all()) {
            for (const Table& table : module.tables)
                there = there || (table.name == name && names_people(table));
        }
        EXPECT_TRUE(there) << name << " is reviewed, but no table of that name names people";
        EXPECT_GT(why.size(), 8U) << name;
    }
}

// docs/safety.md names a test for every rule: `Suite.name` with a suite in capitals. Each is in some file.
TEST(Company, of_rules_and_tests_is_as_docs_safety_md_says) {
    std::string tests;
    for (const char* room : {"src", "app", "tests"}) {
        for (const auto& entry : fs::recursive_directory_iterator(fs::path(BRAID_SOURCE_DIR) / room)) {
            const std::string name = entry.path().filename().string();
            if (name.ends_with("_test.cpp")) tests += text_of(entry.path());
        }
    }
    const std::string table = text_of(BRAID_SOURCE_DIR "/docs/safety.md");
    const std::regex named("`([A-Z][A-Za-z]*)\\.([A-Za-z_0-9]+)`");
    int found = 0;
    for (std::sregex_iterator at(table.begin(), table.end(), named), end; at != end; ++at) {
        ++found;
        const std::string wanted = "(" + (*at)[1].str() + ", " + (*at)[2].str() + ")";
        EXPECT_NE(tests.find(wanted), std::string::npos) << "no test is called " << wanted;
    }
    EXPECT_GT(found, 60);
    // Every line that states a rule has a test.
    std::istringstream lines(table);
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with("| ") || line.starts_with("| rule")) continue;
        EXPECT_TRUE(std::regex_search(line, named)) << line;
    }
}

TEST(Company, of_a_table_that_nobody_thought_about_is_refused) {
    access::Module letters;
    letters.name = "letters";
    letters.tables = {Table{"letters",
                            "what people write to each other",
                            access::OnErasure::erase_row,
                            {{"id", Personal::no}, {"circle", Personal::no}, {"author", Personal::subject}}}};
    const auto without = [](std::string_view) { return std::string("void put(sql::Tx& tx, …);"); };
    const auto with = [](std::string_view) {
        return std::string("void put(sql::Tx& tx, const circles::Present& present, …);");
    };
    EXPECT_THAT(unthought({letters}, kReviewed, with), ElementsAre(HasSubstr("letters names people")));
    letters.tables = {std::move(letters.tables.front()).talk_of("circle")};
    EXPECT_THAT(unthought({letters}, kReviewed, without),
                ElementsAre(HasSubstr("takes no circles::Present")));
    EXPECT_THAT(unthought({letters}, kReviewed, with), IsEmpty());
    letters.tables = {std::move(letters.tables.front()).talk_of("thread")};
    EXPECT_THAT(unthought({letters}, kReviewed, with), ElementsAre(HasSubstr("does not have: thread")));
}

}  // namespace
}  // namespace braid::testing
