#include "interests/works/import.h"

#include <gmock/gmock.h>
#include <rapidcheck.h>

#include <cstdlib>
#include <fstream>

#include "base/text.h"
#include "interests/works/site_for_tests.h"

namespace braid::works {
namespace {

namespace fs = std::filesystem;
using namespace works::testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::string_view kBook = R"json({
  "id": "alice", "title": "Alice's Adventures", "author": "Lewis Carroll", "year": 1865, "language": "en-GB",
  "licence": "Public domain (US)", "source": {"path": "x"}, "subjects": ["Fantasy", "Horses -- Fiction", "Fantasy"],
  "chapters": [{"n": 1, "title": "Down", "text": "Alice was _very_ tired.\n\nShe sat."},
               {"n": 2, "title": "Tears", "text": "“Curiouser _and_ curiouser!” cried Alice."}]})json";

std::string with(std::string_view from, std::string_view to) {
    std::string book(kBook);
    const std::size_t at = book.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return book.replace(at, from.size(), to);
}

std::string field_of(std::string_view json) {
    const auto parsed = parse_import(json);
    return parsed.ok()
               ? "ok"
               : parsed.error().fields.front().field + " " + parsed.error().fields.front().message_key;
}

TEST(ImportFormat, ReadsABook) {
    const auto book = parse_import(kBook);
    ASSERT_TRUE(book.ok());
    EXPECT_EQ(book->id, "alice");
    EXPECT_EQ(book->byline, "Lewis Carroll");
    EXPECT_EQ(book->details.title, "Alice's Adventures");
    EXPECT_EQ(book->details.language, "en");
    EXPECT_EQ(book->details.licence, Licence::public_domain);
    EXPECT_EQ(book->details.status, Status::complete);
    EXPECT_EQ(book->details.summary, "Alice was *very* tired. (1865)");
    EXPECT_THAT(book->details.tags, ElementsAre(Tag{"fantasy", "Fantasy"}, Tag{"horses", "Horses"}));
    ASSERT_THAT(book->chapters, SizeIs(2));
    EXPECT_EQ(book->chapters[0].text, "Alice was *very* tired.\n\nShe sat.");
}

TEST(ImportFormat, NamesTheFieldThatIsWrong) {
    EXPECT_EQ(field_of(""), " works.import.not_json");
    EXPECT_EQ(field_of("{"), " works.import.not_json");
    EXPECT_EQ(field_of("[]"), " works.import.object");
    EXPECT_EQ(field_of(std::string(1000, '[')), " works.import.not_json");
    EXPECT_EQ(field_of("{}"), "/title works.import.text");
    EXPECT_EQ(field_of(with("\"Alice's Adventures\"", "7")), "/title works.import.text");
    EXPECT_EQ(field_of(with("Alice's Adventures", "")), "/title works.import.not_empty");
    EXPECT_EQ(field_of(with("Alice's Adventures", std::string(121, 'x'))), "/title works.import.too_long");
    EXPECT_EQ(field_of(with("\"Lewis Carroll\"", "null")), "/author works.import.text");
    EXPECT_EQ(field_of(with("1865", "\"1865\"")), "/year works.import.year");
    EXPECT_EQ(field_of(with("1865", "18.65")), "/year works.import.year");
    EXPECT_EQ(field_of(with("1865", "null")), "ok");
    EXPECT_EQ(field_of(with("en-GB", "tlh")), "/language works.import.language");
    EXPECT_EQ(field_of(with("Public domain (US)", "WTFPL")), "/licence works.import.licence");
    EXPECT_EQ(field_of(with("Public domain (US)", "CC BY-SA 4.0")), "ok");
    EXPECT_EQ(field_of(with("[\"Fantasy\"", "[7")), "/subjects/0 works.import.text");
    EXPECT_EQ(field_of(with("\"chapters\"", "\"chapter\"")), "/chapters works.import.chapters");
    EXPECT_EQ(field_of(with("\"n\": 2", "\"n\": \"2\"")), "/chapters/1/n works.import.integer");
    EXPECT_EQ(field_of(with("\"Tears\"", "[]")), "/chapters/1/title works.import.text");
    EXPECT_EQ(field_of(with("She sat.", "She\\u0000sat.")), "/chapters/0/text works.import.utf8");
    EXPECT_EQ(field_of(with("She sat.", std::string(kMaxText, 'x'))),
              "/chapters/0/text works.import.too_long");
}

