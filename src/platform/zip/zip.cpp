#include "platform/zip/zip.h"

#include <zip.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <stdexcept>

#include "base/text.h"

namespace braid::zip {

namespace {

// libzip's handles, given back whatever happens. An archive that was not closed leaves the disk as it was.
struct Discard {
    void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct Close {
    void operator()(zip_file_t* file) const { zip_fclose(file); }
};
using Handle = std::unique_ptr<zip_t, Discard>;
using OpenMember = std::unique_ptr<zip_file_t, Close>;

std::string text_of(int code) {
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    std::string text = zip_error_strerror(&error);
    zip_error_fini(&error);
    return text;
}

Error no_archive(std::string detail) {
    Error error = invalid("file", "error.invalid");
    error.detail = std::move(detail);
    return error;
}

Result<Handle> opened(const std::filesystem::path& file) {
    int code = 0;
    Handle handle(zip_open(file.c_str(), ZIP_RDONLY, &code));
    if (handle) return handle;
    if (code == ZIP_ER_NOENT || code == ZIP_ER_OPEN) return not_found("it cannot be opened");
    return no_archive(text_of(code));
}

// One member, being read. Its archive is opened anew, so that it may outlive the one it was asked of.
class Stream {
  public:
    Stream(const std::filesystem::path& file, const Member& member) : member_(member), left_(member.size) {
        auto archive = opened(file);
        if (!archive.ok()) wrong("cannot be read any more");
        archive_ = std::move(*archive);
        file_.reset(zip_fopen_index(archive_.get(), member.index, 0));
        if (!file_) wrong(zip_strerror(archive_.get()));
    }

    std::size_t read(char* out, std::size_t size) {
        // The byte after the last is asked for too: with it libzip compares the checksum.
        char beyond = 0;
        const bool ended = left_ == 0;
        const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(size, left_));
        const zip_int64_t got = zip_fread(file_.get(), ended ? &beyond : out, ended ? 1 : most);
        if (got < 0) wrong(zip_file_strerror(file_.get()));
        if (ended && got > 0) wrong("is longer than the archive says");
        if (!ended && got == 0 && most > 0) wrong("is cut short");
        left_ -= static_cast<std::uint64_t>(got);
        return static_cast<std::size_t>(got);
    }

  private:
    [[noreturn]] void wrong(std::string_view how) const {
        throw std::runtime_error(member_.name + ": " + std::string(how));
    }

    const Member member_;
    std::uint64_t left_;
    Handle archive_;
    OpenMember file_;  // after the archive: closed before it
};

Result<Member> member_at(zip_t* archive, zip_uint64_t index) {
    zip_stat_t facts;
    if (zip_stat_index(archive, index, 0, &facts) != 0 || (facts.valid & ZIP_STAT_NAME) == 0 ||
        (facts.valid & ZIP_STAT_SIZE) == 0)
        return no_archive("its directory is damaged");
    if ((facts.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && facts.encryption_method != ZIP_EM_NONE)
        return no_archive("it is encrypted");
    if (facts.comp_method != ZIP_CM_STORE && facts.comp_method != ZIP_CM_DEFLATE)
        return no_archive("it is packed in a way that is not read here");
    return Member{facts.name, index, facts.size};
}

}  // namespace

Result<Archive> Archive::open(const std::filesystem::path& file) {
    const Handle handle = TRY(opened(file));
    const zip_int64_t count = zip_get_num_entries(handle.get(), 0);
    if (count < 0 || static_cast<std::uint64_t>(count) > kMembersMax)
        return no_archive("its directory is too large");
    Archive archive;
    archive.file_ = file;
    for (zip_uint64_t index = 0; index < static_cast<zip_uint64_t>(count); ++index) {
        Member member = TRY(member_at(handle.get(), index));
        if (is_valid_utf8(member.name)) archive.members_.push_back(std::move(member));
    }
    return archive;
}

Source Archive::read(const Member& member) const {
    // Shared, because a function that can be copied holds it.
    auto stream = std::make_shared<Stream>(file_, member);
    return [stream](char* out, std::size_t size) { return stream->read(out, size); };
}

struct Writer::Made {
    Handle archive;
    std::string failure;  // why there is no archive
    zip_uint16_t date = 0, time = 0;
    std::deque<std::string> texts;  // libzip reads them when it writes

    // Takes the source over, also when it fails.
    Result<void> add(std::string_view name, zip_source_t* source) {
        if (source == nullptr) return unavailable(zip_strerror(archive.get()));
        const zip_int64_t index =
            zip_file_add(archive.get(), std::string(name).c_str(), source, ZIP_FL_ENC_UTF_8);
        if (index < 0) {
            zip_source_free(source);
            return unavailable(zip_strerror(archive.get()));
        }
        const auto at = static_cast<zip_uint64_t>(index);
        if (zip_set_file_compression(archive.get(), at, ZIP_CM_STORE, 0) != 0 ||
            zip_file_set_dostime(archive.get(), at, time, date, 0) != 0)
            return unavailable(zip_strerror(archive.get()));
        return success();
    }
};

Writer::Writer(std::filesystem::path file, Timestamp at) : made_(std::make_unique<Made>()) {
    using namespace std::chrono;
    const sys_time<microseconds> moment{microseconds(at.micros)};
    const auto day = floor<days>(moment);
    const year_month_day date(day);
    const hh_mm_ss clock(floor<seconds>(moment - day));
    made_->date = static_cast<zip_uint16_t>(static_cast<unsigned>(int(date.year()) - 1980) << 9U |
                                            unsigned(date.month()) << 5U | unsigned(date.day()));
    made_->time = static_cast<zip_uint16_t>(clock.hours().count() << 11U | clock.minutes().count() << 5U |
                                            clock.seconds().count() / 2);
    int code = 0;
    made_->archive.reset(zip_open(file.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code));
    if (!made_->archive) made_->failure = text_of(code);
}

Writer::~Writer() = default;

Result<void> Writer::add_text(std::string_view name, std::string text) {
    if (!made_->archive) return unavailable(made_->failure);
    const std::string& kept = made_->texts.emplace_back(std::move(text));
    return made_->add(name, zip_source_buffer(made_->archive.get(), kept.data(), kept.size(), 0));
}

Result<void> Writer::add_file(std::string_view name, const std::filesystem::path& file) {
    if (!made_->archive) return unavailable(made_->failure);
    std::error_code wrong;
    if (!std::filesystem::is_regular_file(file, wrong)) return unavailable("cannot read " + file.string());
    return made_->add(name, zip_source_file(made_->archive.get(), file.c_str(), 0, -1));
}

Result<void> Writer::finish() {
    if (!made_->archive) return unavailable(made_->failure);
    if (zip_close(made_->archive.get()) != 0) {
        made_->failure = zip_strerror(made_->archive.get());
        made_->archive.reset();
        return unavailable(made_->failure);
    }
    (void)made_->archive.release();  // closing freed it
    made_->failure = "the archive is finished";
    return success();
}

}  // namespace braid::zip
