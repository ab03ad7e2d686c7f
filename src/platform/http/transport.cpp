#include "platform/http/transport.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <string>

#include "platform/log/log.h"

namespace braid::http {

namespace {

constexpr std::size_t kFilePiece = 64 << 10;

std::string openssl_reason() {
    std::array<char, 256> text{};
    ERR_error_string_n(ERR_get_error(), text.data(), text.size());
    ERR_clear_error();
    return text.data();
}

// RFC 7301: this server speaks HTTP/1.1 only.
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_length, const unsigned char* in,
                    unsigned in_length, void*) {
    static constexpr std::array<unsigned char, 9> kOurs{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    unsigned char* chosen = nullptr;
    const int result = SSL_select_next_proto(&chosen, out_length, kOurs.data(), kOurs.size(), in, in_length);
    *out = chosen;
    return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

Io from_errno(ssize_t result, Io::Status again) {
    if (result > 0) return {Io::done, static_cast<std::size_t>(result)};
    if (result < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return {again, 0};
    return {Io::closed, 0};
}

}  // namespace

TlsContext::TlsContext(TlsFiles files) : files_(std::move(files)), version_(version()), context_(load()) {}

TlsContext::Version TlsContext::version() const {
    std::error_code ignored;
    return {std::filesystem::last_write_time(files_.certificate_chain, ignored),
            std::filesystem::last_write_time(files_.private_key, ignored)};
}

std::shared_ptr<ssl_ctx_st> TlsContext::load() const {
    ERR_clear_error();
    std::shared_ptr<ssl_ctx_st> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
    SSL_CTX* raw = context.get();
    SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
    SSL_CTX_set_options(raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                 SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(
        raw, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    // Forward secrecy and authenticated encryption for TLS 1.2; TLS 1.3 has nothing else.
    SSL_CTX_set_cipher_list(raw, "ECDHE+AESGCM:ECDHE+CHACHA20");
    SSL_CTX_set_alpn_select_cb(raw, choose_protocol, nullptr);
    if (SSL_CTX_use_certificate_chain_file(raw, files_.certificate_chain.c_str()) != 1) {
        throw std::runtime_error("TLS certificate " + files_.certificate_chain.string() + ": " +
                                 openssl_reason());
    }
    if (SSL_CTX_use_PrivateKey_file(raw, files_.private_key.c_str(), SSL_FILETYPE_PEM) != 1) {
        throw std::runtime_error("TLS private key " + files_.private_key.string() + ": " + openssl_reason());
    }
    if (SSL_CTX_check_private_key(raw) != 1) {
        throw std::runtime_error("TLS private key " + files_.private_key.string() +
                                 " does not belong to the certificate");
    }
    return context;
}

bool TlsContext::reload_if_changed() {
    const Version now = version();
    {
        const std::lock_guard lock(mutex_);
        if (now == version_) return false;
        version_ = now;
    }
    try {
        auto context = load();
        const std::lock_guard lock(mutex_);
        context_ = std::move(context);
        log::info("tls.reloaded", {{"certificate", files_.certificate_chain.string()}});
        return true;
    } catch (const std::runtime_error& failure) {
        // Half of a pair that is being replaced, most likely: the next change of either file is looked at
        // again.
        log::warning("tls.reload_failed", {{"reason", failure.what()}});
        return false;
    }
}

ssl_st* TlsContext::make_session() const {
    std::shared_ptr<ssl_ctx_st> context;
    {
        const std::lock_guard lock(mutex_);
        context = context_;
    }
    return SSL_new(context.get());
}

Transport::Transport(int fd, const TlsContext* tls) : fd_(fd) {
    if (tls == nullptr) return;
    session_ = tls->make_session();
    if (session_ == nullptr) throw std::bad_alloc();
    SSL_set_fd(session_, fd);
    SSL_set_accept_state(session_);
}

Transport::~Transport() {
    if (session_ != nullptr) SSL_free(session_);
}

Io Transport::tls_result(int result) {
    switch (SSL_get_error(session_, result)) {
        case SSL_ERROR_NONE:
            return {Io::done, static_cast<std::size_t>(result)};
        case SSL_ERROR_WANT_READ:
            return {Io::want_read, 0};
        case SSL_ERROR_WANT_WRITE:
            return {Io::want_write, 0};
        default:
            return {Io::closed, 0};
    }
}

Io Transport::read(char* into, std::size_t size) {
    if (session_ == nullptr) return from_errno(::recv(fd_, into, size, 0), Io::want_read);
    ERR_clear_error();
    return tls_result(SSL_read(session_, into, static_cast<int>(size)));
}

Io Transport::write(std::span<const iovec> pieces) {
    if (session_ == nullptr) {
        msghdr message{};
        message.msg_iov = const_cast<iovec*>(pieces.data());
        message.msg_iovlen = pieces.size();
        return from_errno(::sendmsg(fd_, &message, MSG_NOSIGNAL), Io::want_write);
    }
    std::size_t written = 0;
    for (const iovec& piece : pieces) {
        std::size_t at = 0;
        while (at < piece.iov_len) {
            const std::size_t length = std::min<std::size_t>(piece.iov_len - at, 1 << 30);
            ERR_clear_error();
            const Io io = tls_result(
                SSL_write(session_, static_cast<const char*>(piece.iov_base) + at, static_cast<int>(length)));
            if (io.status != Io::done)
                return written > 0 && io.status != Io::closed ? Io{Io::done, written} : io;
            at += io.bytes;
            written += io.bytes;
        }
    }
    return {Io::done, written};
}

Io Transport::send_file(int file, off_t offset, std::size_t count) {
    if (session_ == nullptr)
        return from_errno(::sendfile(fd_, file, &offset, std::min<std::size_t>(count, 1 << 20)),
                          Io::want_write);
    std::array<char, kFilePiece> piece;
    const ssize_t got = ::pread(file, piece.data(), std::min(count, piece.size()), offset);
    if (got <= 0) return {Io::closed, 0};
    const iovec vector{piece.data(), static_cast<std::size_t>(got)};
    return write({&vector, 1});
}

void Transport::finish_writing() {
    if (session_ != nullptr) {
        ERR_clear_error();
        SSL_shutdown(session_);  // sends close_notify; the answer is not waited for
        ERR_clear_error();
    }
    ::shutdown(fd_, SHUT_WR);
}

}  // namespace braid::http
