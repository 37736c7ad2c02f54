// A token of another account for the time of one command, which thus sees and may do what that person would.
#pragma once

#include <cstdint>
#include <string>

#include "server/archive.h"

namespace muniment::server {

class AskingAs {
 public:
  // UsageError when there is no account of that name. `purpose` names the token in the audit log. `archive` outlives
  // this.
  AskingAs(Archive& archive, const std::string& account, const std::string& purpose);
  // Revokes the token, or says that it could not.
  ~AskingAs();
  AskingAs(const AskingAs&) = delete;
  AskingAs& operator=(const AskingAs&) = delete;

  const std::string& token() const { return token_; }

 private:
  Archive& archive_;
  std::string token_;
  std::int64_t id_ = 0;
};

}  // namespace muniment::server
