// How C++ types stand in JSON: reading with checks, writing, and their JSON Schema (2020-12), all from one
// description.
//
//   std::string, bool, integers, double            string, boolean, integer, number
//   Id<Tag>, Timestamp                              string: the id's text; RFC 3339 in UTC (written only)
//   an enum with sql::EnumNames                     string, one of the names
//   std::optional<T>                                T or null; may be left out of a body
//   std::vector<T>                                  array
//   a struct with BOOST_DESCRIBE_STRUCT             object; a member's name without a trailing '_'
//   api::Page<T>                                    {"items": […], "next": "…" or null}
#pragma once

#include <array>
#include <boost/describe.hpp>
#include <boost/mp11/algorithm.hpp>
#include <concepts>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <typeindex>
#include <vector>

#include "base/id.h"
#include "base/result.h"
#include "base/time.h"
#include "platform/api/json.h"
#include "platform/sql/sql.h"

namespace braid::api {

// What a described struct says about a member; found beside the struct:
//
//   constexpr auto api_fields(const WorkIn*) {
//       return std::to_array<api::Field>({{.name = "title", .says = "As readers see it.", .min = 1, .max =
//       120}});
//   }
struct Field {
    std::string_view name;
    std::string_view says;  // one sentence for the document
    std::optional<std::int64_t> min = {},
                                max = {};  // of text: code points; of a list: items; of a number: its value
    std::string_view one_of = {};          // words allowed as text, separated by a space
    std::string_view format = {};          // of JSON Schema; documents only
};

// One page of a list. `next` is the cursor of the page after it, empty at the end.
template <class T>
struct Page {
    std::vector<T> items;
    std::string next;
};

// Reads a body; everything wrong in it is collected, each with the JSON pointer (RFC 6901) of its place.
class Reading {
  public:
    void fail(std::string_view message_key, std::vector<std::pair<std::string, std::string>> arguments = {});
    [[nodiscard]] std::size_t enter(std::string_view member);
    [[nodiscard]] std::size_t enter(std::size_t index);
    void leave(std::size_t before) { pointer_.resize(before); }
    [[nodiscard]] bool ok() const { return errors_.empty(); }
    [[nodiscard]] Error error() &&;

    // False, and a failure, when `value` is of another kind or breaks a limit.
    bool text(const Json& value, std::string& out, const Field* limits);
    bool integer(const Json& value, std::int64_t& out, std::int64_t least, std::int64_t most,
                 const Field* limits);
    bool real(const Json& value, double& out, const Field* limits);
    bool boolean(const Json& value, bool& out);
    bool list(const Json& value, const Field* limits);
    bool object(const Json& value);
    bool id(const Json& value, std::int64_t& out);
    bool choice(const Json& value, std::size_t& out, const std::string_view* names, std::size_t count);
    void unknown_members(const Json& value, const std::vector<std::string_view>& known);

  private:
    std::string pointer_;
    std::vector<FieldError> errors_;
};

// The named schemas of the document.
class Schemas {
  public:
    // Reserves `name` for a type; false when it is there already. Throws std::logic_error when another type
    // has the name.
    bool begin(const std::string& name, std::type_index type);
    void finish(const std::string& name, std::string schema) { schemas_[name] = std::move(schema); }
    [[nodiscard]] const std::map<std::string, std::string>& all() const { return schemas_; }

