// The one policy point. An action is a type; its policy is a pure function of the actor and the facts; a
// permit proves that it said yes, and store writes ask for the permit.
//
//   struct PublishChapter {                                   // in a module's policy.h
//       static constexpr std::string_view kName = "works.publish_chapter";
//       static constexpr Needs kNeeds = Needs::signed_in;     // checked before the handler runs
//       static constexpr Scope kScope = Scope::write;         // what an API token must allow
//       using Facts = ChapterFacts;                           // what the policy looks at; std::monostate
//       when nothing
//   };
//   Decision decide(const PublishChapter&, const Actor&, const ChapterFacts&);   // in policy.cpp
//
//   book.add<PublishChapter>({{"her own draft", {...}}, {"somebody else's", {...}}});   // samples make the
//   reviewed table
//
//   auto permit = TRY(access::permit<PublishChapter>(actor, facts));
//   store.publish(tx, permit, chapter);
#pragma once

#include <concepts>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "access/actor.h"
#include "base/result.h"
#include "platform/http/router.h"

namespace braid::access {

enum class Needs { nobody, signed_in, staff };

// Whether an action is open to a trusted account that has yet to come through its second factor
// (Standing::factor_missing). Closed unless the action says `static constexpr Reach kReach =
// Reach::before_factor`: one's own settings, setting the factor up, going out.
enum class Reach { after_factor, before_factor };

template <class Action>
constexpr Reach reach_of() {
    if constexpr (requires { Action::kReach; }) {
        return Action::kReach;
    } else {
        return Reach::after_factor;
    }
}

// Whether an action of Scope::write stays open to somebody whom moderators asked to pause
// (Actor::quiet_until). Refused unless the action says `static constexpr auto kWhileQuiet =
// WhileQuiet::allowed;`: for what nobody else reads (drafts, bookmarks), for taking back what one wrote, and
// for asking for help.
enum class WhileQuiet { refused, allowed };
template <class Action>
constexpr WhileQuiet while_quiet() {
    if constexpr (requires { Action::kWhileQuiet; }) {
        return Action::kWhileQuiet;
    } else {
        return WhileQuiet::refused;
    }
}

// Yes, or no with the reason. Default is no.
class [[nodiscard]] Decision {
  public:
    static Decision allow() { return Decision(true, {}); }
    // "not found" for the caller: for what the actor may not even know of.
    static Decision hide(std::string reason) { return Decision(false, not_found(std::move(reason))); }
    // A reason the actor may read.
    static Decision refuse(std::string message_key, std::string reason = {}) {
        return Decision(false, forbidden(std::move(message_key), std::move(reason)));
    }
    static Decision sign_in() { return Decision(false, unauthenticated()); }
    static Decision no(Error error) { return Decision(false, std::move(error)); }

    [[nodiscard]] bool allowed() const { return allowed_; }
    [[nodiscard]] const Error& error() const { return error_; }

  private:
    Decision(bool allowed, Error error) : allowed_(allowed), error_(std::move(error)) {}
    bool allowed_;
    Error error_;
};

template <class Action>
class Permit;

template <class Action>
Result<Permit<Action>> permit(const Actor& actor, const typename Action::Facts& facts);

// Proof that the policy of Action said yes to `actor`. Only permit() makes one.
template <class Action>
class Permit {
  public:
    [[nodiscard]] const Actor& actor() const { return actor_; }

  private:
    explicit Permit(const Actor& actor) : actor_(actor) {}
    friend Result<Permit> permit<Action>(const Actor&, const typename Action::Facts&);
    Actor actor_;
};

// For a write that several actions lead to: any one of their permits.
template <class... Actions>
class AnyPermit {
  public:
    template <class Action>
    requires(std::same_as<Action, Actions> || ...) AnyPermit(const Permit<Action>& permit)
        : actor_(permit.actor()) {}  // NOLINT(google-explicit-constructor)
    [[nodiscard]] const Actor& actor() const { return actor_; }