TEST(ImportFormat, ShowsTextAsItIsWritten) {
    EXPECT_EQ(markdown_of("one\ntwo\n\n\n  three  "), "one\\\ntwo\n\nthree");
    EXPECT_EQ(markdown_of("# not a heading"), "\\# not a heading");
    EXPECT_EQ(markdown_of("1. not a list\n- nor this"), "1\\. not a list\\\n\\- nor this");
    EXPECT_EQ(markdown_of("a*b [c](d) <e> &amp; `f`"), "a\\*b \\[c\\](d) \\<e\\> \\&amp; \\`f\\`");
    EXPECT_EQ(markdown_of("*   *   *   *"), "* * *");
    EXPECT_EQ(markdown_of("Mr. ____ and _ alone_ and snake_"),
              "Mr. \\_\\_\\_\\_ and \\_ alone\\_ and snake\\_");
    EXPECT_EQ(markdown_of("_one_ and _two three_."), "*one* and *two three*.");
    EXPECT_EQ(markdown_of("un_believ_able"), "un*believ*able");
    EXPECT_EQ(markdown_of("word_“No!”_word"), "word“*No*!”word");
    EXPECT_EQ(markdown_of("a\tb\x01"), "a b");
}

TEST(ImportFormat, NeverReadsMoreIntoATextThanIsThere) {
    rc::check("no text of the signs of Markdown has markup but emphasis", [] {
        const std::string signs = "ab 1.)#>-+*_`[]()<&~|!\\=:\n\n";
        const auto picks =
            *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, static_cast<int>(signs.size())));
        std::string text;
        for (const int pick : picks)
            text += signs[static_cast<std::size_t>(pick)];
        std::string wanted, got;
        for (const char c : text) {
            if (c != ' ' && c != '\n' && c != '_' && c != '*') wanted += c;
        }
        for (const html::Block& block : html::render_blocks(markdown_of(text), html::Dialect::prose)) {
            for (const char c : plain_of(block.html)) {
                if (c != ' ' && c != '\n' && c != '_' && c != '*') got += c;
            }
            for (const std::string_view tag :
                 {"<h", "<ul", "<ol", "<li", "<blockquote", "<code", "<pre", "<a", "<del"}) {
                if (tag == "<h" && block.html.starts_with("<hr")) continue;
                RC_ASSERT(block.html.find(tag) == std::string::npos);
            }
        }
        RC_ASSERT(got == wanted);
    });
}

class ImportTest : public Site {
  protected:
    fs::path file(const std::string& name, std::string_view text) {
        const fs::path path = in_.path() / name;
        std::ofstream(path, std::ios::binary) << text;
        return path;
    }
    ImportReport run(std::vector<fs::path> paths, ImportOptions options = {}) {
        options.owner = *kOkafor.person;
        return Importer(writing_).run(paths, options, [&](std::size_t done, std::size_t total) {
            EXPECT_LE(done, total);
            last_done_ = done;
        });
    }
    braid::testing::TempFolder in_;
    std::size_t last_done_ = 0;
};
BRAID_ON_BOTH_ENGINES(ImportTest);

TEST_P(ImportTest, BringsABookInOnce) {
    const auto book = file("alice.json", kBook);
    const auto first = run({book});
    EXPECT_EQ(first.added, 1);
    EXPECT_THAT(first.failed, IsEmpty());
    EXPECT_EQ(last_done_, 1U);
    ASSERT_THAT(listed(kVisitor, {.tag = "horses"}), SizeIs(1));
    const WorkId work = listed(kVisitor).front();
    const auto card = read([&](sql::Reader& reader) { return library_.work(reader, kVisitor, work); });
    EXPECT_EQ(card->byline, "Lewis Carroll");
    EXPECT_EQ(card->author, *kOkafor.person);
    EXPECT_EQ(card->chapters, 2);
    const auto contents = read([&](sql::Reader& reader) { return library_.contents(reader, work); });
    const auto view = chapter(kVisitor, work, contents[0].id);
    EXPECT_EQ(view->text.paragraphs[0].html, "<p>Alice was <em>very</em> tired.</p>");
    EXPECT_EQ(view->byline, "Lewis Carroll");
    EXPECT_EQ(view->next, contents[1].id);
    EXPECT_THAT(events(), ElementsAre("works.work_published.v1"));

    clock_.advance(std::chrono::hours(1));
    const auto again = run({book});
    EXPECT_EQ(again.added + again.updated, 0);
    EXPECT_EQ(again.unchanged, 1);
    EXPECT_THAT(events(), SizeIs(1));
}

