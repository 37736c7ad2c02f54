// The numbered files of storage/migrations in their order, and where they lead to; embedded by embed_migrations.py.
#pragma once

#include <span>
#include <string_view>

namespace muniment::storage {

// Migration n (from 1) is at index n - 1.
std::span<const std::string_view> all_migrations();

// Statements that make an empty database, in one transaction, what all of them, one after the other, would make of it.
std::span<const std::string_view> newest_schema();

}  // namespace muniment::storage
