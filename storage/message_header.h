// A line of an e-mail's header, as a reader sees it.
#pragma once

#include <string>

namespace muniment::storage {

struct MessageHeader {
  std::string name;   // "From", "Message-ID"
  std::string value;  // decoded, UTF-8, one line
  bool operator==(const MessageHeader&) const = default;
};

}  // namespace muniment::storage
