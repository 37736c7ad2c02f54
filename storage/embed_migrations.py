"""Writes the files of a folder of migrations as a C++ source, and with them the schema that they lead to, so that a new
archive is made at once: most of what they do is to change a schema that stands, which SQLite reads as a whole each time.

embed_migrations.py FOLDER OUTPUT. The numbers must be 0001, 0002, ... without a gap.
"""
import pathlib
import re
import sqlite3
import sys

LONGEST_LITERAL = 8000  # characters; compilers must accept 65536, and neighbours are joined


def read_migrations(folder):
    migrations = {}
    for file in sorted(pathlib.Path(folder).glob("[0-9][0-9][0-9][0-9]_*.sql")):
        expected = f"{len(migrations) + 1:04}"
        if not file.name.startswith(expected):
            sys.exit(f"migration {file.name}: expected number {expected}")
        migrations[file.name] = file.read_text(encoding="utf-8")
    return migrations


def newest_schema(migrations):
    """Everything that an archive holds when all migrations have been made, as statements of one transaction."""
    with sqlite3.connect(":memory:", isolation_level=None) as database:
        for name, text in migrations.items():
            try:
                database.executescript(text)
            except sqlite3.Error as error:
                sys.exit(f"migration {name}: {error}")
        lines = [line for line in database.iterdump() if line not in ("BEGIN TRANSACTION;", "COMMIT;")]
    # They come by the names of the tables: a row may refer to a table, and to a row, that is made after it.
    lines.sort(key=lambda line: not line.startswith("CREATE TABLE"))
    return ["PRAGMA defer_foreign_keys = ON;", *lines]


def literal(text):
    pieces = [text[at:at + LONGEST_LITERAL] for at in range(0, len(text), LONGEST_LITERAL)]
    return "\n".join(f'    R"sql({piece})sql"' for piece in pieces)


def main():
    migrations = read_migrations(sys.argv[1])
    entries = "".join(f"    // {name}\n{literal(text)},\n" for name, text in migrations.items())
    statements = "".join(f"{literal(statement)},\n" for statement in newest_schema(migrations))
    assert not re.search(r'\)sql"', "".join(migrations.values()))
    with open(sys.argv[2], "w", encoding="utf-8") as target:
        target.write(f'''#include "storage/internal/migrations.h"

namespace muniment::storage {{

namespace {{

constexpr std::string_view kMigrations[] = {{
{entries}}};

constexpr std::string_view kNewestSchema[] = {{
{statements}}};

}}  // namespace

std::span<const std::string_view> all_migrations() {{ return kMigrations; }}

std::span<const std::string_view> newest_schema() {{ return kNewestSchema; }}

}}  // namespace muniment::storage
''')


if __name__ == "__main__":
    main()
