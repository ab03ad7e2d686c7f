// One client's connection: reads requests, has them answered, writes the answers, one after the other.
// Internal to this folder.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "platform/http/core.h"
#include "platform/http/live.h"
#include "platform/http/loop.h"
#include "platform/http/request_reader.h"
#include "platform/http/transport.h"

namespace braid::http {

class Connection;

// What the connections of one loop share. Used on the loop's thread.
class LoopHome {
  public:
    LoopHome(Loop& loop, Core& core) : loop(loop), core(core) {}

    Loop& loop;
    Core& core;
    LoopChannels channels;
    // Every open connection; shared with the waits and workers that still hold it.
    std::vector<std::shared_ptr<Connection>> connections;

    using Buffer = std::unique_ptr<char[]>;
    [[nodiscard]] std::size_t buffer_size() const;
    Buffer take_buffer();
    void give_back(Buffer buffer);

    // Before a request is answered on the loop itself; see ServerOptions::turn_begins.
    void note_turn();

    void accept(int fd, std::string peer, const TlsContext* tls);
    // Ends what has waited too long, keeps streams alive. Called every so often.
    void tick();
    // Idle connections and streams end now, the others after their answer.
    void drain();
    void close_all();

  private:
    std::vector<Buffer> spare_;
    bool in_turn_ = false;
};

// Used on its loop's thread, but for run(), which a worker calls while the loop leaves the request alone.
class Connection final : public Watcher,
                         public Job,
                         public Listener,
                         public std::enable_shared_from_this<Connection> {
  public:
    Connection(LoopHome& home, int fd, std::string peer, const TlsContext* tls);
    ~Connection() override;

    void start();
    void on_readable() override;
    void on_writable() override;
    void run() noexcept override;
    void deliver(const EventBytes& bytes) override;
    void end() override;

    void check(std::chrono::steady_clock::time_point now);
    void drain();
    void close();

    std::size_t index = 0;  // in LoopHome::connections

  private:
    enum class State : std::uint8_t {
        idle,       // between requests
        reading,    // a request's header or body
        handling,   // the handler runs
        writing,    // an answer goes out
        live,       // an event stream
        lingering,  // the answer is out, what the client still sends is thrown away
        closed,
    };
    struct Exchange;
    struct Stream;

    void fill();
    void process();
    bool next_request();  // false: no byte of one is there
    bool read_request();  // false: more bytes are needed, or it is over
    bool on_header();     // false: the request broke off
    bool begin_body();
    bool dispatch();       // true: answered already
    bool send();           // true: everything is out
    bool write_some();     // false: blocked or gone
    bool finish_answer();  // true: the connection goes on
    void answer_early(Refusal refusal);
    void begin_live();
    void flush_live();
    void linger();
    void wait_for_input();
    void wait_for_room();
    void set_deadline(std::chrono::milliseconds after);
    [[nodiscard]] std::string_view input() const { return {buffer_.get() + begin_, end_ - begin_}; }

    LoopHome& home_;
    Watched socket_;
    Transport transport_;
    std::string peer_;
    std::unique_ptr<RequestReader> reader_;  // kept between requests, but not by streams
    std::unique_ptr<Exchange> exchange_;     // the request that is under way
    std::unique_ptr<Stream> stream_;         // when live
    LoopHome::Buffer buffer_;                // only while bytes are in it
    std::size_t begin_ = 0, end_ = 0;
    std::chrono::steady_clock::time_point deadline_;
    State state_ = State::idle;
};

}  // namespace braid::http