  private:
    std::map<std::string, std::string> schemas_;
    std::map<std::string, std::type_index> types_;
};

namespace detail {

template <class T>
struct is_vector : std::false_type {};
template <class T>
struct is_vector<std::vector<T>> : std::true_type {};
template <class T>
struct is_page : std::false_type {};
template <class T>
struct is_page<Page<T>> : std::true_type {};

template <class T>
concept Optional = sql::detail::is_optional<T>::value;
template <class T>
concept List = is_vector<T>::value;
template <class T>
concept IdType = sql::detail::is_id<T>::value;
template <class T>
concept Named = std::is_enum_v<T> && requires {
    sql::EnumNames<T>::names.size();
};
template <class T>
concept Described = std::is_class_v<T> && boost::describe::has_describe_members<T>::value;
template <class T>
concept Documented = requires {
    api_fields(static_cast<const T*>(nullptr));
};

template <class T>
using Members =
    boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>;

constexpr std::string_view member_name(const char* name) {
    std::string_view text(name);
    if (text.ends_with('_')) text.remove_suffix(1);
    return text;
}

template <class T>
const Field* field_of(std::string_view name) {
    if constexpr (Documented<T>) {
        static constexpr auto kFields = api_fields(static_cast<const T*>(nullptr));
        for (const Field& field : kFields) {
            if (field.name == name) return &field;
        }
    }
    return nullptr;
}

// "WorkOut" of braid::works::WorkOut.
template <class T>
std::string type_name() {
    std::string_view text = __PRETTY_FUNCTION__;
    text = text.substr(text.find("T = ") + 4);
    text = text.substr(0, text.find_first_of(";]"));
    return std::string(text.substr(text.rfind(':') == std::string_view::npos ? 0 : text.rfind(':') + 1));
}

}  // namespace detail

template <class T>
bool read(const Json& value, T& out, Reading& reading, const Field* limits = nullptr) {
    if constexpr (detail::Optional<T>) {
        if (value.kind == Json::Kind::null) {
            out.reset();
            return true;
        }
        return read(value, out.emplace(), reading, limits);
    } else if constexpr (detail::List<T>) {
        if (!reading.list(value, limits)) return false;
        out.clear();
        out.reserve(value.items.size());
        bool ok = true;
        for (std::size_t i = 0; i < value.items.size(); ++i) {
            const auto before = reading.enter(i);
            typename T::value_type item{};
            ok = read(value.items[i], item, reading) && ok;
            out.push_back(std::move(item));
            reading.leave(before);
        }
        return ok;
    } else if constexpr (detail::IdType<T>) {
        return reading.id(value, out.value);
    } else if constexpr (detail::Named<T>) {
        std::size_t index = 0;
        const auto& names = sql::EnumNames<T>::names;
        if (!reading.choice(value, index, names.data(), names.size())) return false;
        out = static_cast<T>(index);
        return true;
    } else if constexpr (std::is_same_v<T, std::string>) {
        return reading.text(value, out, limits);
    } else if constexpr (std::is_same_v<T, bool>) {
        return reading.boolean(value, out);
    } else if constexpr (std::is_integral_v<T>) {
        static_assert(sizeof(T) < 8 || std::is_signed_v<T>, "use std::int64_t");
        std::int64_t number = 0;
        if (!reading.integer(value, number, std::numeric_limits<T>::min(), std::numeric_limits<T>::max(),
                             limits))
            return false;
        out = static_cast<T>(number);
        return true;
    } else if constexpr (std::is_floating_point_v<T>) {
        double number = 0;
        if (!reading.real(value, number, limits)) return false;
        out = static_cast<T>(number);
        return true;
    } else {
        static_assert(detail::Described<T>, "a body is made of the types listed in platform/api/codec.h");
        if (!reading.object(value)) return false;
        bool ok = true;
        std::vector<std::string_view> known;
        boost::mp11::mp_for_each<detail::Members<T>>([&](auto member) {
            const std::string_view name = detail::member_name(member.name);
            known.push_back(name);
            auto& target = out.*member.pointer;
            using Member = std::remove_cvref_t<decltype(target)>;
            const Json* found = value.find(name);
            const auto before = reading.enter(name);
            if (found != nullptr) {
                ok = read(*found, target, reading, detail::field_of<T>(name)) && ok;
            } else if constexpr (!detail::Optional<Member>) {
                reading.fail("api.missing");
                ok = false;
            }
            reading.leave(before);
        });
        reading.unknown_members(value, known);
        return ok && reading.ok();
    }
}

template <class T>
void write(std::string& out, const T& value) {
    if constexpr (detail::Optional<T>) {
        if (value)
            write(out, *value);
        else
            out += "null";
    } else if constexpr (detail::List<T>) {
        out += '[';
        for (std::size_t i = 0; i < value.size(); ++i) {
            if (i > 0) out += ',';
            write(out, static_cast<const typename T::value_type&>(value[i]));
        }
        out += ']';
    } else if constexpr (detail::is_page<T>::value) {
        out += "{\"items\":";
        write(out, value.items);
        out += ",\"next\":";
        if (value.next.empty())
            out += "null";
        else
            append_json_text(out, value.next);
        out += '}';
    } else if constexpr (detail::IdType<T>) {
        append_json_text(out, value.text());
    } else if constexpr (std::is_same_v<T, Timestamp>) {
        append_json_text(out, to_rfc3339(value));
    } else if constexpr (detail::Named<T>) {
        append_json_text(out, sql::EnumNames<T>::names[static_cast<std::size_t>(value)]);
    } else if constexpr (std::is_same_v<T, std::string>) {
        append_json_text(out, value);
    } else if constexpr (std::is_same_v<T, bool>) {
        out += value ? "true" : "false";
    } else if constexpr (std::is_integral_v<T>) {
        out += std::to_string(value);
    } else if constexpr (std::is_floating_point_v<T>) {
        append_json_real(out, value);
    } else {
        static_assert(detail::Described<T>, "an answer is made of the types listed in platform/api/codec.h");
        char separator = '{';
        boost::mp11::mp_for_each<detail::Members<T>>([&](auto member) {
            out += separator;
            separator = ',';
            append_json_text(out, detail::member_name(member.name));
            out += ':';
            write(out, value.*member.pointer);
        });
        out += separator == '{' ? "{}" : "}";
    }
}

// Schemas are JSON text. `limits` is what the struct around says about the member.
std::string schema_of_text(std::string_view type, const Field* limits, std::string_view more = {});
std::string schema_of_choice(const std::string_view* names, std::size_t count, const Field* limits);
std::string schema_of_list(const std::string& items, const Field* limits);
std::string schema_or_null(const std::string& schema);
std::string schema_of_page(const std::string& items);
std::string schema_reference(const std::string& name, const Field* limits);
struct MemberSchema {
    std::string_view name;
    std::string schema;
    bool required;
};
std::string schema_of_object(const std::vector<MemberSchema>& members);
// Throws std::logic_error when `fields` names no member: it was renamed.
void check_fields(const std::string& type, const std::vector<MemberSchema>& members, const Field* fields,
                  std::size_t count);

template <class T>
std::string schema(Schemas& schemas, const Field* limits = nullptr) {
    if constexpr (detail::Optional<T>) {
        return schema_or_null(schema<typename T::value_type>(schemas, limits));
    } else if constexpr (detail::List<T>) {
        return schema_of_list(schema<typename T::value_type>(schemas), limits);
    } else if constexpr (detail::is_page<T>::value) {
        return schema_of_page(schema<typename decltype(T::items)::value_type>(schemas));
    } else if constexpr (detail::IdType<T>) {
        return schema_of_text("string", limits, R"("pattern":"^[0-9a-hjkmnp-tv-z]{1,13}$")");
    } else if constexpr (std::is_same_v<T, Timestamp>) {
        return schema_of_text("string", limits, R"("format":"date-time")");
    } else if constexpr (detail::Named<T>) {
        const auto& names = sql::EnumNames<T>::names;
        return schema_of_choice(names.data(), names.size(), limits);
    } else if constexpr (std::is_same_v<T, std::string>) {
        return schema_of_text("string", limits);
    } else if constexpr (std::is_same_v<T, bool>) {
        return schema_of_text("boolean", limits);
    } else if constexpr (std::is_integral_v<T>) {
        return schema_of_text("integer", limits,
                              sizeof(T) == 8 ? R"("format":"int64")" : R"("format":"int32")");
    } else if constexpr (std::is_floating_point_v<T>) {
        return schema_of_text("number", limits);
    } else {
        static_assert(detail::Described<T>, "the API is made of the types listed in platform/api/codec.h");
        const std::string name = detail::type_name<T>();
        if (schemas.begin(name, typeid(T))) {
            std::vector<MemberSchema> members;
            boost::mp11::mp_for_each<detail::Members<T>>([&](auto member) {
                using Member = std::remove_cvref_t<decltype(std::declval<T>().*member.pointer)>;
                const std::string_view member_name = detail::member_name(member.name);
                members.push_back({member_name, schema<Member>(schemas, detail::field_of<T>(member_name)),
                                   !detail::Optional<Member>});
            });
            if constexpr (detail::Documented<T>) {
                static constexpr auto kFields = api_fields(static_cast<const T*>(nullptr));
                check_fields(name, members, kFields.data(), kFields.size());
            }
            schemas.finish(name, schema_of_object(members));
        }
        return schema_reference(name, limits);
    }
}

}  // namespace braid::api
