// What a module gives the program. app/modules.cpp holds the explicit list.
#pragma once

#include <functional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "access/policy.h"
#include "platform/events/events.h"
#include "platform/http/router.h"
#include "platform/jobs/jobs.h"
#include "platform/sql/sql.h"

namespace braid::api {
class Api;
}

namespace braid::access {

enum class Personal {
    no,       // nothing about a person
    subject,  // the id of the person the row is about
    data,     // something about that person: handed out and erased
    secret,   // about that person and erased, but not handed out: hashes, keys, what staff wrote among
              // themselves
    other,    // the id of somebody who had to do with it; set to `blank`, where there is one, when she is
              // erased
};
enum class OnErasure { erase_row, blank, keep };

struct Column {
    std::string_view name;
    Personal personal;
    // With OnErasure::blank, what it becomes, as SQL: "''", "0", "NULL". A subject becomes 0 by itself.
    std::string_view blank = {};
};

// Whose a row is that names nobody: whose the row of another table is. {"chapter", "chapters"}: that of
// chapters.id = chapter.
struct Belonging {
    std::string_view column, table, key = "id";
};
// Rows that stay for now, whatever is asked: while `condition` (SQL over the table's columns) holds.
struct Hold {
    std::string_view condition;
    std::string_view because;  // in plain words, for the person
};
// How long rows stay. Without a column: the module itself sees to it.
struct Retention {
    std::string_view column;  // a moment in microseconds; 0 and NULL: not yet
    Duration after{0};
};

// Every table of the program is declared, with all its columns, after the tables it refers to; a test
// compares with the schema and says what is missing. Export, erasure and retention (stewardship/privacy)
// follow from it:
//
//   access::Table{"draft_copies", "second versions of a draft", OnErasure::erase_row,
//                 {{"chapter", Personal::no}, {"saved_at", Personal::data}, {"text", Personal::data}}}
//       .belongs_to("chapter", "chapters")
//       .deleted_after("saved_at", std::chrono::hours(24 * 90))
struct Table {
    std::string_view name;
    std::string_view holds;  // in plain words, for the privacy page
    OnErasure on_erasure = OnErasure::keep;
    std::vector<Column> columns;
    Belonging belonging = {};
    Hold hold = {};
    std::string_view kept_because = {};  // of OnErasure::keep, where the table holds something about people
    Retention retention = {};
    bool hers_alone = false;     // see kept_from_guardians
    std::string_view talk = {};  // the column that names the circle, see talk_of

    Table belongs_to(std::string_view column, std::string_view table, std::string_view key = "id") && {
        belonging = {column, table, key};
        return std::move(*this);
    }
    Table held_while(std::string_view condition, std::string_view why) && {
        hold = {condition, why};
        return std::move(*this);
    }
    Table because(std::string_view why) && {
        kept_because = why;
        return std::move(*this);
    }
    // By the daily job of stewardship/privacy.
    Table deleted_after(std::string_view column, Duration after) && {
        retention = {column, after};
        return std::move(*this);
    }
    // Holds what people say to each other where others do not hear, or who is there: of the circle
    // (identity/circles) in that column. The module's store takes a circles::Present to write it. A table
    // that names people and does not say so stands in the reviewed list of tests/http/company_test.cpp, with
    // why nobody is alone with anybody by it; a test fails without.
    Table talk_of(std::string_view circle) && {
        talk = circle;
        return std::move(*this);
    }
    // Not counted for a guardian, nor in the data a guardian takes: that a child asked for help, perhaps
    // because of that guardian, is hers to tell. She herself is handed it out like everything.
    Table kept_from_guardians() && {
        hers_alone = true;
        return std::move(*this);
    }
    // By a timer of the module's own.
    Table lasts(Duration at_most) && {
        retention = {{}, at_most};
        return std::move(*this);
    }
};

struct Module {
    std::string_view name;
    std::span<const sql::Migration> migrations;
    std::vector<Table> tables;
    std::function<void(PolicyBook&)> policies;
    std::function<void(http::Router&)> routes;  // pages
    std::function<void(events::Subscribers&, jobs::Runner&)>
        background;                           // subscribers, jobs, timers; may be empty
    std::function<void(api::Api&)> api = {};  // rows for programs (src/platform/api/README.md); may be empty
    // What an erasure changes beside the rows declared: counts, events. In its transaction, before the rows
    // go; may run again. May be empty.
    std::function<Result<void>(sql::Tx&, PersonId)> forget = {};
};

}  // namespace braid::access
