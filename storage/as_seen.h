// Whoever changes something has to have seen it as it is: they say its version, which is the ETag.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/error.h"

namespace muniment::storage {

// Error(stale) that tells the version. `what` is the word for it: "role".
inline void require_as_seen(std::int64_t version, std::int64_t seen, std::string_view what) {
  if (version == seen) return;
  throw core::Error(core::ErrorCode::stale,
                    "somebody else has changed this " + std::string(what) + "; look at it again")
      .now_at(version);
}

// What was looked for, as it is. Error(not_found), Error(stale).
template <typename Found>
Found require_as_seen(std::optional<Found> found, std::int64_t seen, std::string_view what) {
  if (!found) throw core::Error(core::ErrorCode::not_found, "there is no such " + std::string(what));
  require_as_seen(found->version, seen, what);
  return std::move(*found);
}

}  // namespace muniment::storage
