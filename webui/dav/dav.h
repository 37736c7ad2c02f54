// WebDAV class 1 and 2 (RFC 4918) at /dav: the archive for file managers, and drop folders for devices
// (docs/webdav.md).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "webui/dav/drops.h"
#include "webui/exchange.h"
#include "webui/public_addresses.h"
#include "webui/read_audit.h"
#include "webui/services.h"
#include "webui/sign_in.h"

namespace muniment::webui::dav {

// Thread-safe.
class Dav {
 public:
  // Everything outlives this object.
  Dav(const WebServices& services, SignIn& sign_in, ReadAudit& reads, const PublicAddresses& addresses)
      : services_(services), sign_in_(sign_in), reads_(reads), addresses_(addresses) {}

  // Whether this is for here rather than for the API or the page.
  static bool is_asked(const Exchange& exchange);
  void handle(Exchange& exchange);
  // Forgets what has expired.
  void clean_up();

 private:
  void answer(Exchange& exchange, const storage::Principal& who);

  const WebServices& services_;
  SignIn& sign_in_;
  ReadAudit& reads_;
  const PublicAddresses& addresses_;
  Drops drops_;
};

}  // namespace muniment::webui::dav
