#include "platform/http/connection.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <system_error>

#include "base/text.h"
#include "platform/http/problem.h"
#include "platform/log/log.h"

namespace braid::http {

namespace {

using SteadyClock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto kNever = SteadyClock::time_point::max();
constexpr auto kLingerTime = 5s;
constexpr std::size_t kSpareBuffers = 64;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::string_view kFull =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\nContent-Length: 5\r\nRetry-After: "
    "5\r\nConnection: close\r\n\r\nFull\n";

// The body of a request: kept as it is, or read as a form while it comes.
class BodyReader final : public BodySink {
  public:
    enum class Kind { none, plain, urlencoded, multipart };

    void begin(Kind kind, Request& request, std::int64_t limit) {
        kind_ = kind;
        request_ = &request;
        left_ = limit;
    }
    void begin_multipart(Request& request, std::int64_t limit, std::string_view boundary,
                         const std::filesystem::path& folder, const FormLimits& limits) {
        begin(Kind::multipart, request, limit);
        multipart_.emplace(boundary, folder, limits, request.form);
    }

    Result<void> on_body(std::string_view piece) override {
        left_ -= static_cast<std::int64_t>(piece.size());
        if (left_ < 0) {
            return Error{ErrorCode::too_large, std::string(message_keys::kTooLarge), "body", {}, {}, 0};
        }
        if (kind_ == Kind::multipart) return multipart_->feed(piece);
        request_->body.append(piece);
        return {};
    }

    Result<void> finish(const FormLimits& limits) {
        if (kind_ == Kind::multipart) return multipart_->finish();
        if (kind_ == Kind::urlencoded) {
            request_->form.fields = TRY(parse_urlencoded(request_->body, limits));
            request_->body.clear();
        }
        return {};
    }

