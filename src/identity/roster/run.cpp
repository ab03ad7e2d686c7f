#include "identity/roster/run.h"

#include "base/text.h"
#include "platform/i18n/i18n.h"

namespace braid::roster {

namespace {

// A dry run's transaction is undone by this.
Error undone() {
    return conflict("error.conflict", "dry run");
}

}  // namespace

std::size_t Report::refused() const {
    std::size_t refused = 0;
    for (const auto& [file, counts] : files)
        refused += counts.refused;
    return refused;
}

Result<Report> Importer::run(const Actor& by, const std::filesystem::path& path, const Options& options,
                             const Sinks& sinks) {
    const auto right = TRY(access::permit<accounts::CreatePerson>(by, {}));
    Package package = TRY(Package::open(path));
    try {
        return Run(*this, by, right, std::move(package), options, sinks).all();
    } catch (const std::runtime_error& failure) {
        if (dynamic_cast<const sql::Failure*>(&failure) != nullptr) throw;
        Error error = invalid("file", "error.invalid");
        error.detail = failure.what();
        return error;
    }
}

Run::Run(Importer& importer, const Actor& by, const store::Right& right, Package package, Options options,
         const Sinks& sinks)
    : importer_(importer),
      by_(by),
      right_(right),
      package_(std::move(package)),
      options_(std::move(options)),
      sinks_(sinks) {}

Report Run::all() {
    for (const std::string_view file :
         {"demographics", "orgs", "orgs", "users", "users", "roles", "roles", "classes", "enrollments"})
        if (package_.mode(file) != Mode::absent) total_ += package_.size(file);
    gather_births();
    organisations();
    gather_parts();
    gather_users();
    people();
    roles();
    classes();
    enrollments();
    return std::move(report_);
}

csv::Source Run::counted(std::string_view file) {
    return [this, source = package_.read(file)](char* out, std::size_t size) {
        const std::size_t got = source(out, size);
        done_ += got;
        if (sinks_.progress) sinks_.progress(std::min(done_, total_), total_);
        return got;
    };
}

void Run::scan(std::string_view file, const std::function<void(const csv::Table&)>& line) {
    if (package_.mode(file) == Mode::absent) return;
    csv::Table table(counted(file));
    if (!table.open().ok()) return;
    while (table.next())
        if (table.fault() == csv::Fault::none) line(table);
}

void Run::read(std::string_view file, const Line& line) {
    file_ = file;
    if (package_.mode(file) == Mode::absent) return;
    report_.files[file_];  // it was looked at
    csv::Table table(counted(file));
    if (const auto opened = table.open(); !opened.ok()) {
        // An empty file is one without rows.
        if (package_.size(file) == 0) return;
        unreadable_.insert(file_);
        refuse(table, opened.error().fields.empty() ? "" : opened.error().fields.front().field,
               "a header with the name of each column, once");
        count(file, Became::refused);
        return;
    }
    while (table.next()) {
        if (table.fault() != csv::Fault::none) {
            unreadable_.insert(file_);
            count(file, refuse(table, table.faulty_column(), std::string(csv::name(table.fault()))));
            continue;
        }
        count(file, first_of_its_id(table) ? line(table) : Became::refused);
    }
}

bool Run::first_of_its_id(const csv::Table& table) {
    const std::string_view id = table.at("sourcedId");
    if (id.empty() || id.size() > 255) {
        unreadable_.insert(file_);
        refuse(table, "sourcedId", "an id of 1 to 255 characters");
        return false;
    }
    if (seen_[file_].insert(checksum({id})).second) return true;
    refuse(table, "sourcedId", "an id that no line above has");
    return false;
}

bool Run::missing(std::string_view file, std::string_view sourced_id) const {
    const auto seen = seen_.find(file);
    return seen == seen_.end() || !seen->second.contains(checksum({sourced_id}));
}

// A file that holds everything says by what it leaves out who has left; not when part of it cannot be read.
bool Run::may_end(std::string_view file) const {
    return package_.mode(file) == Mode::bulk && !unreadable_.contains(std::string(file));
}

Became Run::refuse(const csv::Table& table, std::string_view column, std::string expected) {
    if (sinks_.problem)
        sinks_.problem({file_ + ".csv", table.line(), std::string(column), std::move(expected)});
    return Became::refused;
}

Became Run::refuse(const csv::Table& table, const Error& error) {
    if (error.fields.empty())
        return refuse(table, "", i18n::format(i18n::Language::en, error.message_key, error.arguments));
    const FieldError& field = error.fields.front();
    const std::string_view column = field.field == "display_name"      ? "givenName"
                                    : field.field == "handle"          ? "username"
                                    : field.field == "school"          ? "orgSourcedIds"
                                    : field.field.starts_with("birth") ? "birthDate"
                                                                       : std::string_view(field.field);
    return refuse(table, column, i18n::format(i18n::Language::en, field.message_key, field.arguments));
}

void Run::count(std::string_view file, Became became) {
    Counts& counts = report_.files[std::string(file)];
    switch (became) {
        case Became::added:
            ++counts.added;
            break;
        case Became::updated:
            ++counts.updated;
            break;
        case Became::unchanged:
            ++counts.unchanged;
            break;
        case Became::left:
            ++counts.left;
            break;
        case Became::waiting:
            ++counts.waiting;
            break;
        case Became::refused:
            ++counts.refused;
            break;
    }
}

Result<Became> Run::carry_out(const std::function<Result<Became>(sql::Tx&)>& body) {
    std::optional<Became> became;
    auto result = importer_.database_.write([&](sql::Tx& tx) -> Result<Became> {
        // The body may run again.
        slip_.reset();
        waits_.reset();
        mailed_ = left_without_ = false;
        became = TRY(body(tx));
        if (options_.dry_run) return undone();
        return *became;
    });
    if (became && (result.ok() || options_.dry_run)) {
        if (mailed_) ++report_.invited;
        if (left_without_) ++report_.without_invitation;
        if (slip_ && !options_.dry_run && sinks_.slip) sinks_.slip(*slip_);
        if (waits_ && sinks_.waits) sinks_.waits(*waits_);
        return *became;
    }
    return result;
}

}  // namespace braid::roster
