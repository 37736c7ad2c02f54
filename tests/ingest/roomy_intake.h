// What an intake takes in however full the disk is that the tests run on.
#pragma once

#include "ingest/intake.h"

namespace muniment::testing {

inline ingest::IntakeOptions roomy_intake() {
  ingest::IntakeOptions options;
  options.free_floor_bytes = 0;
  options.free_floor_percent = 0;
  return options;
}

}  // namespace muniment::testing
