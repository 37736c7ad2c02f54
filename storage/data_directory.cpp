#include "storage/data_directory.h"

#include <cerrno>

#include <sys/stat.h>

#include "core/error.h"

namespace muniment::storage {

DataDirectory::DataDirectory(std::filesystem::path root) : root_(std::filesystem::absolute(std::move(root))) {
  for (const auto& part : {root_, blobs(), renditions(), index(), keys(), temp(), uploads()}) {
    core::create_directories_durably(part);
  }
  if (::chmod(keys().c_str(), 0700) != 0) throw core::system_error("protect " + keys().string(), errno);
}

}  // namespace muniment::storage
