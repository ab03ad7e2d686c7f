// JSON for flat structs that name their members once:
//
//   template <class F> void fields(F& f) { f("chapter", chapter); f("number", number); f("gone", gone); }
//
// A member is an integer, bool, double, string, Id (as its text), Timestamp (microseconds), enum with
// sql::EnumNames (its name), or an optional or vector of these, or a struct with `fields` again. Reading:
// members that the text has and the struct has not are passed over, so that an older node reads what a newer
// one wrote; a missing member is an error unless it is optional.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/id.h"
#include "base/result.h"
#include "base/time.h"
#include "platform/sql/sql.h"

namespace braid::events {

namespace detail {

template <class T>
struct is_vector : std::false_type {};
template <class T>
struct is_vector<std::vector<T>> : std::true_type {};

}  // namespace detail

class JsonWriter {
  public:
    template <class T>
    void operator()(std::string_view name, const T& member) {
        key(name);
        put(member);
    }
    // The object with the members of `value`.
    template <class Struct>
    static std::string write(const Struct& value) {
        JsonWriter writer;
        writer.put(value);
        return std::move(writer.out_);
    }

  private:
    template <class T>
    void put(const T& value) {
        if constexpr (sql::detail::is_optional<T>::value) {
            if (value) {
                put(*value);
            } else {
                out_ += "null";
            }
        } else if constexpr (detail::is_vector<T>::value) {
            out_ += '[';
            bool first = true;
            for (const auto& item : value) {
                if (!std::exchange(first, false)) out_ += ',';
                put(static_cast<const typename T::value_type&>(item));
            }
            out_ += ']';
        } else if constexpr (sql::detail::is_id<T>::value) {
            put_text(value ? value.text() : std::string());
        } else if constexpr (std::is_same_v<T, Timestamp>) {
            out_ += std::to_string(value.micros);
        } else if constexpr (std::is_same_v<T, bool>) {
            out_ += value ? "true" : "false";
        } else if constexpr (std::is_enum_v<T>) {
            put_text(sql::detail::enum_name(value));
        } else if constexpr (std::is_integral_v<T>) {
            out_ += std::to_string(value);
        } else if constexpr (std::is_floating_point_v<T>) {
            put_real(value);
        } else if constexpr (std::is_convertible_v<T, std::string_view>) {
            put_text(value);
        } else {
            out_ += '{';
            const_cast<T&>(value).fields(*this);  // NOLINT: the writer takes every member const
            out_ += '}';
        }
    }
    void key(std::string_view name);
    void put_text(std::string_view text);
    void put_real(double value);

    std::string out_;
};

class JsonReader {
  public:
    template <class T>
    void operator()(std::string_view name, T& member) {
        if (!enter(name)) {
            if constexpr (!sql::detail::is_optional<T>::value) fail(name, "is missing");
            return;
        }
        if (!get(member)) fail(name, "has another type");
        leave();
    }
    // Fails with `invalid`; the detail names the member.
    template <class Struct>
    static Result<Struct> read(std::string_view json) {
        JsonReader reader;
        Struct value;
        if (!reader.parse(json) || !reader.get(value)) reader.fail("the text", "is no JSON object");
        if (!reader.problem_.empty())
            return Error{ErrorCode::invalid, "error.invalid", std::move(reader.problem_), {}, {}, 0};
        return value;
    }

  private:
    struct Document;

    JsonReader();
    ~JsonReader();
    bool parse(std::string_view json);
    // Each enter that says true is followed by one leave.
    bool enter(std::string_view name);
    bool enter(std::size_t index);
    void leave() { path_.pop_back(); }
    void fail(std::string_view name, std::string_view what);
    [[nodiscard]] bool is_object() const;
    [[nodiscard]] bool is_null() const;
    [[nodiscard]] std::optional<std::size_t> array_size() const;
    [[nodiscard]] std::optional<std::int64_t> integer() const;
    [[nodiscard]] std::optional<double> real() const;
    [[nodiscard]] std::optional<bool> boolean() const;
    [[nodiscard]] std::optional<std::string_view> text() const;

    template <class T>
    bool get(T& out) {
        if constexpr (sql::detail::is_optional<T>::value) {
            out.reset();
            return is_null() || get(out.emplace());
        } else if constexpr (detail::is_vector<T>::value) {
            const auto size = array_size();
            if (!size) return false;
            out.clear();
            for (std::size_t i = 0; i < *size; ++i) {
                enter(i);
                typename T::value_type item{};
                const bool ok = get(item);
                leave();
                if (!ok) return false;
                out.push_back(std::move(item));
            }
            return true;
        } else if constexpr (sql::detail::is_id<T>::value) {
            const auto value = text();
            if (!value) return false;
            const auto id = T::parse(*value);
            out = id.value_or(T{});
            return id.has_value() || value->empty();
        } else if constexpr (std::is_same_v<T, Timestamp>) {
            return store(integer(), out.micros);
        } else if constexpr (std::is_same_v<T, bool>) {
            return store(boolean(), out);
        } else if constexpr (std::is_enum_v<T>) {
            const auto name = text();
            const auto& names = sql::EnumNames<T>::names;
            for (std::size_t i = 0; name && i < names.size(); ++i) {
                if (names[i] == *name) {
                    out = static_cast<T>(i);
                    return true;
                }
            }
            return false;
        } else if constexpr (std::is_integral_v<T>) {
            const auto value = integer();
            if (!value || !std::in_range<T>(*value)) return false;
            out = static_cast<T>(*value);
            return true;
        } else if constexpr (std::is_floating_point_v<T>) {
            return store(real(), out);
        } else if constexpr (std::is_same_v<T, std::string>) {
            return store(text(), out);
        } else {
            if (!is_object()) return false;
            out.fields(*this);
            return true;
        }
    }
    template <class From, class To>
    static bool store(const std::optional<From>& from, To& to) {
        if (from) to = static_cast<To>(*from);
        return from.has_value();
    }

    std::unique_ptr<Document> document_;
    std::vector<const void*> path_;  // boost::json::value, outermost first
    std::string problem_;            // the first
};

template <class Event>
struct JsonCodec {
    static std::string to_json(const Event& event) { return JsonWriter::write(event); }
    static Result<Event> from_json(std::string_view json) { return JsonReader::read<Event>(json); }
};

}  // namespace braid::events
