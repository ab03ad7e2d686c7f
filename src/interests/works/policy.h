// Who may do what with works. Every action is a type; store writes ask for its permit.
#pragma once

#include <string_view>
#include <variant>

#include "access/policy.h"
#include "interests/works/api.h"

namespace braid::works {

using access::Decision;
using access::Needs;
using access::Permit;
using access::Scope;

// What the policies look at.
struct WorkFacts {
    PersonId author;
    Visibility visibility = Visibility::me;
    Rating rating = Rating::everyone;
    bool published = false;  // the work has a published chapter; for a chapter: it is published
    Hold hold = Hold::none;
    int reach = 2;       // how far the author's guardians let it be seen, see reach_of
    bool apart = false;  // the actor sees nothing of the author (identity/blocks)
};

#define BRAID_WORKS_ACTION(Type, name, needs, scope, facts)      \
    struct Type {                                                \
        static constexpr std::string_view kName = "works." name; \
        static constexpr Needs kNeeds = Needs::needs;            \
        static constexpr Scope kScope = Scope::scope;            \
        using Facts = facts;                                     \
    };                                                           \
    Decision decide(const Type&, const Actor&, const facts&)

// Writing for herself and taking back: also while she was asked to pause.
#define BRAID_WORKS_PRIVATE_ACTION(Type, name, needs, scope, facts)      \
    struct Type {                                                        \
        static constexpr std::string_view kName = "works." name;         \
        static constexpr Needs kNeeds = Needs::needs;                    \
        static constexpr Scope kScope = Scope::scope;                    \
        static constexpr auto kWhileQuiet = access::WhileQuiet::allowed; \
        using Facts = facts;                                             \
    };                                                                   \
    Decision decide(const Type&, const Actor&, const facts&)

// Reading. Lists are filtered by the same rule in SQL.
BRAID_WORKS_ACTION(ViewWork, "view_work", nobody, read, WorkFacts);
BRAID_WORKS_ACTION(ListWorks, "list_works", nobody, read, std::monostate);
// One's own shelf of drafts and published works.
BRAID_WORKS_ACTION(ListMyWorks, "list_my_works", signed_in, read, std::monostate);
BRAID_WORKS_ACTION(CreateWork, "create_work", signed_in, write, std::monostate);
// Title, summary, tags, rating, licence, visibility, cover; adding, ordering and deleting chapters.
BRAID_WORKS_ACTION(EditWork, "edit_work", signed_in, write, WorkFacts);
BRAID_WORKS_PRIVATE_ACTION(DeleteWork, "delete_work", signed_in, write, WorkFacts);
// Draft and preview.
BRAID_WORKS_PRIVATE_ACTION(EditChapter, "edit_chapter", signed_in, write, WorkFacts);
BRAID_WORKS_ACTION(PublishChapter, "publish_chapter", signed_in, write, WorkFacts);
BRAID_WORKS_PRIVATE_ACTION(UnpublishChapter, "unpublish_chapter", signed_in, write, WorkFacts);
// Earlier texts of a chapter.
BRAID_WORKS_ACTION(ReadRevisions, "read_revisions", signed_in, read, WorkFacts);
// Works from files, by whoever runs the site.
BRAID_WORKS_ACTION(ImportWorks, "import_works", staff, write, std::monostate);

// A rating for a work of one's own: mature is for adults to choose. A rating that staff has set stays when
// the form is saved.
struct RatingFacts {
    Rating wanted = Rating::everyone;
    Rating current = Rating::everyone;
};
BRAID_WORKS_PRIVATE_ACTION(ChooseRating, "choose_rating", signed_in, write, RatingFacts);

// Who may see a work of one's own: a minor's guardians may keep the wider from her. Going narrower is free.
struct VisibilityFacts {
    Visibility wanted = Visibility::me;
    Visibility current = Visibility::me;
};
BRAID_WORKS_PRIVATE_ACTION(ChooseVisibility, "choose_visibility", signed_in, write, VisibilityFacts);
// Hiding, removing, rating and looking at somebody's work whatever its visibility: moderators.
BRAID_WORKS_ACTION(ModerateWork, "moderate_work", staff, write, std::monostate);
#undef BRAID_WORKS_PRIVATE_ACTION
#undef BRAID_WORKS_ACTION

void add_policies(access::PolicyBook& book);

}  // namespace braid::works