TEST_P(ImportTest, RevisesWhatChanged) {
    run({file("alice.json", kBook)});
    const WorkId work = listed(kVisitor).front();
    const auto contents = read([&](sql::Reader& reader) { return library_.contents(reader, work); });
    clock_.advance(std::chrono::hours(1));
    const auto changed =
        run({file("alice.json", with("She sat.", "She sat down.\\n\\nThen a rabbit ran by."))});
    EXPECT_EQ(changed.updated, 1);
    EXPECT_EQ(chapter(kVisitor, work, contents[0].id)->revision, 2);
    EXPECT_EQ(chapter(kVisitor, work, contents[0].id)->text.paragraphs.size(), 3U);
    EXPECT_EQ(chapter(kVisitor, work, contents[1].id)->revision, 1);
    // One chapter fewer, then one more.
    const std::string_view second = R"json(,
               {"n": 2, "title": "Tears", "text": "“Curiouser _and_ curiouser!” cried Alice."})json";
    EXPECT_EQ(run({file("alice.json", with(second, ""))}).updated, 1);
    EXPECT_THAT(read([&](sql::Reader& reader) { return library_.contents(reader, work); }), SizeIs(1));
    EXPECT_EQ(run({file("alice.json", kBook)}).updated, 1);
    const auto back = read([&](sql::Reader& reader) { return library_.contents(reader, work); });
    ASSERT_THAT(back, SizeIs(2));
    EXPECT_EQ(back[1].id, contents[1].id);
    EXPECT_EQ(listed(kVisitor).size(), 1U);
}

TEST_P(ImportTest, LeavesNothingOfABadFileAndGoesOn) {
    const auto good = file("a.json", with("\"alice\"", "\"a\""));
    const auto bad = file("b.json", with("\"Tears\"", "7"));
    const auto other = file("c.json", with("\"alice\"", "\"c\""));
    const auto report = run({good, bad, in_.path() / "missing.json", other});
    EXPECT_EQ(report.added, 2);
    ASSERT_THAT(report.failed, SizeIs(2));
    EXPECT_EQ(report.failed[0].file, bad);
    EXPECT_EQ(report.failed[0].field, "/chapters/1/title");
    EXPECT_EQ(report.failed[0].message, "expected text");
    EXPECT_THAT(report.failed[1].message, HasSubstr("no file"));
    EXPECT_THAT(listed(kVisitor), SizeIs(2));
    EXPECT_EQ(last_done_, 4U);
}

TEST_P(ImportTest, TakesAFolderAndRepeatedSources) {
    file("a.json", kBook);
    file("b.json", with("She sat.", "She stood."));  // the same id, another text
    file("notes.txt", "not a book");
    const auto report = run({in_.path()});
    EXPECT_EQ(report.added, 1);
    EXPECT_EQ(report.updated, 1);
    EXPECT_THAT(report.failed, IsEmpty());
    EXPECT_THAT(listed(kVisitor), SizeIs(1));
}

TEST_P(ImportTest, KeepsWhatThePeopleOfTheSiteDecided) {
    run({file("alice.json", kBook)});
    const WorkId work = listed(kVisitor).front();
    auto typed = form_of(writing_.outline(kOkafor, work)->work.details());
    typed.rating = "teen";
    ASSERT_TRUE(writing_.edit_work(kOkafor, work, typed).ok());
    run({file("alice.json", with("She sat.", "She stood."))});
    EXPECT_EQ(writing_.outline(kOkafor, work)->work.rating, 1);
    run({file("alice.json", kBook)}, {.rating = Rating::everyone});
    EXPECT_EQ(writing_.outline(kOkafor, work)->work.rating, 0);
}

TEST_P(ImportTest, BringsInTheRealBooks) {
    const char* named = std::getenv("BRAID_SHARED_DATA");
    const fs::path books =
        fs::path(named != nullptr ? named : BRAID_SOURCE_DIR "/../shared/data") / "texts/books";
    if (!fs::is_directory(books))
        GTEST_SKIP() << "no books at " << books << " (BRAID_SHARED_DATA names the folder of shared data)";
    const auto report = run({books});
    for (const auto& failed : report.failed)
        ADD_FAILURE() << failed.file << ' ' << failed.field << ' ' << failed.message;
    EXPECT_GE(report.added, 11);
    EXPECT_EQ(run({books}).unchanged, report.added);
    for (const auto& card :
         read([&](sql::Reader& reader) { return library_.list(reader, kVisitor, {.limit = 100}); }).works) {
        EXPECT_GT(card.chapters, 5) << card.title;
        EXPECT_GT(card.words, 10'000) << card.title;
    }
}

}  // namespace
}  // namespace braid::works
