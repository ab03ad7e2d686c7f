#include "interests/works/policy.h"

#include "interests/works/model.h"
#include "platform/i18n/i18n.h"

namespace braid::works {
namespace {

// Somebody else's work that the actor may read is refused with a reason; one that she may not is not there.
Decision author_only(const Actor& actor, const WorkFacts& facts) {
    if (facts.hold == Hold::removed) return Decision::hide("removed by moderators");
    if (actor.is(facts.author)) return Decision::allow();
    if (decide(ViewWork{}, actor, facts).allowed())
        return Decision::refuse(_msg("works.only_author"), "not the author");
    return Decision::hide("not the author");
}

}  // namespace

Decision decide(const ViewWork&, const Actor& actor, const WorkFacts& facts) {
    if (facts.hold == Hold::removed) return Decision::hide("removed by moderators");
    if (actor.is(facts.author)) return Decision::allow();
    if (facts.apart) return Decision::hide("apart from the author");
    if (facts.hold != Hold::none) return Decision::hide("held by moderators");
    if (!facts.published) return Decision::hide("not published");
    const int seen_by = audience(facts.visibility, facts.published, facts.reach);
    if (seen_by == 0) return Decision::hide("for the author alone");
    if (seen_by == 1 && !actor.signed_in()) return Decision::hide("for who is signed in");
    if (facts.rating > actor.rating_ceiling()) return Decision::hide("rating above the ceiling");
    return Decision::allow();
}

Decision decide(const ListWorks&, const Actor&, const std::monostate&) {
    return Decision::allow();
}

Decision decide(const ListMyWorks&, const Actor& actor, const std::monostate&) {
    return actor.signed_in() ? Decision::allow() : Decision::sign_in();
}

Decision decide(const CreateWork&, const Actor& actor, const std::monostate&) {
    return actor.signed_in() ? Decision::allow() : Decision::sign_in();
}

Decision decide(const EditWork&, const Actor& actor, const WorkFacts& facts) {
    return author_only(actor, facts);
}
Decision decide(const DeleteWork&, const Actor& actor, const WorkFacts& facts) {
    return author_only(actor, facts);
}
Decision decide(const EditChapter&, const Actor& actor, const WorkFacts& facts) {
    return author_only(actor, facts);
}
Decision decide(const PublishChapter&, const Actor& actor, const WorkFacts& facts) {
    const Decision author = author_only(actor, facts);
    if (!author.allowed()) return author;
    if (facts.visibility != Visibility::me && !actor.may(access::Choice::publish))
        return Decision::refuse(_msg("works.guardian_keeps_publishing"), "kept by a guardian");
    return Decision::allow();
}
Decision decide(const UnpublishChapter&, const Actor& actor, const WorkFacts& facts) {
    return author_only(actor, facts);
}

// That there were earlier texts is the author's own business.
Decision decide(const ReadRevisions&, const Actor& actor, const WorkFacts& facts) {
    if (facts.hold == Hold::removed) return Decision::hide("removed by moderators");
    return actor.is(facts.author) ? Decision::allow() : Decision::hide("not the author");
}

Decision decide(const ModerateWork&, const Actor& actor, const std::monostate&) {
    return actor.staff() ? Decision::allow() : Decision::hide("staff only");
}

Decision decide(const ImportWorks&, const Actor& actor, const std::monostate&) {
    return actor.has(access::Role::administrator) ? Decision::allow()
                                                  : Decision::hide("not an administrator");
}

Decision decide(const ChooseRating&, const Actor& actor, const RatingFacts& facts) {
    if (!actor.signed_in()) return Decision::sign_in();
    if (facts.wanted == facts.current || facts.wanted != Rating::mature || !actor.minor())
        return Decision::allow();
    return Decision::refuse(_msg("works.rating_needs_adult"), "mature chosen by a minor");
}

Decision decide(const ChooseVisibility&, const Actor& actor, const VisibilityFacts& facts) {
    if (!actor.signed_in()) return Decision::sign_in();
    if (facts.wanted <= facts.current) return Decision::allow();
    if (!actor.may(access::Choice::publish))
        return Decision::refuse(_msg("works.guardian_keeps_publishing"), "kept by a guardian");
    if (facts.wanted == Visibility::everyone && !actor.may(access::Choice::publish_openly))
        return Decision::refuse(_msg("works.guardian_keeps_openness"), "kept by a guardian");
    return Decision::allow();
}

void add_policies(access::PolicyBook& book) {
    using access::Actor;
    const auto own = [](Visibility visibility, bool published) {
        return [=](const Actor& actor) {
            return WorkFacts{actor.person.value_or(PersonId{1}), visibility, Rating::everyone, published};
        };
    };
    const auto others = [](Visibility visibility, Rating rating, bool published) {
        return [=](const Actor&) { return WorkFacts{PersonId{2}, visibility, rating, published}; };
    };
    const auto nothing = [](const Actor&) { return std::monostate{}; };
    const auto held = [](bool hers, Hold hold) {
        return [=](const Actor& actor) {
            return WorkFacts{hers ? actor.person.value_or(PersonId{1}) : PersonId{2}, Visibility::everyone,
                             Rating::everyone, true, hold};
        };
    };

    book.add<ViewWork>(
        {{"her own, unpublished", own(Visibility::me, false)},
         {"another's, for everyone", others(Visibility::everyone, Rating::everyone, true)},
         {"another's, for everyone, teen", others(Visibility::everyone, Rating::teen, true)},
         {"another's, for everyone, mature", others(Visibility::everyone, Rating::mature, true)},
         {"another's, for signed-in people", others(Visibility::signed_in, Rating::everyone, true)},
         {"another's, for herself alone", others(Visibility::me, Rating::everyone, true)},
         {"another's, unpublished", others(Visibility::everyone, Rating::everyone, false)},
         {"her own, hidden by moderators", held(true, Hold::hidden)},
         {"her own, removed by moderators", held(true, Hold::removed)},
         {"another's, hidden by moderators", held(false, Hold::hidden)},
         {"another's, waiting for its first review", held(false, Hold::waiting)}});
    book.also<ViewWork>(
        "another's, for everyone, kept by her guardian", [](Actor&) {},
        [](const Actor&) {
            return WorkFacts{PersonId{2}, Visibility::everyone, Rating::everyone, true, Hold::none, 0};
        });
    book.also<ViewWork>(
        "another's, for everyone, of whom one of the two wants nothing", [](Actor&) {},
        [](const Actor&) {
            return WorkFacts{PersonId{2}, Visibility::everyone, Rating::everyone, true, Hold::none, 2, true};
        });
    book.add<ListWorks>({{"lists", nothing}});
    book.add<ListMyWorks>({{"her own shelf", nothing}});
    book.add<CreateWork>({{"a new work", nothing}});
    const std::vector<std::pair<std::string, std::function<WorkFacts(const Actor&)>>> writing{
        {"her own", own(Visibility::everyone, true)},
        {"another's, for everyone", others(Visibility::everyone, Rating::everyone, true)},
        {"another's, unpublished", others(Visibility::everyone, Rating::everyone, false)},
        {"her own, hidden by moderators", held(true, Hold::hidden)},
        {"her own, removed by moderators", held(true, Hold::removed)}};
    book.add<EditWork>(writing);
    book.add<DeleteWork>(writing);
    book.add<EditChapter>(writing);
    book.add<PublishChapter>(writing);
    book.also<PublishChapter>(
        "her own, and her guardian said no",
        [](Actor& actor) { actor.denied = actor.denied.with(access::Choice::publish); },
        own(Visibility::signed_in, true));
    book.add<UnpublishChapter>(writing);
    book.add<ReadRevisions>(writing);
    book.add<ModerateWork>({{"anybody's", nothing}});
    book.add<ImportWorks>({{"files", nothing}});
    book.add<ChooseRating>({{"everyone",
                             [](const Actor&) {
                                 return RatingFacts{Rating::everyone, Rating::everyone};
                             }},
                            {"teen",
                             [](const Actor&) {
                                 return RatingFacts{Rating::teen, Rating::everyone};
                             }},
                            {"mature",
                             [](const Actor&) {
                                 return RatingFacts{Rating::mature, Rating::everyone};
                             }},
                            {"mature, as staff set it", [](const Actor&) {
                                 return RatingFacts{Rating::mature, Rating::mature};
                             }}});
    const auto wider = [](Visibility wanted, Visibility current) {
        return [=](const Actor&) { return VisibilityFacts{wanted, current}; };
    };
    const auto without = [](access::Choice choice) {
        return [=](Actor& actor) { actor.denied = actor.denied.with(choice); };
    };
    book.add<ChooseVisibility>({{"everyone", wider(Visibility::everyone, Visibility::me)},
                                {"herself alone", wider(Visibility::me, Visibility::everyone)}});
    book.also<ChooseVisibility>("signed-in people, and her guardian said no to publishing",
                                without(access::Choice::publish),
                                wider(Visibility::signed_in, Visibility::me));
    book.also<ChooseVisibility>("everyone, and her guardian said no to everyone",
                                without(access::Choice::publish_openly),
                                wider(Visibility::everyone, Visibility::me));
    book.also<ChooseVisibility>("signed-in people, and her guardian said no to everyone",
                                without(access::Choice::publish_openly),
                                wider(Visibility::signed_in, Visibility::me));
}

}  // namespace braid::works
