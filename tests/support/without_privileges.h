// What an ordinary account may not do fails for root, too.
#pragma once

#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace muniment::testing {

// Takes root's capabilities from this thread, and from those that begin in it, for as long as it lives; who is not root
// has none to lose.
class WithoutPrivileges {
 public:
  WithoutPrivileges() {
    ::syscall(SYS_capget, &header_, before_);
    __user_cap_data_struct none[2] = {before_[0], before_[1]};
    for (auto& half : none) half.effective = 0;
    ::syscall(SYS_capset, &header_, none);
  }
  ~WithoutPrivileges() { ::syscall(SYS_capset, &header_, before_); }
  WithoutPrivileges(const WithoutPrivileges&) = delete;
  WithoutPrivileges& operator=(const WithoutPrivileges&) = delete;

 private:
  __user_cap_header_struct header_{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct before_[2] = {};
};

}  // namespace muniment::testing
