# The options every target of ours is compiled with: linked as `muniment_options`, so that system headers stay untouched.
add_library(muniment_options INTERFACE)
target_include_directories(muniment_options INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(muniment_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-qual -Wformat=2 -Wundef
  $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>  # g++ 12 reports it inside std::string and std::optional
  $<$<BOOL:${MUNIMENT_WERROR}>:-Werror>
  -fstack-protector-strong)
target_compile_definitions(muniment_options INTERFACE $<$<CONFIG:Release,RelWithDebInfo>:_FORTIFY_SOURCE=2>)
target_link_options(muniment_options INTERFACE -Wl,-z,relro,-z,now)
find_program(LLD ld.lld)
if(LLD)
  target_link_options(muniment_options INTERFACE -fuse-ld=lld)  # a fifth of the time of GNU's
endif()

if(MUNIMENT_SANITIZE)
  target_compile_options(muniment_options INTERFACE -fsanitize=${MUNIMENT_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(muniment_options INTERFACE -fsanitize=${MUNIMENT_SANITIZE})
endif()

find_program(CCACHE ccache)
if(CCACHE)
  # Or it would not keep what was compiled with a precompiled header.
  set(ccache ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${ccache})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${ccache})
endif()

# muniment_precompile(TARGET HEADERS...): clang compiles a library in three quarters of the time with the standard headers
# precompiled, and a test in half of it; what uses JSON gains another quarter. g++ 12 gains nothing.
function(muniment_precompile target)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    return()
  endif()
  get_target_property(linked ${target} LINK_LIBRARIES)
  if("nlohmann_json::nlohmann_json" IN_LIST linked)
    list(APPEND ARGN <nlohmann/json.hpp>)
  endif()
  target_precompile_headers(${target} PRIVATE
    <algorithm> <array> <chrono> <cstdint> <filesystem> <functional> <map> <memory> <mutex> <optional> <span> <string>
    <string_view> <thread> <utility> <vector> ${ARGN})
  target_compile_options(${target} PRIVATE -fpch-instantiate-templates "SHELL:-Xclang -fno-pch-timestamp")
endfunction()

# muniment_joined(TARGET): a large folder's files are compiled several at once when that is wanted, because nine tenths of the
# time of each go into headers. Names in their anonymous namespaces must then differ within the folder.
function(muniment_joined target)
  if(MUNIMENT_JOINED)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 10)
    target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)  # private states that hold such names
  endif()
endfunction()

# muniment_library(NAME SOURCES... [LINK libs...]): one library per folder; sources are listed by name.
function(muniment_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC muniment_options ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE})
  muniment_precompile(${name})
endfunction()
