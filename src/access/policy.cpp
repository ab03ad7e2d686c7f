#include "access/policy.h"

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "platform/i18n/i18n.h"

namespace braid::access {

std::string_view name(AgeBand band) {
    return sql::EnumNames<AgeBand>::names[static_cast<std::size_t>(band)];
}
std::string_view name(Role role) {
    return sql::EnumNames<Role>::names[static_cast<std::size_t>(role)];
}

namespace {

constexpr AgeBand kBands[] = {AgeBand::child, AgeBand::teen, AgeBand::adult};

std::string_view scope_name(Scope scope) {
    switch (scope) {
        case Scope::read:
            return "read";
        case Scope::write:
            return "write";
        case Scope::account:
            return "account";
    }
    return "account";
}

std::string_view needs_name(Needs needs) {
    switch (needs) {
        case Needs::nobody:
            return "nobody";
        case Needs::signed_in:
            return "a person";
        case Needs::staff:
            return "staff";
    }
    return "staff";
}

Actor sample_actor(Role role, AgeBand band) {
    Actor actor;
    actor.person = PersonId{1};
    actor.band = band;
    actor.roles = 1U << static_cast<unsigned>(role);
    return actor;
}

// One cell of the table, in a word; the reason is collected beside it.
std::string verdict(const Decision& decision, std::vector<std::string>& reasons) {
    if (decision.allowed()) return "yes";
    const Error& error = decision.error();
    std::string reason = error.code == ErrorCode::forbidden ? error.message_key : error.detail;
    if (!reason.empty() && std::find(reasons.begin(), reasons.end(), reason) == reasons.end())
        reasons.push_back(std::move(reason));
    switch (error.code) {
        case ErrorCode::unauthenticated:
            return "sign in";
        case ErrorCode::not_found:
            return "not found";
        default:
            return "no";
    }
}

std::string role_cell(const PolicyBook::Sample& sample, Role role, std::vector<std::string>& reasons) {
    std::vector<std::string> verdicts;
    for (const AgeBand band : kBands)
        verdicts.push_back(verdict(sample.decide(sample_actor(role, band)), reasons));
    if (verdicts[0] == verdicts[1] && verdicts[1] == verdicts[2]) return verdicts[0];
    std::string cell;
    for (std::size_t i = 0; i < verdicts.size(); ++i) {
        if (i != 0) cell += ", ";
        cell.append(name(kBands[i])).append(": ").append(verdicts[i]);
    }
    return cell;
}

std::string escape_cell(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        if (c == '|') escaped += '\\';
        escaped += c == '\n' ? ' ' : c;
    }
    return escaped;
}

}  // namespace

Result<void> check_needs(Needs needs, Scope scope, const Actor& actor, Reach reach, WhileQuiet quiet) {
    if (needs == Needs::nobody && !actor.signed_in()) return {};
    if (!actor.signed_in()) return unauthenticated();
    if (needs == Needs::staff && !actor.staff()) return not_found("staff only");
    if (reach == Reach::after_factor && actor.standing == Standing::factor_missing)
        return forbidden(_msg("access.factor_missing"), "the second factor is missing");
    if (!actor.allows(scope)) {
        Error error = forbidden(_msg("access.scope_missing"), "the token lacks the scope");
        error.arguments.emplace_back("scope", scope_name(scope));
        return error;
    }
    if (scope == Scope::write && quiet == WhileQuiet::refused && actor.quiet_until) {
        Error error = forbidden(_msg("access.quiet"), "asked to pause");
        error.arguments.emplace_back("until", std::to_string(actor.quiet_until->micros));
        error.arguments.emplace_back("path", "/notices");
        return error;
    }
    return {};
}

void PolicyBook::add(Entry entry) {
    if (find(entry.name) != nullptr)
        throw std::logic_error("two policies for the action " + std::string(entry.name));
    entries_.push_back(std::move(entry));
}

void PolicyBook::add_sample(std::string_view action, Sample sample) {
    for (Entry& entry : entries_) {
        if (entry.name != action) continue;
        entry.samples.push_back(std::move(sample));
        return;
    }
    throw std::logic_error("a sample without a policy: " + std::string(action));
}

