// What a token may be used for. Scopes narrow what its owner may do, and never widen it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace muniment::storage {

enum class Permission;

enum class TokenScope {
  read,        // search, look, download
  add,         // bring documents in
  change,      // metadata, notes, tags, the trash, share links; and what every person may keep for themselves
  records,     // the file plan, records, retention, holds, disposition, paper, privacy
  audit,       // the audit log
  administer,  // access, accounts, operation; and the sign-in and the tokens of the account itself
};

// In the order in which they are told.
inline constexpr std::array kTokenScopes = {TokenScope::read,    TokenScope::add,   TokenScope::change,
                                            TokenScope::records, TokenScope::audit, TokenScope::administer};

std::string_view scope_name(TokenScope scope);  // "administer"
std::optional<TokenScope> parse_scope(std::string_view name);
// Each permission is in one scope.
TokenScope scope_of(Permission permission);

// A set of scopes.
class TokenScopes {
 public:
  TokenScopes() = default;  // none
  static constexpr TokenScopes all() {
    TokenScopes scopes;
    for (const TokenScope scope : kTokenScopes) scopes.bits_ |= bit_of(scope);
    return scopes;
  }
  // Error(invalid_argument) for an unknown name, for none at all, and for any but `add` without `read`: what is changed
  // is shown, too.
  static TokenScopes of(const std::vector<std::string>& names);
  // As text() writes it; a name that this version does not know allows nothing.
  static TokenScopes parse(std::string_view text);

  bool has(TokenScope scope) const { return (bits_ & bit_of(scope)) != 0; }
  std::vector<std::string> names() const;
  std::string text() const;  // "read change"
  bool operator==(const TokenScopes&) const = default;

 private:
  static constexpr std::uint32_t bit_of(TokenScope scope) { return 1U << static_cast<unsigned>(scope); }
  std::uint32_t bits_ = 0;
};

}  // namespace muniment::storage
