// What the tests of formats share: an extractor, the built program behind it, and files made on the spot.
#pragma once

#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "core/clock.h"
#include "core/files.h"
#include "core/log.h"
#include "ingest/extractor.h"
#include "ingest/worker/pix.h"

namespace muniment::ingest {

core::FileDescriptor memory_file(std::string_view bytes = {});
// All of it.
std::string content(const core::FileDescriptor& file);

struct File {
  core::FileDescriptor descriptor;
  Source source;
  explicit File(std::string_view bytes, std::string name = "file")
      : descriptor(memory_file(bytes)), source{descriptor, bytes.size(), std::move(name)} {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
};

inline constexpr const char* kWords = "Invoice number 12345 from\nthe company Harbour and Sons\n";
// A picture of some words, as a scanner would make it: 8 bits, 200 dpi.
worker::PixPointer picture_of(const std::string& text);
// As one of Leptonica's IFF_ formats.
std::string encoded(Pix* pix, int format);

// A PDF of one A4 page with this content; object 4 is its /Helvetica.
std::string pdf_with(const std::string& drawing, const std::string& more_resources = "",
                     const std::optional<std::string>& image = {}, const std::string& image_dictionary = "");

class FormatsTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite();
  static void TearDownTestSuite();

  static std::vector<storage::PageLayer> read(const Source& source, const ReadOptions& options = {});
  static std::vector<storage::PageLayer> read(std::string_view bytes, const ReadOptions& options = {});
  static std::string type_of(std::string_view bytes, std::string name = "file");
  // The archive of a file made of what reading it gives; empty when the original is enough.
  static std::string archive_of(const Source& source);
  static std::string archive_of(std::string_view bytes);

  static std::unique_ptr<core::SystemClock> clock_;
  static std::unique_ptr<std::ostringstream> printed_;
  static std::unique_ptr<core::Log> log_;
  static std::unique_ptr<Extractor> extractor_;
};

}  // namespace muniment::ingest
