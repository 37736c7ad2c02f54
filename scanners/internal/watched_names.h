// What the two halves of watch_folder.h share: names in a watched folder, and what becomes of a file there.
#pragma once

#include <chrono>
#include <string_view>

#include "core/error.h"
#include "ingest/intake.h"
#include "scanners/internal/dropped_file.h"

namespace muniment::scanners {

inline constexpr std::string_view kFailed = "failed";
inline constexpr std::string_view kDoubleSided = "double-sided";
// At a file that somebody still writes, when nothing has to settle.
inline constexpr std::chrono::milliseconds kLookAgain{100};

// Nothing could be taken in now.
inline bool stalls(const core::Error& error) {
  return error.code() == core::ErrorCode::storage_full || error.code() == core::ErrorCode::unavailable;
}
// It says nothing of the file: that is not set aside for it.
inline bool is_ours(const core::Error& error) {
  return stalls(error) || error.code() == core::ErrorCode::io;
}

// Reads the file once; it outlives what is returned. Of one that is still written nothing enters: it would be a
// document that is half of another. Error(stale).
ingest::Intake::Reader whole_of(const DroppedFile& file);

}  // namespace muniment::scanners
