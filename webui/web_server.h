// The web side of the service: API, sign-in and page on one port.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "ingest/barcode_rules.h"
#include "storage/sessions.h"
#include "webui/http_server.h"
#include "webui/public_addresses.h"
#include "webui/router.h"
#include "webui/services.h"

namespace muniment::webui {

struct WebOptions {
  HttpOptions http;
  PublicAddresses addresses;               // under another name nothing is answered
  std::filesystem::path page_directory;    // the built front end; empty: API only
  std::filesystem::path upload_directory;  // where unfinished uploads are
  std::string local_token;                 // of DATA/service.json
  std::string setup_code;                  // for making the first account; empty: it cannot be made here
  std::vector<std::string> languages;      // that documents may be in
  storage::SessionLimits sessions;
  std::chrono::hours upload_lifetime{24};  // since the last byte of an unfinished upload
  bool audit_searches = false;
  ingest::BarcodeRules barcodes;                   // that hold unless people have set others
  std::chrono::days longest_share{90};             // how long a link for people without an account may be good
  std::vector<storage::Role> second_factor_roles;  // whose people must sign in with a second factor
  int disposition_approvals = 1;                   // by others than the proposer, at least
  bool demonstration = false;                      // another day can be made today
  std::chrono::hours trash_kept{24 * 30};          // how long something stays in the trash
  bool sends_mail = false;                         // a mail server for sending is configured
};

class WebServer {
 public:
  WebServer(WebServices services, WebOptions options);
  // Stops.
  ~WebServer();

  // Error(unavailable) when the address is taken.
  void start();
  // Takes no more requests, ends the event streams and waits for running requests. Doing it twice is not an error.
  void stop();
  std::uint16_t port() const;
  const Router& router() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace muniment::webui
