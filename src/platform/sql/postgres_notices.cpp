#include "platform/sql/postgres_notices.h"

#include <libpq-fe.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/random.h"

namespace braid::sql {

namespace {

constexpr std::size_t kMaxPacket = 7900;  // the server takes less than 8000
constexpr std::size_t kMaxQueued = 10'000;
constexpr std::chrono::milliseconds kFirstPause{100};
constexpr std::chrono::milliseconds kLongestPause{5000};

void append_piece(std::string& out, std::string_view piece) {
    out += std::to_string(piece.size());
    out += ':';
    out += piece;
}

std::optional<std::string> take_piece(std::string_view& text) {
    std::size_t size = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
    const auto digits = static_cast<std::size_t>(end - text.data());
    if (error != std::errc{} || digits >= text.size() || text[digits] != ':' ||
        size > text.size() - digits - 1)
        return std::nullopt;
    std::string piece(text.substr(digits + 1, size));
    text.remove_prefix(digits + 1 + size);
    return piece;
}

}  // namespace

std::string PostgresNotices::pack(const std::string& origin, std::deque<Notice>& queue) {
    std::string packet;
    append_piece(packet, origin);
    while (!queue.empty()) {
        std::string next;
        append_piece(next, queue.front().channel);
        append_piece(next, queue.front().payload);
        if (packet.size() + next.size() > kMaxPacket && packet.size() > origin.size() + 4) break;
        packet += next;
        queue.pop_front();
    }
    return packet;
}

std::optional<PostgresNotices::Packet> PostgresNotices::unpack(std::string_view text) {
    auto origin = take_piece(text);
    if (!origin) return std::nullopt;
    Packet packet{std::move(*origin), {}};
    while (!text.empty()) {
        auto channel = take_piece(text);
        auto payload = take_piece(text);
        if (!channel || !payload) return std::nullopt;
        packet.notices.push_back({std::move(*channel), std::move(*payload)});
    }
    return packet;
}

PostgresNotices::PostgresNotices(const Options& options, NoticeBoard& board)
    : options_(options),
      board_(board),
      origin_(SystemRandom().token(9)),
      signal_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (signal_ < 0) throw Failure(FailureKind::lost, "eventfd failed");
}

PostgresNotices::~PostgresNotices() {
    stopping_ = true;
    signal();
    if (thread_.joinable()) thread_.join();
    ::close(signal_);
}

void PostgresNotices::signal() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(signal_, &one, sizeof one);  // full means signalled already
}

void PostgresNotices::run_thread() {
    if (!thread_.joinable()) thread_ = std::thread([this] { loop(); });
}

void PostgresNotices::start() {
    std::unique_lock lock(mutex_);
    run_thread();
    listening_.wait_for(lock, options_.busy_timeout, [&] { return heard_; });
}

void PostgresNotices::send(Notice notice) {
    {
        const std::scoped_lock lock(mutex_);
        run_thread();
        if (outgoing_.size() >= kMaxQueued) outgoing_.pop_front();
        outgoing_.push_back(std::move(notice));
    }
    signal();
}

void PostgresNotices::loop() {
    auto pause = kFirstPause;
    bool first = true;
    while (!stopping_) {
        try {
            PostgresConnection connection(options_);
            connection.command("LISTEN braid");
            {
                const std::scoped_lock lock(mutex_);
                heard_ = true;
                listening_.notify_all();
            }
            if (!std::exchange(first, false)) board_.tell({});  // while we were away, others may have spoken
            pause = kFirstPause;
            serve(connection);
        } catch (const Failure&) {
            first = false;
            pollfd wait{signal_, POLLIN, 0};
            ::poll(&wait, 1, static_cast<int>(pause.count()));
            std::uint64_t count = 0;
            [[maybe_unused]] const auto got = ::read(signal_, &count, sizeof count);
            pause = std::min(pause * 2, kLongestPause);
        }
    }
}

// Until stopping; throws Failure when the connection is lost.
void PostgresNotices::serve(PostgresConnection& connection) {
    PGconn* handle = connection.handle();
    while (!stopping_) {
        for (;;) {
            std::string packet;
            {
                const std::scoped_lock lock(mutex_);
                if (outgoing_.empty()) break;
                packet = pack(origin_, outgoing_);
            }
            const char* value = packet.c_str();
            PostgresResult(PQexecParams(handle, "SELECT pg_notify('braid', $1)", 1, nullptr, &value, nullptr,
                                        nullptr, 0));
        }
        while (PGnotify* raw = PQnotifies(handle)) {
            const std::unique_ptr<PGnotify, decltype(&PQfreemem)> notice(raw, PQfreemem);
            auto packet = unpack(notice->extra);
            if (!packet || packet->origin == origin_) continue;
            for (Notice& told : packet->notices)
                board_.tell(std::move(told));
        }
        std::array<pollfd, 2> waits{pollfd{PQsocket(handle), POLLIN, 0}, pollfd{signal_, POLLIN, 0}};
        ::poll(waits.data(), waits.size(), -1);
        std::uint64_t count = 0;
        [[maybe_unused]] const auto got = ::read(signal_, &count, sizeof count);
        if (waits[0].revents != 0) PQconsumeInput(handle);
        if (connection.broken())
            throw Failure(FailureKind::lost, "PostgreSQL: the connection for notices was lost");
    }
}

}  // namespace braid::sql
