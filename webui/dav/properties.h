// What PROPFIND is asked for, and the answer of one resource.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/file_locks.h"
#include "webui/dav/tree.h"
#include "webui/exchange.h"

namespace muniment::webui::dav {

class PropertyRequest {
 public:
  // Empty when the body is no propfind element. No body asks for everything.
  static std::optional<PropertyRequest> read(Exchange& http);

  // Its propstat elements. `discovery` is the content of lockdiscovery.
  std::string answer(const Resource& resource, const std::vector<storage::FileProperty>& dead,
                     std::string_view discovery) const;

 private:
  enum class Wish { all, names, some };
  std::string all(const Resource& resource, const std::vector<storage::FileProperty>& dead,
                  std::string_view discovery) const;
  Wish wish_ = Wish::all;
  std::vector<std::pair<std::string, std::string>> wanted_;  // namespace and name
};

// One propstat element.
std::string propstat(std::string_view properties, int status);
// Whether the archive itself says what it is: clients cannot set it.
bool is_live_property(std::string_view space, std::string_view name);

}  // namespace muniment::webui::dav
