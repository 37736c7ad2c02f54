# Writes OUT, a C++ source that holds the files of DIR in the order of their numbers.
# The numbers must be 0001, 0002, ... without a gap.
file(GLOB files LIST_DIRECTORIES false RELATIVE ${DIR} ${DIR}/[0-9][0-9][0-9][0-9]_*.sql)
list(SORT files)
set(entries "")
set(expected 0)
foreach(name IN LISTS files)
  math(EXPR expected "${expected} + 1")
  string(SUBSTRING ${name} 0 4 number)
  string(REGEX REPLACE "^0+" "" number ${number})
  if(NOT number EQUAL expected)
    message(FATAL_ERROR "migration ${name}: expected number ${expected}")
  endif()
  file(READ ${DIR}/${name} text)
  # One literal may not be longer than 16 KiB everywhere; cut at blank lines.
  string(REPLACE "\n\n" "\n)sql\"\n    R\"sql(\n" text "${text}")
  string(APPEND entries "    // ${name}\n    R\"sql(${text})sql\",\n")
endforeach()
file(WRITE ${OUT} "#include \"storage/internal/migrations.h\"

namespace muniment::storage {

namespace {

constexpr std::string_view kMigrations[] = {
${entries}};

}  // namespace

std::span<const std::string_view> all_migrations() { return kMigrations; }

}  // namespace muniment::storage
")
