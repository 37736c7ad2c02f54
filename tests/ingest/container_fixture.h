// Files that hold others: what of them is read, and what they give.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/error.h"
#include "tests/ingest/formats_fixture.h"

namespace muniment::ingest {

using Files = std::vector<std::pair<std::string, std::string>>;

class ContainerTest : public FormatsTest {
 protected:
  static Files members(const Source& source, const MemberLimits& limits = {}) {
    Files files;
    extractor_->read_members(source, limits, [&](const std::string& path, const FileReader::Bytes& bytes) {
      std::string content;
      std::string piece(1000, '\0');
      while (const auto got = bytes(std::as_writable_bytes(std::span(piece.data(), piece.size())))) {
        content += piece.substr(0, got);
      }
      files.emplace_back(path, content);
    });
    return files;
  }
  static std::string text_of(const Source& source) {
    std::string text;
    for (const auto& page : read(source)) text += page.text() + "\n";
    return text;
  }
  static core::ErrorCode refusal(const Source& source, const MemberLimits& limits) {
    try {
      members(source, limits);
    } catch (const core::Error& error) {
      return error.code();
    }
    return core::ErrorCode::internal;
  }
};

inline std::string little_endian(std::uint64_t value, int size) {
  std::string bytes;
  for (int i = 0; i < size; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xFF);
  return bytes;
}

}  // namespace muniment::ingest