  private:
    Kind kind_ = Kind::none;
    Request* request_ = nullptr;
    std::int64_t left_ = 0;
    std::optional<MultipartReader> multipart_;
};

}  // namespace

struct Connection::Exchange {
    Request request;
    BodyReader body;
    Outgoing out;
    SteadyClock::time_point started = SteadyClock::now();  // first byte of the request
    SteadyClock::time_point complete;                      // last byte of the request
    std::uint64_t ends = 0;                                // of streams, before it was answered
    bool close = false;                                    // after the answer
    bool unread_body = false;
    bool early = false;
};

struct Connection::Stream {
    LiveBody body;
    std::vector<EventBytes> waiting;  // first to last
    std::size_t written = 0;          // of the first
    std::size_t bytes = 0;            // waiting altogether
    bool ended = false;               // nothing more is sent
    SteadyClock::time_point next_heartbeat;
};

// ---- LoopHome

std::size_t LoopHome::buffer_size() const {
    return std::max<std::size_t>(core.options().limits.max_header_bytes, 8 << 10) + 4096;
}

LoopHome::Buffer LoopHome::take_buffer() {
    if (spare_.empty()) return std::make_unique_for_overwrite<char[]>(buffer_size());
    Buffer buffer = std::move(spare_.back());
    spare_.pop_back();
    return buffer;
}

void LoopHome::give_back(Buffer buffer) {
    if (buffer && spare_.size() < kSpareBuffers) spare_.push_back(std::move(buffer));
}

void LoopHome::note_turn() {
    if (in_turn_ || !core.options().turn_begins) return;
    in_turn_ = true;
    core.options().turn_begins();
    // Runs after the events that are already known, and before those that the next look at the descriptors
    // finds.
    loop.post([this] {
        in_turn_ = false;
        core.options().turn_ends();
    });
}

void LoopHome::accept(int fd, std::string peer, const TlsContext* tls) {
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (core.draining ||
        core.connections.load(std::memory_order_relaxed) >= core.options().limits.max_connections) {
        core.note_refused("connections");
        if (tls == nullptr) {
            [[maybe_unused]] const auto sent =
                ::send(fd, kFull.data(), kFull.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        }
        ::shutdown(fd, SHUT_RDWR);
        const Watched closing(loop, fd);
        return;
    }
    auto connection = std::make_shared<Connection>(*this, fd, std::move(peer), tls);
    connection->index = connections.size();
    connections.push_back(connection);
    core.connections.fetch_add(1, std::memory_order_relaxed);
    connection->start();
}

void LoopHome::tick() {
    const auto now = SteadyClock::now();
    // Backwards: one that closes puts the last in its place.
    for (std::size_t i = connections.size(); i-- > 0;) {
        if (i < connections.size()) std::shared_ptr(connections[i])->check(now);
    }
}

void LoopHome::drain() {
    for (std::size_t i = connections.size(); i-- > 0;) {
        if (i < connections.size()) std::shared_ptr(connections[i])->drain();
    }
}

void LoopHome::close_all() {
    while (!connections.empty())
        std::shared_ptr(connections.back())->close();
    spare_.clear();
}

// ---- Connection

Connection::Connection(LoopHome& home, int fd, std::string peer, const TlsContext* tls)
    : home_(home), socket_(home.loop, fd), transport_(fd, tls), peer_(std::move(peer)) {}

Connection::~Connection() = default;

void Connection::start() {
    set_deadline(home_.core.options().limits.header_time);
    wait_for_input();
}

void Connection::close() {
    if (state_ == State::closed) return;
    const bool handling = state_ == State::handling;
    if (stream_) home_.channels.remove(stream_->body, this);
    state_ = State::closed;
    stream_.reset();
    if (!handling) exchange_.reset();  // a worker still has it
    home_.give_back(std::move(buffer_));
    socket_.close();
    home_.core.connections.fetch_sub(1, std::memory_order_relaxed);
    const std::shared_ptr<Connection> self = shared_from_this();
    home_.connections[index] = home_.connections.back();
    home_.connections[index]->index = index;
    home_.connections.pop_back();
}

void Connection::set_deadline(std::chrono::milliseconds after) {
    deadline_ = SteadyClock::now() + after;
}

void Connection::check(SteadyClock::time_point now) {
    if (state_ == State::live && stream_->ended) return close();
    if (state_ == State::live && now >= stream_->next_heartbeat) {
        static const EventBytes kHeartbeat = std::make_shared<const std::string>(":\n\n");
        stream_->next_heartbeat = now + home_.core.options().limits.heartbeat;
        if (stream_->waiting.empty()) deliver(kHeartbeat);
        if (state_ == State::closed) return;
    }
    if (now < deadline_) return;
    switch (state_) {
        case State::reading:
            home_.core.note_refused("timeout");
            return answer_early({Error{ErrorCode::unavailable,
                                       std::string(message_keys::kTimeout),
                                       "request came too slowly",
                                       {},
                                       {},
                                       0},
                                 408,
                                 {}});
        case State::writing:
        case State::live:
            home_.core.note_refused("slow_reader");
            return close();
        case State::handling:
            return;
        default:
            return close();
    }
}

void Connection::drain() {
    if (state_ == State::idle && begin_ == end_) return close();
    if (state_ == State::live) return close();
    if (exchange_ && state_ != State::handling)
        exchange_->close = true;  // a request under way reads core.draining when answered
}

void Connection::wait_for_input() {
    socket_.wait_readable(shared_from_this());
}

void Connection::wait_for_room() {
    socket_.wait_writable(shared_from_this());
}

void Connection::on_readable() {
    if (state_ == State::closed) return;
    if (state_ == State::live || state_ == State::lingering) {
        // Nothing that still comes means anything; only the end does.
        std::array<char, 4096> scrap;
        for (int i = 0; i < 16; ++i) {
            const Io io = transport_.read(scrap.data(), scrap.size());
            if (io.status == Io::closed) return close();
            if (io.status != Io::done) break;
        }
        return wait_for_input();
    }
    if (state_ == State::writing) return on_writable();  // TLS asked to read before it writes on
    fill();
}

void Connection::on_writable() {
    if (state_ == State::closed) return;
    if (state_ == State::live) return flush_live();
    if (state_ == State::writing) {
        if (send() && finish_answer()) process();
        return;
    }
    fill();  // TLS asked to write before it reads on
}

void Connection::fill() {
    if (!buffer_) {
        buffer_ = home_.take_buffer();
        begin_ = end_ = 0;
    }
    if (end_ == home_.buffer_size()) {
        std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    const Io io = transport_.read(buffer_.get() + end_, home_.buffer_size() - end_);
    switch (io.status) {
        case Io::done:
            end_ += io.bytes;
            if (state_ == State::reading && reader_->in_body()) {
                const auto total = exchange_->started + home_.core.options().limits.total_time;
                deadline_ = std::min(SteadyClock::now() + home_.core.options().limits.body_time, total);
            }
            return process();
        case Io::want_read:
            if (begin_ == end_) home_.give_back(std::move(buffer_));
            return wait_for_input();
        case Io::want_write:
            return wait_for_room();
        case Io::closed:
            return close();
    }
}

// Requests that are there are answered one after the other (RFC 9112 section 9.3.2), until bytes are missing
// or something waits.
void Connection::process() {
    for (;;) {
        if (state_ == State::idle && !next_request()) break;
        if (state_ != State::reading) return;
        if (!read_request()) break;
        if (!dispatch()) return;
        if (!finish_answer()) return;
    }
    if (state_ != State::idle && state_ != State::reading) return;
    if (transport_.secure()) {
        // Decrypted bytes may wait inside the session, where no descriptor tells of them: ask it first.
        return home_.loop.post([self = shared_from_this()] {
            if (self->state_ == State::idle || self->state_ == State::reading) self->fill();
        });
    }
    if (begin_ == end_) home_.give_back(std::move(buffer_));
    wait_for_input();
}

bool Connection::next_request() {
    // Empty lines before a request are skipped (RFC 9112 section 2.2).
    while (begin_ < end_ && (buffer_[begin_] == '\r' || buffer_[begin_] == '\n'))
        ++begin_;
    if (begin_ == end_) return false;
    exchange_ = std::make_unique<Exchange>();
    if (!reader_)
        reader_ = std::make_unique<RequestReader>(home_.core.options().limits.max_header_bytes,
                                                  home_.core.form_limits());
    reader_->start(exchange_->request);
    state_ = State::reading;
    deadline_ = exchange_->started + home_.core.options().limits.header_time;
    return true;
}

bool Connection::read_request() {
    for (;;) {
        std::size_t consumed = 0;
        RequestReader::Status status = RequestReader::Status::failed;
        try {
            status = reader_->read(input(), consumed);
        } catch (const std::exception& failure) {  // an upload that cannot be stored: the disk is full
            log::error("http.upload_failed",
                       {{"request", exchange_->request.id}, {"detail", failure.what()}});
            answer_early({unavailable(failure.what(), 30), 0, {}});
            return false;
        }
        begin_ += consumed;
        switch (status) {
            case RequestReader::Status::done: {
                if (auto finished = exchange_->body.finish(home_.core.form_limits());
                    !finished.ok() && !exchange_->request.refusal) {
                    const bool bad = finished.error().code == ErrorCode::invalid;
                    exchange_->request.refusal = Refusal{std::move(finished).error(), bad ? 400 : 0, {}};
                }
                return true;
            }
            case RequestReader::Status::header:
                if (!on_header())
                    return state_ == State::reading;  // with a refusal: answered without its body
                continue;
            case RequestReader::Status::need_more:
                if (end_ - begin_ < home_.buffer_size()) return false;
                answer_early(
                    {Error{ErrorCode::too_large, std::string(message_keys::kTooLarge), "header", {}, {}, 0},
                     431,
                     {}});
                return false;
            case RequestReader::Status::failed: {
                Refusal failure = reader_->failure();
                if (reader_->failed_in_form()) {
                    // The form is wrong, not the framing: the answer wears its frame, then the connection
                    // ends.
                    exchange_->request.refusal = std::move(failure);
                    exchange_->unread_body = true;
                    return true;
                }
                answer_early(std::move(failure));
                return false;
            }
        }
    }
}

// False: no body is read; the request is answered at once (state reading) or has broken off.
bool Connection::on_header() {
    Request& request = exchange_->request;
    Core& core = home_.core;
    request.id = core.make_request_id();
    core.begin(request, peer_, transport_.secure());
    exchange_->ends = home_.channels.ends();
    exchange_->close = !reader_->keep_alive();
    if (!reader_->has_body()) return true;
    deadline_ = std::min(SteadyClock::now() + core.options().limits.body_time,
                         exchange_->started + core.options().limits.total_time);
    if (!request.refusal && begin_body()) return true;
    exchange_->unread_body = true;
    return false;
}

bool Connection::begin_body() {
    Request& request = exchange_->request;
    const Core& core = home_.core;
    const RouteOptions& row = request.matched->options;
    const auto refuse = [&](ErrorCode code, std::string_view key, int status) {
        request.refusal = Refusal{Error{code, std::string(key), {}, {}, {}, 0}, status, {}};
        request.refusal->error.arguments.emplace_back("limit", std::to_string(row.max_body >> 10U));
        return false;
    };
    if (const auto length = reader_->content_length();
        length && *length > static_cast<std::uint64_t>(row.max_body)) {
        return refuse(ErrorCode::too_large, message_keys::kTooLarge, 0);
    }
    const std::string_view type = request.header("content-type").value_or("");
    const std::string_view name = trim(type.substr(0, type.find(';')));
    if (ascii_iequals(name, "multipart/form-data")) {
        const auto boundary = multipart_boundary(type);
        if (!row.accepts_uploads) return refuse(ErrorCode::unsupported, message_keys::kUnsupported, 0);
        if (!boundary) return refuse(ErrorCode::invalid, message_keys::kBadRequest, 400);
        exchange_->body.begin_multipart(request, row.max_body, *boundary, core.options().upload_folder,
                                        core.form_limits());
    } else if (ascii_iequals(name, "application/x-www-form-urlencoded")) {
        exchange_->body.begin(BodyReader::Kind::urlencoded, request, row.max_body);
    } else {
        exchange_->body.begin(BodyReader::Kind::plain, request, row.max_body);
    }
    reader_->set_sink(&exchange_->body);
    if (const auto expectation = request.header("expect")) {
        if (!ascii_iequals(*expectation, "100-continue"))
            return refuse(ErrorCode::invalid, message_keys::kBadRequest, 417);
        if (begin_ == end_ && !reader_->old_version()) {
            const iovec piece{const_cast<char*>(kContinue.data()), kContinue.size()};
            // 25 bytes fit the socket's buffer of a client that waits for them; one that does not take them
            // will send anyway.
            [[maybe_unused]] const Io io = transport_.write({&piece, 1});
        }
    }
    return true;
}

bool Connection::dispatch() {
    Exchange& exchange = *exchange_;
    exchange.complete = SteadyClock::now();
    exchange.close = exchange.close || exchange.unread_body;
    state_ = State::handling;
    deadline_ = kNever;
    if (home_.core.runs_inline(exchange.request)) {
        home_.note_turn();
        exchange.out = home_.core.answer(exchange.request, exchange.close, reader_->old_version());
    } else {
        if (home_.core.workers.submit(shared_from_this())) return false;
        home_.core.note_refused("queue");
        answer_early({unavailable("the queue for workers is full", 1), 0, {}});
        return false;
    }
    state_ = State::writing;
    set_deadline(home_.core.options().limits.write_time);
    return send();
}

// On a worker.
void Connection::run() noexcept {
    exchange_->out = home_.core.answer(exchange_->request, exchange_->close, reader_->old_version());
    home_.loop.post([self = shared_from_this()] {
        if (self->state_ == State::closed) {
            self->exchange_.reset();
            return;
        }
        self->state_ = State::writing;
        self->set_deadline(self->home_.core.options().limits.write_time);
        if (self->send() && self->finish_answer()) self->process();
    });
}

void Connection::answer_early(Refusal refusal) {
    if (!exchange_) exchange_ = std::make_unique<Exchange>();
    Exchange& exchange = *exchange_;
    if (exchange.request.id.empty()) exchange.request.id = home_.core.make_request_id();
    if (exchange.request.remote_address.empty()) exchange.request.remote_address = peer_;
    exchange.complete = SteadyClock::now();
    exchange.request.refusal = std::move(refusal);
    exchange.unread_body = exchange.close = exchange.early = true;
    exchange.out = home_.core.answer_early(exchange.request);
    state_ = State::writing;
    set_deadline(home_.core.options().limits.write_time);
    if (send()) finish_answer();
}

bool Connection::send() {
    while (write_some()) {
        const Outgoing& out = exchange_->out;
        if (out.written >= out.head.size() + out.content().size() && out.file_left == 0) return true;
        set_deadline(home_.core.options().limits.write_time);
    }
    return false;
}

bool Connection::write_some() {
    Outgoing& out = exchange_->out;
    const std::string_view content = out.content();
    Io io;
    if (out.written < out.head.size() + content.size()) {
        std::array<iovec, 2> pieces{};
        std::size_t count = 0;
        if (out.written < out.head.size())
            pieces[count++] = {out.head.data() + out.written, out.head.size() - out.written};
        const std::size_t from = out.written > out.head.size() ? out.written - out.head.size() : 0;
        if (from < content.size())
            pieces[count++] = {const_cast<char*>(content.data()) + from, content.size() - from};
        io = transport_.write({pieces.data(), count});
        if (io.status == Io::done) out.written += io.bytes;
    } else {
        io = transport_.send_file(out.file.fd(), out.file_offset, static_cast<std::size_t>(out.file_left));
        if (io.status == Io::done) {
            out.file_offset += static_cast<std::int64_t>(io.bytes);
            out.file_left -= static_cast<std::int64_t>(io.bytes);
        }
    }
    switch (io.status) {
        case Io::done:
            return true;
        case Io::want_write:
            wait_for_room();
            return false;
        case Io::want_read:
            wait_for_input();
            return false;
        case Io::closed:
            close();
            return false;
    }
    return false;
}

bool Connection::finish_answer() {
    const Exchange& exchange = *exchange_;
    home_.core.note(exchange.request, exchange.out, SteadyClock::now() - exchange.complete);
    if (exchange.out.live) {
        begin_live();
        return false;
    }
    const bool close_now = exchange.out.close || exchange.close;
    const bool unread = exchange.unread_body;
    exchange_.reset();
    if (close_now) {
        if (unread || begin_ < end_) {
            linger();
        } else {
            transport_.finish_writing();
            close();
        }
        return false;
    }
    state_ = State::idle;
    set_deadline(home_.core.options().limits.idle_time);
    return true;
}

// Closing a socket with unread bytes resets it, and the client may never see the answer: so read on for a
// while (RFC 9112 section 9.6).
void Connection::linger() {
    state_ = State::lingering;
    deadline_ = SteadyClock::now() + kLingerTime;
    home_.give_back(std::move(buffer_));
    begin_ = end_ = 0;
    transport_.finish_writing();
    wait_for_input();
}

// ---- event streams

void Connection::begin_live() {
    stream_ = std::make_unique<Stream>();
    stream_->body = std::move(*exchange_->out.live);
    stream_->next_heartbeat = SteadyClock::now() + home_.core.options().limits.heartbeat;
    const std::uint64_t ends = exchange_->ends;
    // What a stream does not need for hours.
    exchange_.reset();
    reader_.reset();
    home_.give_back(std::move(buffer_));
    begin_ = end_ = 0;
    state_ = State::live;
    deadline_ = kNever;
    home_.channels.add(stream_->body, this);
    static const EventBytes kHello = std::make_shared<const std::string>("retry: 3000\n\n");
    wait_for_input();
    deliver(kHello);
    // Whether she may listen was asked before her channel was ended: let her ask anew.
    if (state_ == State::live && home_.channels.ended_since(ends, stream_->body)) end();
}

void Connection::deliver(const EventBytes& bytes) {
    if (state_ != State::live || stream_->ended) return;
    const bool idle = stream_->waiting.empty();
    stream_->waiting.push_back(bytes);
    stream_->bytes += bytes->size();
    if (idle) {
        set_deadline(home_.core.options().limits.write_time);
        flush_live();
    } else if (stream_->bytes > home_.core.options().limits.max_live_bytes) {
        deadline_ = SteadyClock::time_point::min();  // dropped at the next tick: the list of listeners stands
                                                     // still now
    }
}

void Connection::end() {
    if (state_ != State::live) return;
    stream_->ended = true;  // closed at the next tick, as above
}

void Connection::flush_live() {
    auto& waiting = stream_->waiting;
    std::size_t sent = 0;
    while (sent < waiting.size()) {
        const std::string& bytes = *waiting[sent];
        const iovec piece{const_cast<char*>(bytes.data()) + stream_->written,
                          bytes.size() - stream_->written};
        const Io io = transport_.write({&piece, 1});
        if (io.status == Io::done) {
            if (deadline_ != SteadyClock::time_point::min())
                set_deadline(home_.core.options().limits.write_time);
            stream_->written += io.bytes;
            if (stream_->written < bytes.size()) continue;
            stream_->bytes -= bytes.size();
            stream_->written = 0;
            ++sent;
            continue;
        }
        if (io.status == Io::closed) {
            deadline_ = SteadyClock::time_point::min();
        } else {
            wait_for_room();
        }
        break;
    }
    waiting.erase(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(sent));
    if (waiting.empty()) {
        if (deadline_ != SteadyClock::time_point::min()) deadline_ = kNever;
        waiting.shrink_to_fit();
    }
}

}  // namespace braid::http
