// muniment role list, role add, role change, role delete
#include <iostream>

#include "server/archive.h"
#include "server/commands/command.h"

namespace muniment::server {

using nlohmann::json;

namespace {

json composed_role_named(Archive& archive, const std::string& name) {
  for (const json& role : archive.ask_all("/api/v1/roles?q=" + encoded(name))) {
    if (role.at("name") != name) continue;
    if (role.at("id").is_null()) throw UsageError{"the role " + name + " is a standing one, which nobody can alter"};
    return role;
  }
  throw UsageError{"there is no role " + name};
}

json role_content(const Arguments& arguments) {
  json body = json::object();
  if (const auto description = arguments.value("--description")) body["description"] = *description;
  if (arguments.has("--permission")) body["permissions"] = arguments.values("--permission");
  return body;
}

std::string path_of_role(const json& role) {
  return "/api/v1/roles/" + role.at("id").dump();
}

int tell_of_role(const Arguments& arguments, const json& role, const std::string& what) {
  std::cout << (arguments.has("--json") ? role.dump() : "role " + role.at("name").get<std::string>() + what) << "\n";
  return kDone;
}

}  // namespace

int run_role_list(const Arguments& arguments) {
  Archive archive(arguments.data, arguments.configuration);
  const std::vector<json> roles = archive.ask_all("/api/v1/roles");
  if (arguments.has("--json")) {
    std::cout << json(roles).dump() << "\n";
    return kDone;
  }
  for (const json& role : roles) {
    std::cout << role.at("name").get<std::string>() << (role.at("id").is_null() ? "" : " (composed)") << "\n ";
    for (const json& permission : role.at("permissions")) std::cout << " " << permission.get<std::string>();
    std::cout << "\n";
  }
  return kDone;
}

int run_role_add(const Arguments& arguments) {
  json body = role_content(arguments);
  body["name"] = arguments.word(0, "the role's name");
  if (!body.contains("permissions")) throw UsageError{"missing: --permission NAME; see muniment role list"};
  Archive archive(arguments.data, arguments.configuration);
  return tell_of_role(arguments, archive.ask("POST", "/api/v1/roles", body), " made");
}

int run_role_change(const Arguments& arguments) {
  json body = role_content(arguments);
  if (const auto name = arguments.value("--name")) body["name"] = *name;
  if (body.empty()) throw UsageError{"missing: --name, --description or --permission"};
  const std::string& name = arguments.word(0, "the role's name");
  Archive archive(arguments.data, arguments.configuration);
  const json role = composed_role_named(archive, name);
  return tell_of_role(arguments, archive.change("PATCH", path_of_role(role), body, role.at("version")), " changed");
}

int run_role_delete(const Arguments& arguments) {
  const std::string& name = arguments.word(0, "the role's name");
  Archive archive(arguments.data, arguments.configuration);
  const json role = composed_role_named(archive, name);
  Archive::require_success(archive.send("DELETE", path_of_role(role), "", "", "\"" + role.at("version").dump() + "\""));
  return tell_of_role(arguments, role, " deleted");
}

}  // namespace muniment::server
