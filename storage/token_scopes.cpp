#include "storage/token_scopes.h"

#include "core/error.h"
#include "core/text.h"
#include "storage/access.h"

namespace muniment::storage {

using core::Error;
using core::ErrorCode;

std::string_view scope_name(TokenScope scope) {
  switch (scope) {
    case TokenScope::read:
      return "read";
    case TokenScope::add:
      return "add";
    case TokenScope::change:
      return "change";
    case TokenScope::records:
      return "records";
    case TokenScope::audit:
      return "audit";
    case TokenScope::administer:
      return "administer";
  }
  throw Error(ErrorCode::internal, "a scope has no name");
}

std::optional<TokenScope> parse_scope(std::string_view name) {
  for (const TokenScope scope : kTokenScopes) {
    if (scope_name(scope) == name) return scope;
  }
  return std::nullopt;
}

TokenScope scope_of(Permission permission) {
  switch (permission) {
    case Permission::read_documents:
      return TokenScope::read;
    case Permission::capture:
      return TokenScope::add;
    case Permission::edit_documents:
    case Permission::share_documents:
      return TokenScope::change;
    case Permission::manage_file_plan:
    case Permission::declare_records:
    case Permission::manage_records:
    case Permission::manage_schedules:
    case Permission::handle_privacy:
    case Permission::manage_holds:
    case Permission::propose_disposition:
    case Permission::approve_disposition:
    case Permission::lend_paper:
    case Permission::manage_paper:
    case Permission::transfer_records:
      return TokenScope::records;
    case Permission::read_audit:
      return TokenScope::audit;
    case Permission::manage_access:
    case Permission::manage_accounts:
    case Permission::operate:
      return TokenScope::administer;
  }
  throw Error(ErrorCode::internal, "a permission is in no scope");
}

TokenScopes TokenScopes::of(const std::vector<std::string>& names) {
  TokenScopes scopes;
  for (const std::string& name : names) {
    const auto scope = parse_scope(name);
    if (!scope) {
      throw Error(ErrorCode::invalid_argument, "there is no scope " + name,
                  {{"/scopes", "must be among read, add, change, records, audit and administer"}});
    }
    scopes.bits_ |= bit_of(*scope);
  }
  if (scopes == TokenScopes()) {
    throw Error(ErrorCode::invalid_argument, "a token needs a scope", {{"/scopes", "name at least one"}});
  }
  if (!scopes.has(TokenScope::read) && scopes.bits_ != bit_of(TokenScope::add)) {
    throw Error(ErrorCode::invalid_argument, "only the scope add goes without the scope read",
                {{"/scopes", "add read, or leave nothing but add"}});
  }
  return scopes;
}

TokenScopes TokenScopes::parse(std::string_view text) {
  TokenScopes scopes;
  for (const std::string_view name : core::split(text, ' ')) {
    if (const auto scope = parse_scope(name)) scopes.bits_ |= bit_of(*scope);
  }
  return scopes;
}

std::vector<std::string> TokenScopes::names() const {
  std::vector<std::string> names;
  for (const TokenScope scope : kTokenScopes) {
    if (has(scope)) names.emplace_back(scope_name(scope));
  }
  return names;
}

std::string TokenScopes::text() const {
  return core::joined(names(), " ");
}

}  // namespace muniment::storage
