// Expected failures as values.
//
// A function that can fail for a reason its caller should know returns Result<T>. Exceptions are for bugs and
// lost infrastructure (the database went away, the disk is full) and are caught once per request or job.
#pragma once

#include <cassert>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace braid {

// What kind of failure it is, for the code that decides what to do next. The HTTP status of each is in
// platform/http/problem.h.
enum class ErrorCode {
    malformed,        // the input cannot be read at all: not JSON, not UTF-8
    invalid,          // the input breaks a rule; `fields` says which
    unauthenticated,  // sign in first
    forbidden,    // known to the caller and refused with a reason; never used where "not found" must be said
    not_found,    // absent, or not for you: the two are never told apart
    conflict,     // someone else changed it first, or the name is taken
    gone,         // it was here and has ended (an expired link)
    too_large,    // body, file or text over its limit
    unsupported,  // media type or encoding not accepted here
    too_many_requests,  // rate limit; `retry_after_seconds` is set
    unavailable,        // overloaded, read-only, disk full: nothing was written, try again
    internal,           // a bug
};

// One thing wrong with one field of an input.
struct FieldError {
    std::string field;        // name of the form field or JSON pointer
    std::string message_key;  // key in the message catalogue
    std::vector<std::pair<std::string, std::string>> arguments;
};

struct Error {
    ErrorCode code = ErrorCode::internal;
    std::string message_key;  // key in the message catalogue: what a person reads
    std::string detail;       // for the log only; never shown
    std::vector<FieldError> fields;
    std::vector<std::pair<std::string, std::string>> arguments;  // of message_key
    int retry_after_seconds = 0;
};

// Shorthand for the common failures. Keys live in the shell's catalogue (src/shell/locale).
[[nodiscard]] inline Error not_found(std::string detail = {}) {
    return {ErrorCode::not_found, "error.not_found", std::move(detail), {}, {}, 0};
}
[[nodiscard]] inline Error unauthenticated() {
    return {ErrorCode::unauthenticated, "error.sign_in_first", {}, {}, {}, 0};
}
[[nodiscard]] inline Error forbidden(std::string message_key, std::string detail = {}) {
    return {ErrorCode::forbidden, std::move(message_key), std::move(detail), {}, {}, 0};
}
[[nodiscard]] inline Error conflict(std::string message_key, std::string detail = {}) {
    return {ErrorCode::conflict, std::move(message_key), std::move(detail), {}, {}, 0};
}
[[nodiscard]] inline Error invalid(std::string field, std::string message_key,
                                   std::vector<std::pair<std::string, std::string>> arguments = {}) {
    return {ErrorCode::invalid,
            "error.invalid",
            {},
            {{std::move(field), std::move(message_key), std::move(arguments)}},
            {},
            0};
}
[[nodiscard]] inline Error unavailable(std::string detail, int retry_after_seconds = 1) {
    return {ErrorCode::unavailable, "error.unavailable", std::move(detail), {}, {}, retry_after_seconds};
}

// Either a T or an Error. Holds exactly one; asking for the other is a bug.
template <class T>
class [[nodiscard]] Result {
  public:
    using value_type = T;

    Result(T value)
        : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT(google-explicit-constructor)
    Result(Error error)
        : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

    [[nodiscard]] bool ok() const { return state_.index() == 0; }
    explicit operator bool() const { return ok(); }

    [[nodiscard]] T& value() & { return *std::get_if<0>(&state_); }
    [[nodiscard]] const T& value() const& { return *std::get_if<0>(&state_); }
    [[nodiscard]] T&& value() && { return std::move(*std::get_if<0>(&state_)); }
    [[nodiscard]] T& operator*() & { return value(); }
    [[nodiscard]] const T& operator*() const& { return value(); }
    [[nodiscard]] T&& operator*() && { return std::move(*this).value(); }
    [[nodiscard]] T* operator->() { return &value(); }
    [[nodiscard]] const T* operator->() const { return &value(); }

    [[nodiscard]] const Error& error() const& { return *std::get_if<1>(&state_); }
    [[nodiscard]] Error& error() & { return *std::get_if<1>(&state_); }
    [[nodiscard]] Error&& error() && { return std::move(*std::get_if<1>(&state_)); }

  private:
    std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
  public:
    using value_type = void;

    Result() = default;
    Result(Error error) : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

    [[nodiscard]] bool ok() const { return !error_.has_value(); }
    explicit operator bool() const { return ok(); }
    void value() const {}
    [[nodiscard]] const Error& error() const& { return *error_; }
    [[nodiscard]] Error& error() & { return *error_; }
    [[nodiscard]] Error&& error() && { return std::move(*error_); }

  private:
    std::optional<Error> error_;
};

inline Result<void> success() {
    return {};
}

}  // namespace braid

// TRY(expr): the value of a Result, or return its error from the enclosing function (statement expression, as
// g++ and clang have). TRY on a Result<void> is a statement.
#define TRY(...)                                                      \
    (__extension__({                                                  \
        auto&& try_result_ = (__VA_ARGS__);                           \
        if (!try_result_.ok()) return std::move(try_result_).error(); \
        std::move(try_result_).value();                               \
    }))
