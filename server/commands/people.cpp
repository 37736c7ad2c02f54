// muniment user add, muniment user clearance, muniment user mail-address, muniment user reset-second-factor, muniment
// token create
#include <iostream>

#include "server/archive.h"
#include "server/commands/command.h"

namespace muniment::server {

using nlohmann::json;

namespace {

json account_named(Archive& archive, const std::string& name) {
  const json accounts = archive.ask("GET", "/api/v1/accounts?limit=200&q=" + encoded(name));
  for (const json& account : accounts.at("items")) {
    if (account.value("name", "") == name) return account;
  }
  throw UsageError{"there is no account " + name};
}

// By its name, or its number.
std::int64_t level_named(Archive& archive, const std::string& name) {
  const std::vector<json> levels = archive.ask_all("/api/v1/levels");
  std::string known;
  for (const json& level : levels) {
    if (level.at("name") == name || level.at("number").dump() == name) return level.at("number");
    known += (known.empty() ? "" : ", ") + level.at("name").get<std::string>();
  }
  throw UsageError{"there is no level " + name + "; there are " + known};
}

}  // namespace

int run_user_add(const Arguments& arguments) {
  json body{{"name", arguments.word(0, "the account's name")}};
  const auto role = arguments.value("--role");
  if (!role) throw UsageError{"missing: --role reader, staff, records-manager, admin or a composed one"};
  body["role"] = *role;
  if (const auto display = arguments.value("--display-name")) body["display_name"] = *display;
  if (arguments.has("--password-stdin")) {
    std::string password;
    std::getline(std::cin, password);
    body["password"] = password;
  }
  Archive archive(arguments.data, arguments.configuration);
  const json account = archive.ask("POST", "/api/v1/accounts", body);
  std::cout << (arguments.has("--json") ? account.dump() : "account " + account.at("id").dump() + " made") << "\n";
  return kDone;
}

int run_user_clearance(const Arguments& arguments) {
  const std::string& name = arguments.word(0, "the account's name");
  Archive archive(arguments.data, arguments.configuration);
  json account = account_named(archive, name);
  if (arguments.words.size() > 1) {
    account = archive.change("PATCH", "/api/v1/accounts/" + account.at("id").dump(),
                             {{"clearance", level_named(archive, arguments.words[1])}}, account.at("version"));
  }
  const json& clearance = account.at("clearance");
  std::cout << (arguments.has("--json") ? clearance.dump() : clearance.at("name").get<std::string>()) << "\n";
  return kDone;
}

int run_user_mail_address(const Arguments& arguments) {
  const std::string& name = arguments.word(0, "the account's name");
  Archive archive(arguments.data, arguments.configuration);
  const std::string path = "/api/v1/accounts/" + account_named(archive, name).at("id").dump() + "/mail";
  const json mail = arguments.words.size() > 1 ? archive.ask("PUT", path, {{"address", arguments.words[1]}})
                                               : archive.ask("GET", path);
  std::cout << (arguments.has("--json") ? mail.dump() : mail.at("address").get<std::string>()) << "\n";
  return kDone;
}

int run_user_reset_second_factor(const Arguments& arguments) {
  const std::string& name = arguments.word(0, "the account's name");
  Archive archive(arguments.data, arguments.configuration);
  const std::string id = account_named(archive, name).at("id").dump();
  archive.ask("DELETE", "/api/v1/accounts/" + id + "/second-factor");
  std::cout << name << " signs in with the password alone\n";
  return kDone;
}

int run_token_create(const Arguments& arguments) {
  const std::string& name = arguments.word(0, "the account's name");
  Archive archive(arguments.data, arguments.configuration);
  json body{{"name", arguments.value("--name").value_or("command line")},
            {"account", account_named(archive, name).at("id")}};
  if (arguments.has("--scope")) body["scopes"] = arguments.values("--scope");
  if (const auto last_day = arguments.value("--until")) body["expires_at"] = *last_day + "T23:59:59Z";
  const json made = archive.ask("POST", "/api/v1/tokens", body);
  std::cout << (arguments.has("--json") ? made.dump() : made.at("token").get<std::string>()) << "\n";
  return kDone;
}

}  // namespace muniment::server
