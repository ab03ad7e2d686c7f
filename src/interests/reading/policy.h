// Who may read, and keep a place. Which works and chapters an actor may see is works' rule, asked with every
// read.
#pragma once

#include <variant>

#include "access/policy.h"

namespace braid::reading {

using access::Actor;
using access::Decision;

#define BRAID_READING_ACTION(Type, name, needs, scope)                   \
    struct Type {                                                        \
        static constexpr std::string_view kName = "reading." name;       \
        static constexpr access::Needs kNeeds = access::Needs::needs;    \
        static constexpr access::Scope kScope = access::Scope::scope;    \
        static constexpr auto kWhileQuiet = access::WhileQuiet::allowed; \
        using Facts = std::monostate;                                    \
    };                                                                   \
    Decision decide(const Type&, const Actor&, const std::monostate&)

BRAID_READING_ACTION(ReadWork, "read_work", nobody, read);
BRAID_READING_ACTION(ReadChapter, "read_chapter", nobody, read);
// A visitor may say where she is; nothing is kept then.
BRAID_READING_ACTION(ReportProgress, "report_progress", nobody, write);
// Her own place in a work.
BRAID_READING_ACTION(KeepPlace, "keep_place", signed_in, write);
BRAID_READING_ACTION(OpenLibrary, "open_library", signed_in, read);
#undef BRAID_READING_ACTION

void add_policies(access::PolicyBook& book);

}  // namespace braid::reading
