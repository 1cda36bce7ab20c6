# A room of the house is one library; what it may include is what it links.

# unswept_room(NAME [DIRS dir...] [EXCLUDE regex] LINK targets...)
# makes the library unswept_NAME (alias unswept::NAME) of all sources below DIRS
# (default: the current folder).
function(unswept_room name)
  cmake_parse_arguments(ARG "" "EXCLUDE" "DIRS;LINK" ${ARGN})
  if(NOT ARG_DIRS)
    set(ARG_DIRS .)
  endif()
  set(sources)
  foreach(dir IN LISTS ARG_DIRS)
    file(GLOB_RECURSE found CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} ${dir}/*.cpp)
    list(APPEND sources ${found})
  endforeach()
  list(TRANSFORM sources REPLACE "^\\./" "")
  list(FILTER sources EXCLUDE REGEX "(^|/)main\\.cpp$")
  if(ARG_EXCLUDE)
    list(FILTER sources EXCLUDE REGEX "${ARG_EXCLUDE}")
  endif()
  if(sources)
    add_library(unswept_${name} STATIC ${sources})
    target_include_directories(unswept_${name} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
                                                      $<INSTALL_INTERFACE:include/unswept>)
    target_compile_features(unswept_${name} PUBLIC cxx_std_23)
    target_link_libraries(unswept_${name} PUBLIC ${ARG_LINK}
                                          PRIVATE $<BUILD_INTERFACE:unswept_warnings>)
    unswept_precompile(unswept_${name})
  else()
    add_library(unswept_${name} INTERFACE)
    target_include_directories(unswept_${name} INTERFACE $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
                                                         $<INSTALL_INTERFACE:include/unswept>)
    target_compile_features(unswept_${name} INTERFACE cxx_std_23)
    target_link_libraries(unswept_${name} INTERFACE ${ARG_LINK})
  endif()
  add_library(unswept::${name} ALIAS unswept_${name})
  set_target_properties(unswept_${name} PROPERTIES EXPORT_NAME ${name})
endfunction()

# What nearly every file includes.  Presets that check our includes (asan, clang) go without.
function(unswept_precompile target)
  if(UNSWEPT_PRECOMPILE)
    target_precompile_headers(${target} PRIVATE
      <algorithm> <array> <chrono> <expected> <functional> <map> <memory> <optional> <span> <string>
      <string_view> <system_error> <utility> <variant> <vector>)
  endif()
endfunction()

# Files that read command lines or JSON with header-only libraries, once per run: optimising those
# libraries costs more than anything else in the build.
function(unswept_optimise_less)
  if(CMAKE_BUILD_TYPE STREQUAL "Release")
    set_source_files_properties(${ARGN} PROPERTIES COMPILE_OPTIONS -O1
                                                   SKIP_PRECOMPILE_HEADERS ON)
  endif()
endfunction()

# Files that tell the version of the program, as the project has it.
function(unswept_tells_version)
  set_source_files_properties(${ARGN} PROPERTIES COMPILE_DEFINITIONS
                              "UNSWEPT_VERSION=\"${PROJECT_VERSION}\"")
endfunction()

# Warnings are errors in our own code, and only there; and only with the compilers that we test
# with, so that a newer one's new warnings stop nobody.
if((CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION MATCHES "^12\\.") OR
   (CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_CXX_COMPILER_VERSION MATCHES "^19\\."))
  set(unswept_tested_compiler ON)
else()
  set(unswept_tested_compiler OFF)
endif()
option(UNSWEPT_WARNINGS_AS_ERRORS "Warnings are errors" ${unswept_tested_compiler})

add_library(unswept_warnings INTERFACE)
target_compile_options(unswept_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
  -Woverloaded-virtual -Wold-style-cast -Wimplicit-fallthrough
  $<$<BOOL:${UNSWEPT_WARNINGS_AS_ERRORS}>:-Werror>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC's optimiser guesses these from inlined library code, and guesses wrong:
  # the sanitizers tell the truth.
  target_compile_options(unswept_warnings INTERFACE
    -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread -Wno-restrict
    -Wno-maybe-uninitialized)
else()
  # std::stable_sort of libstdc++ 12 uses what C++17 deprecated.
  target_compile_options(unswept_warnings INTERFACE -Wno-deprecated-declarations)
endif()
if(UNSWEPT_SANITIZE)
  add_compile_options(-fsanitize=${UNSWEPT_SANITIZE} -fno-omit-frame-pointer -g
                      -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${UNSWEPT_SANITIZE})
endif()
if(UNSWEPT_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "UNSWEPT_FUZZ needs Clang, which libFuzzer is part of; "
                        "use the preset: cmake --preset fuzz")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