const PolicyBook::Entry* PolicyBook::find(std::string_view name) const {
    const auto it = std::find_if(entries_.begin(), entries_.end(),
                                 [&](const Entry& entry) { return entry.name == name; });
    return it == entries_.end() ? nullptr : &*it;
}

void PolicyBook::require_all(const http::Router& router) const {
    std::string missing;
    for (const http::Route& route : router.routes()) {
        if (find(route.action.name()) != nullptr) continue;
        missing.append("\n  ").append(http::method_name(route.method)).append(" ").append(route.pattern);
        missing.append(": ").append(route.action.name());
    }
    if (!missing.empty()) throw std::logic_error("routes whose action has no policy:" + missing);
}

std::string PolicyBook::table() const {
    std::vector<const Entry*> sorted;
    for (const Entry& entry : entries_)
        sorted.push_back(&entry);
    std::sort(sorted.begin(), sorted.end(), [](const Entry* a, const Entry* b) { return a->name < b->name; });

    const auto& roles = sql::EnumNames<Role>::names;
    std::string text = "| action | needs | scope | when | visitor |";
    for (const std::string_view role : roles)
        text.append(" ").append(role).append(" |");
    text += " why not |\n|---|---|---|---|---|";
    for (std::size_t i = 0; i < roles.size(); ++i)
        text += "---|";
    text += "---|\n";
    for (const Entry* entry : sorted) {
        for (const Sample& sample : entry->samples) {
            std::vector<std::string> reasons;
            text.append("| `")
                .append(entry->name)
                .append("` | ")
                .append(needs_name(entry->needs))
                .append(" | ");
            text.append(scope_name(entry->scope))
                .append(" | ")
                .append(escape_cell(sample.label))
                .append(" | ");
            text.append(verdict(sample.decide(Actor{}), reasons)).append(" |");
            for (std::size_t role = 0; role < roles.size(); ++role) {
                text.append(" ").append(role_cell(sample, static_cast<Role>(role), reasons)).append(" |");
            }
            std::string why;
            for (const std::string& reason : reasons) {
                if (!why.empty()) why += "; ";
                why += reason;
            }
            text.append(" ").append(escape_cell(why)).append(" |\n");
        }
    }
    text +=
        "\nOpen to moderators, administrators and coordinators before their second factor, where the site "
        "asks "
        "for one; everything else is closed until then:";
    for (const Entry* entry : sorted) {
        if (entry->reach == Reach::before_factor) text.append(" `").append(entry->name).append("`");
    }
    return text + "\n";
}

const Actor& actor_of(const http::Request& request) {
    static const Actor kVisitor;
    const Actor* actor = request.attached<Actor>();
    return actor != nullptr ? *actor : kVisitor;
}

http::Middleware require_needs(const PolicyBook& book, const http::Router& router,
                               std::function<http::Response(const http::Request&, const Error&)> error_page) {
    // By the route's place in the list, so that a request costs one look-up and no second walk through the
    // router.
    struct Rule {
        bool known = false;
        Needs needs = Needs::staff;
        Scope scope = Scope::account;
        Reach reach = Reach::after_factor;
        WhileQuiet quiet = WhileQuiet::refused;
    };
    std::vector<Rule> rules(router.routes().size());
    for (const http::Route& route : router.routes()) {
        if (const PolicyBook::Entry* entry = book.find(route.action.name()))
            rules[route.index] = {true, entry->needs, entry->scope, entry->reach, entry->quiet};
    }
    return [rules = std::move(rules), error_page = std::move(error_page)](
               http::Request& request, const http::Next& next) -> http::Response {
        if (request.matched == nullptr) return next(request);  // nothing matched: no handler will run
        const std::size_t index = request.matched->index;
        if (index >= rules.size() || !rules[index].known)
            return error_page(request, not_found("no policy for this route"));
        const Rule& rule = rules[index];
        if (auto checked = check_needs(rule.needs, rule.scope, actor_of(request), rule.reach, rule.quiet);
            !checked.ok()) {
            return error_page(request, checked.error());
        }
        return next(request);
    };
}

}  // namespace braid::access
