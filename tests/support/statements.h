// Which statements a program runs, in order: what can be told by counting instead of by a clock.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "platform/sql/sql.h"

namespace braid::testing {

class Statements {
  public:
    // The same database, heard from now on. This must outlive it.
    std::unique_ptr<sql::Database> hear(std::unique_ptr<sql::Database> database);

    // What is run from here on is kept.
    void begin();
    // What was run since, on whichever thread, and nothing more is kept: names of queries, and around those
    // of a write "write", then "kept" or "undone". What PostgreSQL ran again for a rival's sake is there
    // once.
    std::vector<std::string> take();

    // For the database that is heard alone.
    void note(std::string_view what);
    [[nodiscard]] std::size_t mark();
    void back_to(std::size_t mark);

  private:
    std::mutex mutex_;
    bool keeps_ = false;
    std::vector<std::string> kept_;
};

}  // namespace braid::testing
