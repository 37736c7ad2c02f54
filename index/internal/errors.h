// Xapian's exceptions at the folder's border.
#pragma once

#include <string>

#include <xapian.h>

#include "core/error.h"

namespace muniment::index {

inline core::Error translated(const Xapian::Error& error) {
  const std::string cause = error.get_description();
  const std::string type = error.get_type();
  if (type == "DatabaseLockError") {
    return core::Error(core::ErrorCode::unavailable, "the search index is being written by another process")
        .because(cause);
  }
  if (type == "DatabaseCorruptError" || type == "DatabaseVersionError" || type == "DatabaseOpeningError" ||
      type == "DatabaseNotFoundError") {
    return core::Error(core::ErrorCode::corrupt, "the search index is damaged; run \"muniment reindex\"")
        .because(cause);
  }
  if (type == "DatabaseError" || type == "DatabaseModifiedError") {
    return core::Error(core::ErrorCode::io, "the search index could not be read or written").because(cause);
  }
  return core::Error(core::ErrorCode::internal, "the search failed").because(cause);
}

}  // namespace muniment::index