  private:
    Actor actor_;
};

// The coarse rule that holds for every use of an action, whatever the facts. A visitor is asked to sign in; a
// person who is not staff does not learn that a staff action exists; a token that lacks the scope is told
// which one; an account whose second factor is missing is refused whatever is not open before it; who was
// asked to pause is told until when (the argument `until` is in microseconds, and the page of the error
// writes it as a date).
Result<void> check_needs(Needs needs, Scope scope, const Actor& actor, Reach reach = Reach::after_factor,
                         WhileQuiet quiet = WhileQuiet::refused);

template <class Action>
Result<Permit<Action>> permit(const Actor& actor, const typename Action::Facts& facts) {
    TRY(check_needs(Action::kNeeds, Action::kScope, actor, reach_of<Action>(), while_quiet<Action>()));
    const Decision decision = decide(Action{}, actor, facts);
    if (!decision.allowed()) return decision.error();
    return Permit<Action>(actor);
}

template <class Action>
constexpr http::ActionRef action() {
    return http::ActionRef(Action::kName);
}

// Every action of the program with its policy: for the start-up check (a route's action must be here), the
// middleware that applies `Needs`, and the reviewed table.
class PolicyBook {
  public:
    struct Sample {
        std::string label;  // "somebody else's draft"
        std::function<Decision(const Actor&)> decide;
    };
    struct Entry {
        std::string_view name;
        Needs needs;
        Scope scope;
        std::vector<Sample> samples;
        Reach reach = Reach::after_factor;
        WhileQuiet quiet = WhileQuiet::refused;
    };

    // Facts of a sample may depend on the actor: "her own" sets the owner to the actor.
    template <class Action>
    void add(
        std::vector<std::pair<std::string, std::function<typename Action::Facts(const Actor&)>>> samples) {
        Entry entry{Action::kName,      Action::kNeeds,       Action::kScope, {},
                    reach_of<Action>(), while_quiet<Action>()};
        for (auto& [label, facts] : samples) {
            entry.samples.push_back({std::move(label), [facts = std::move(facts)](const Actor& actor) {
                                         if (auto needs =
                                                 check_needs(Action::kNeeds, Action::kScope, actor,
                                                             reach_of<Action>(), while_quiet<Action>());
                                             !needs.ok()) {
                                             return Decision::no(std::move(needs).error());
                                         }
                                         return decide(Action{}, actor, facts(actor));
                                     }});
        }
        add(std::move(entry));
    }
    // One sample more, of an actor who is not as the table makes her: `as` changes her first.
    template <class Action>
    void also(std::string label, std::function<void(Actor&)> as,
              std::function<typename Action::Facts(const Actor&)> facts) {
        add_sample(Action::kName,
                   {std::move(label), [as = std::move(as), facts = std::move(facts)](const Actor& asked) {
                        Actor actor = asked;
                        as(actor);
                        if (auto needs = check_needs(Action::kNeeds, Action::kScope, actor,
                                                     reach_of<Action>(), while_quiet<Action>());
                            !needs.ok()) {
                            return Decision::no(std::move(needs).error());
                        }
                        return decide(Action{}, actor, facts(actor));
                    }});
    }
    void add(Entry entry);  // throws std::logic_error on a duplicate
    [[nodiscard]] const Entry* find(std::string_view name) const;
    [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
    // Throws std::logic_error naming every route whose action has no policy: the program must not start.
    void require_all(const http::Router& router) const;
    // Markdown: role × age band × action → yes / no and why; compared in a test with docs/policies.md. One
    // row per sample, one column per role; a cell names the age bands only where they differ. Ordered by
    // name, so that it changes only when a rule does. Below it, what is open before the second factor.
    [[nodiscard]] std::string table() const;

  private:
    void add_sample(std::string_view action, Sample sample);  // throws when the action has no policy yet
    std::vector<Entry> entries_;
};

// The actor of a request, attached by the sessions middleware; a visitor when there is none.
const Actor& actor_of(const http::Request& request);
// Middleware: applies the `Needs` of the matched route's action before its handler runs. Made after the last
// route and policy were added; `book` and `router` must outlive it. A route it does not know is refused:
// there is no way round it.
http::Middleware require_needs(const PolicyBook& book, const http::Router& router,
                               std::function<http::Response(const http::Request&, const Error&)> error_page);

}  // namespace braid::access
