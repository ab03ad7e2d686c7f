// Reading and writing of one connection without ever waiting, plain or over TLS. Internal to this folder.
#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <mutex>
#include <span>

#include "platform/http/server.h"

struct ssl_st;
struct ssl_ctx_st;

namespace braid::http {

// The certificate in use. Thread-safe.
class TlsContext {
  public:
    // Throws std::runtime_error naming the file and what is wrong with it.
    explicit TlsContext(TlsFiles files);
    // Reads the files again when they have changed since; a bad new certificate is logged and the old one
    // stays. Returns whether a new one is in use. Connections made before keep theirs.
    bool reload_if_changed();
    // A new server session; free with SSL_free.
    [[nodiscard]] ssl_st* make_session() const;

  private:
    using Version = std::pair<std::filesystem::file_time_type, std::filesystem::file_time_type>;
    [[nodiscard]] Version version() const;
    [[nodiscard]] std::shared_ptr<ssl_ctx_st> load() const;

    TlsFiles files_;
    mutable std::mutex mutex_;
    Version version_;
    std::shared_ptr<ssl_ctx_st> context_;  // shared with a reload that is under way
};

struct Io {
    enum Status { done, want_read, want_write, closed } status = done;
    std::size_t bytes = 0;
};

// Does not own the descriptor.
class Transport {
  public:
    explicit Transport(int fd, const TlsContext* tls);
    ~Transport();
    Transport(const Transport&) = delete;
    Transport& operator=(const Transport&) = delete;

    [[nodiscard]] bool secure() const { return session_ != nullptr; }
    [[nodiscard]] Io read(char* into, std::size_t size);
    // As much of the pieces as the socket takes now; done with fewer bytes than asked is progress, not an
    // end.
    [[nodiscard]] Io write(std::span<const iovec> pieces);
    // `count` bytes of `file` from `offset`.
    [[nodiscard]] Io send_file(int file, off_t offset, std::size_t count);
    // No more will be written.
    void finish_writing();

  private:
    [[nodiscard]] Io tls_result(int result);

    int fd_;
    ssl_st* session_ = nullptr;
};

}  // namespace braid::http
