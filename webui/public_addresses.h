// Under which names the service is reached: a page of another name that leads here (DNS rebinding) gets nothing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace muniment::webui {

// Immutable, so thread-safe.
class PublicAddresses {
 public:
  // Nothing is configured: any name is taken for ours.
  PublicAddresses() = default;
  // Each as "https://archive.example.org" or "http://archive:8420". Error(invalid_argument) that says which is not.
  explicit PublicAddresses(const std::vector<std::string>& addresses);

  // Of a request's Host. Its port does not count: what is forwarded may have another.
  bool is_ours(std::string_view host) const;
  // Of a request's Origin, with its Host: the page that it was made from is of the service, as it is configured, or of
  // the very host that was asked when that is this machine, or when nothing is configured.
  bool is_own_origin(std::string_view origin, std::string_view host) const;

 private:
  std::vector<std::string> origins_;  // lower case, without a port that goes without saying
  std::vector<std::string> names_;
};

}  // namespace muniment::webui
