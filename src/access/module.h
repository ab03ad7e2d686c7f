// What a module gives the program. app/modules.cpp holds the explicit list.
#pragma once

#include <functional>
#include <span>
#include <string_view>
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
    data,     // something about that person
};
enum class OnErasure { erase_row, blank, keep };

struct Column {
    std::string_view name;
    Personal personal;
};

// Every table of the program is declared, with all its columns; a test compares with the schema.
struct Table {
    std::string_view name;
    std::string_view holds;  // in plain words, for the privacy page
    OnErasure on_erasure = OnErasure::keep;
    std::vector<Column> columns;
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
};

}  // namespace braid::access
