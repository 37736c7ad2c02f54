#include "server/asking_as.h"

#include <iostream>

#include "core/error.h"
#include "server/commands/command.h"

namespace muniment::server {

using nlohmann::json;

AskingAs::AskingAs(Archive& archive, const std::string& account, const std::string& purpose) : archive_(archive) {
  const json accounts = archive.ask("GET", "/api/v1/accounts?limit=200&q=" + encoded(account));
  for (const json& one : accounts.at("items")) {
    if (one.value("name", "") != account) continue;
    const json made = archive.ask("POST", "/api/v1/tokens", {{"name", purpose}, {"account", one.at("id")}});
    token_ = made.at("token").get<std::string>();
    id_ = made.at("id").get<std::int64_t>();
    return;
  }
  throw UsageError{"there is no account " + account};
}

AskingAs::~AskingAs() {
  try {
    // Only its owner can revoke a token.
    archive_.send("DELETE", "/api/v1/tokens/" + std::to_string(id_), "", token_);
  } catch (const core::Error& error) {
    std::cerr << "the token made for this command was not revoked: " << error.message() << "\n";
  }
}

}  // namespace muniment::server
