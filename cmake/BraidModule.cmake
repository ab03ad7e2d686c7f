# braid_module(NAME
#   USES   other modules          (links braid_<other>; who may use whom is checked by tools/deps.toml)
#   LINKS  outside libraries)
#
# makes the static library braid_<NAME> from the folder it is called in:
#   *.cpp                but *_test.cpp, *_fuzz.cpp
#   *.html               compiled by tools/htmlc to <folder>/<name>.html.h and a source
#   migrations/*.sql     embedded as `std::span<const sql::Migration> <NAMESPACE>::migrations()`
# and <NAME>_test from *_test.cpp, and with BRAID_FUZZ one <name>_fuzz from each *_fuzz.cpp.
#
# FUZZ_SOURCES  what the fuzzers need of the folder, with the modules FUZZ_USES; else all of it and everything it stands on
#
# NAMESPACE defaults to braid::<NAME>.
function(braid_module name)
  cmake_parse_arguments(ARG "" "NAMESPACE" "USES;LINKS;TEST_USES;TEST_LINKS;FUZZ_SOURCES;FUZZ_USES" ${ARGN})
  if(NOT ARG_NAMESPACE)
    set(ARG_NAMESPACE "braid::${name}")
  endif()
  file(GLOB sources CONFIGURE_DEPENDS *.cpp)
  file(GLOB tests CONFIGURE_DEPENDS *_test.cpp)
  file(GLOB fuzzers CONFIGURE_DEPENDS *_fuzz.cpp)
  file(GLOB templates CONFIGURE_DEPENDS *.html)
  file(GLOB migrations CONFIGURE_DEPENDS migrations/*.sql)
  if(tests)
    list(REMOVE_ITEM sources ${tests})
  endif()
  if(fuzzers)
    list(REMOVE_ITEM sources ${fuzzers})
  endif()
  file(RELATIVE_PATH folder ${CMAKE_SOURCE_DIR}/src ${CMAKE_CURRENT_SOURCE_DIR})
  set(generated_dir ${CMAKE_BINARY_DIR}/generated/${folder})

  set(generated "")
  foreach(template IN LISTS templates)
    get_filename_component(base ${template} NAME)
    set(out ${generated_dir}/${base})
    add_custom_command(
      OUTPUT ${out}.cpp ${out}.h
      COMMAND htmlc ${template} --header ${out}.h --source ${out}.cpp --include ${folder}/${base}.h
      DEPENDS htmlc ${template}
      VERBATIM)
    list(APPEND generated ${out}.cpp ${out}.h)
  endforeach()
  if(migrations)
    set(out ${generated_dir}/migrations.cpp)
    add_custom_command(
      OUTPUT ${out}
      COMMAND ${CMAKE_COMMAND} -DOUT=${out} -DMODULE=${name} -DNAMESPACE=${ARG_NAMESPACE} "-DFILES=${migrations}" -P
              ${CMAKE_SOURCE_DIR}/cmake/EmbedMigrations.cmake
      DEPENDS ${migrations} ${CMAKE_SOURCE_DIR}/cmake/EmbedMigrations.cmake
      VERBATIM)
    list(APPEND generated ${out})
  endif()

  list(TRANSFORM ARG_USES PREPEND braid_)
  if(NOT sources AND NOT generated)
    add_library(braid_${name} INTERFACE)
    target_link_libraries(braid_${name} INTERFACE braid_options ${ARG_USES} ${ARG_LINKS})
  else()
    add_library(braid_${name} STATIC ${sources} ${generated})
    target_link_libraries(braid_${name} PUBLIC braid_options ${ARG_USES} ${ARG_LINKS})
  endif()

  list(TRANSFORM ARG_TEST_USES PREPEND braid_)
  list(TRANSFORM ARG_FUZZ_USES PREPEND braid_)
  if(tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE braid_${name} ${ARG_TEST_USES} ${ARG_TEST_LINKS} GTest::gmock GTest::gtest_main)
    target_include_directories(${name}_test PRIVATE ${CMAKE_SOURCE_DIR}/tests)
    target_compile_definitions(${name}_test PRIVATE BRAID_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    add_test(NAME ${name} COMMAND ${name}_test)
  endif()
  if(BRAID_FUZZ)
    foreach(fuzzer IN LISTS fuzzers)
      get_filename_component(base ${fuzzer} NAME_WE)
      if(ARG_FUZZ_SOURCES)
        add_executable(${base} ${fuzzer} ${ARG_FUZZ_SOURCES})
        target_link_libraries(${base} PRIVATE ${ARG_FUZZ_USES} ${ARG_LINKS} -fsanitize=fuzzer)
      else()
        add_executable(${base} ${fuzzer})
        target_link_libraries(${base} PRIVATE braid_${name} ${ARG_TEST_USES} -fsanitize=fuzzer)
      endif()
    endforeach()
  endif()
endfunction()
