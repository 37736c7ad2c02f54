// The numbered files of storage/migrations, embedded by CMake in their order.
#pragma once

#include <span>
#include <string_view>

namespace muniment::storage {

// Migration n (from 1) is at index n - 1.
std::span<const std::string_view> all_migrations();

}  // namespace muniment::storage
