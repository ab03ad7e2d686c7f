#include "identity/roster/module.h"

namespace braid::roster {

using access::OnErasure;
using access::Personal;

access::Module RosterModule::describe() {
    constexpr auto no = Personal::no, data = Personal::data;
    access::Module module;
    module.name = "roster";
    module.migrations = migrations();
    module.tables = {
        // The row stays without a person, so that the next reading of the roster does not make the account
        // again.
        {"roster_people",
         "what your school's roster calls you",
         OnErasure::blank,
         {{"source", no},
          {"sourced_id", no},
          {"person", Personal::subject},
          {"request", data, "NULL"},
          {"given_name", data, "''"},
          {"line", no},
          {"left_at", no}}},
        {"roster_organisations",
         "schools of a roster",
         OnErasure::keep,
         {{"source", no},
          {"sourced_id", no},
          {"id", no},
          {"name", no},
          {"kind", no},
          {"parent", no},
          {"left_at", no}}},
        {"roster_classes",
         "classes of a roster",
         OnErasure::keep,
         {{"source", no},
          {"sourced_id", no},
          {"id", no},
          {"organisation", no},
          {"title", no},
          {"code", no},
          {"kind", no},
          {"left_at", no}}},
        {"roster_roles",
         "what your school's roster trusts you with, in which school or class",
         OnErasure::erase_row,
         {{"source", no},
          {"file", data},
          {"sourced_id", data},
          {"person", Personal::subject},
          {"role", data},
          {"scope", data},
          {"ends_at", data}}},
    };
    return module;
}

}  // namespace braid::roster
