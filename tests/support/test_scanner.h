// Two scanners without hardware: those of SANE's `test` back end, whose feeder holds ten sheets.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include "scanners/scan_program.h"

namespace muniment::testing {

inline constexpr const char* kTestScanner = "test:0";

// SANE's configuration for them alone goes to `folder`, so that nothing else is looked for.
inline scanners::ScanProgramOptions test_scanners(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "dll.conf") << "test\n";
  std::ofstream(folder / "test.conf") << "number_of_devices 2\nmode Gray\ndepth 8\nresolution 75.0\n"
                                         "test-picture \"Grid\"\ngeometry_max 300.0\nbr_x 210.0\nbr_y 297.0\n";
  scanners::ScanProgramOptions options;
  options.program = MUNIMENT_SCAN;
  options.configuration = folder;
  return options;
}

}  // namespace muniment::testing
