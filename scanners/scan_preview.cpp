// What lies on the glass, before it is scanned.
#include "core/error.h"
#include "core/files.h"
#include "scanners/scan_desk.h"

namespace muniment::scanners {

namespace fs = std::filesystem;
using core::Error;
using core::ErrorCode;
using storage::Principal;

namespace {

constexpr std::uint64_t kLargestPreview = 64 << 20;
constexpr int kPreviewResolution = 75;

}  // namespace

std::string ScanDesk::preview(const Principal& who, const std::string& scanner, ColourMode mode) {
  who.require(storage::Permission::capture);
  ScanSettings settings;
  settings.source = PaperSource::flatbed;
  settings.mode = mode == ColourMode::black_white ? ColourMode::grey : mode;
  settings.resolution = kPreviewResolution;
  settings.paper = "full";
  // Not a number: what a crash leaves of it goes at the next start.
  const core::TempFile unique(folder_);
  const fs::path folder = unique.path().string() + ".preview";
  fs::create_directory(folder);
  std::string picture, problem;
  try {
    problem = program_.scan(scanner, settings, folder, 1, 1,
                            [&](const ScannedPage& page) {
                              picture = core::read_file(folder / ("1" + page.extension), kLargestPreview);
                              return false;
                            },
                            {});
  } catch (const Error&) {
    fs::remove_all(folder);
    throw;
  }
  fs::remove_all(folder);
  if (!picture.empty()) return picture;
  if (problem == "busy") throw Error(ErrorCode::conflict, "somebody uses the scanner; try again");
  if (problem == "not_found") throw Error(ErrorCode::not_found, "there is no such scanner, or it has no glass");
  throw Error(ErrorCode::unavailable, "the scanner delivers no picture; look at it").because(problem);
}

}  // namespace muniment::scanners
