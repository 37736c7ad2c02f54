#include "storage/share_links.h"

#include <array>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/hash.h"
#include "core/text.h"
#include "storage/internal/named_values.h"
#include "storage/internal/refusal.h"
#include "storage/internal/represented.h"
#include "storage/restrictions.h"

namespace muniment::storage {

using core::Error;
using core::ErrorCode;

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLongestLabel = 200;
constexpr std::int64_t kMostDownloads = 10'000;

constexpr std::array<std::pair<SharedFiles, std::string_view>, 3> kFiles = {
    {{SharedFiles::original, "original"}, {SharedFiles::archive, "archive"}, {SharedFiles::both, "both"}}};

constexpr std::array<std::pair<ShareState, std::string_view>, 5> kShareStates = {{{ShareState::open, "open"},
                                                                                  {ShareState::expired, "expired"},
                                                                                  {ShareState::used_up, "used-up"},
                                                                                  {ShareState::revoked, "revoked"},
                                                                                  {ShareState::closed, "closed"}}};

// Empty when a link of this person would show nothing.
std::optional<Document> shown_document(Session& session, std::int64_t account_id, std::int64_t document_id) {
  const auto maker = load_principal(session, account_id, "");
  if (!maker || !maker->may(Permission::share_documents)) return std::nullopt;
  auto document = find_document(session, *maker, document_id);
  if (!document || document->components.empty() || !obstacle_to_passing_on(session, *document).empty()) {
    return std::nullopt;
  }
  return document;
}

struct Found {
  ShareLink link;
  std::optional<core::Time> revoked_at;
  std::optional<core::Time> suspended_at;  // restored_access.h
};

// Without the title.
std::optional<Found> read_link(Session& session, std::int64_t id) {
  const auto row = session.row<std::int64_t, std::int64_t, std::string, std::string, std::string, std::string,
                               std::optional<std::int64_t>, std::int64_t, core::Time, core::Time,
                               std::optional<core::Time>, std::optional<core::Time>, std::optional<core::Time>>(
      "SELECT l.document_id, l.account_id, a.display_name, l.label, l.files, l.password_hash, "
      "l.most_downloads, l.downloads, l.created_at, l.expires_at, l.revoked_at, "
      "l.last_used_at, l.suspended_at FROM share_link l JOIN account a ON a.id = l.account_id WHERE l.id = $1",
      id);
  if (!row) return std::nullopt;
  Found found;
  ShareLink& link = found.link;
  link.id = id;
  std::string files;
  std::tie(link.document_id, link.account_id, link.maker, link.terms.label, files, link.terms.password_hash,
           link.terms.most_downloads, link.downloads, link.created_at, link.terms.expires_at, found.revoked_at,
           link.last_used_at, found.suspended_at) = *row;
  link.terms.files = parse_shared_files(files).value();
  return found;
}

// Without asking whether there is anything to show.
ShareState state_by_itself(const Found& found, core::Time now) {
  const ShareLink& link = found.link;
  if (found.revoked_at) return ShareState::revoked;
  if (link.terms.expires_at <= now) return ShareState::expired;
  if (link.terms.most_downloads && link.downloads >= *link.terms.most_downloads) return ShareState::used_up;
  return found.suspended_at ? ShareState::closed : ShareState::open;
}

// Empty when `who` may not read its document.
std::optional<ShareLink> link_for(Session& session, const Principal& who, std::int64_t id, core::Time now) {
  auto found = read_link(session, id);
  if (!found) return std::nullopt;
  ShareLink& link = found->link;
  const auto document = find_document(session, who, link.document_id);
  if (!document) return std::nullopt;
  link.document_title = document->title;
  link.state = state_by_itself(*found, now);
  if (link.state == ShareState::open && !shown_document(session, link.account_id, link.document_id)) {
    link.state = ShareState::closed;
  }
  return std::move(link);
}

std::vector<ShareLink> links_for(Session& session, const Principal& who,
                                 const std::vector<std::tuple<std::int64_t>>& ids, core::Time now) {
  std::vector<ShareLink> links;
  for (const auto& [id] : ids) {
    if (auto link = link_for(session, who, id, now)) links.push_back(std::move(*link));
  }
  return links;
}

std::string described(std::int64_t id, const ShareTerms& terms) {
  return Json{{"link", id},
              {"label", terms.label},
              {"files", shared_files_name(terms.files)},
              {"expires_at", core::to_rfc3339(terms.expires_at)},
              {"password", !terms.password_hash.empty()},
              {"most_downloads", terms.most_downloads ? Json(*terms.most_downloads) : Json()}}
      .dump();
}

ShareTerms checked(const ShareTerms& terms, core::Time now, std::chrono::days longest) {
  ShareTerms clean = terms;
  clean.label = core::collapse_space(core::to_nfc(terms.label));
  if (clean.label.size() > kLongestLabel) refuse("/label", "may have at most 200 bytes");
  if (terms.expires_at <= now || terms.expires_at > core::end_of_day(now, longest)) {
    refuse("/expires_at", "must be a time to come, within " + std::to_string(longest.count()) + " days");
  }
  if (terms.most_downloads && (*terms.most_downloads < 1 || *terms.most_downloads > kMostDownloads)) {
    refuse("/most_downloads", "must be from 1 to " + std::to_string(kMostDownloads));
  }
  return clean;
}

}  // namespace

std::string_view shared_files_name(SharedFiles files) {
  return name_in(kFiles, files);
}

std::optional<SharedFiles> parse_shared_files(std::string_view name) {
  return value_in(kFiles, name);
}

std::string_view share_state_name(ShareState state) {
  return name_in(kShareStates, state);
}

MadeShareLink create_share_link(Transaction& tx, core::Random& random, const Principal& who, std::int64_t document_id,
                                const ShareTerms& terms, std::chrono::days longest) {
  who.require(Permission::share_documents);
  // It would show what this person may read after the token has been revoked.
  require_in_person(who, "make links");
  if (who.is_system()) throw Error(ErrorCode::forbidden, "a link belongs to a person; use --as NAME");
  if (longest.count() == 0) throw Error(ErrorCode::forbidden, "links are turned off here; ask an administrator");
  if (!may_read_document(tx, who, document_id)) {
    throw Error(ErrorCode::not_found, "there is no document " + std::to_string(document_id));
  }
  if (!shown_document(tx, who.account_id, document_id)) {
    throw Error(ErrorCode::conflict,
                "this document cannot be shared: it lies in the trash, has no file, or its processing is restricted");
  }
  const ShareTerms clean = checked(terms, tx.now(), longest);
  MadeShareLink made;
  made.token = random.token(32);
  const std::int64_t id = tx.insert(
      "INSERT INTO share_link (document_id, account_id, token_hash, label, files, password_hash, most_downloads, "
      "created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
      document_id, who.account_id, core::Sha256::of(made.token), clean.label, shared_files_name(clean.files),
      clean.password_hash, clean.most_downloads, tx.now(), clean.expires_at);
  made.link = link_for(tx, who, id, tx.now()).value();
  tx.audit({"share_link.created", "document", document_id, "", described(id, clean)});
  return made;
}

std::vector<ShareLink> share_links_of(Session& session, const Principal& who, std::int64_t document_id,
                                      core::Time now) {
  return links_for(
      session, who,
      session.rows<std::int64_t>("SELECT id FROM share_link WHERE document_id = $1 ORDER BY id DESC", document_id),
      now);
}

std::vector<ShareLink> list_share_links(Session& session, const Principal& who, core::Time now) {
  const bool all = who.may(Permission::manage_access);
  return links_for(
      session, who,
      session.rows<std::int64_t>("SELECT id FROM share_link WHERE account_id = $1 OR $2 = 1 ORDER BY id DESC",
                                 who.account_id, all),
      now);
}

void revoke_share_link(Transaction& tx, const Principal& who, std::int64_t id) {
  const auto found = read_link(tx, id);
  const bool own = found && found->link.account_id == who.account_id;
  const bool known = found && (own || may_read_document(tx, who, found->link.document_id));
  if (!known) throw Error(ErrorCode::not_found, "there is no link " + std::to_string(id));
  if (!own && !who.may(Permission::manage_access)) {
    throw Error(ErrorCode::forbidden, "only who made a link, or a records manager, can revoke it");
  }
  if (found->revoked_at) return;
  tx.execute("UPDATE share_link SET revoked_at = $1 WHERE id = $2", tx.now(), id);
  tx.audit({"share_link.revoked", "document", found->link.document_id, Json{{"link", id}}.dump(), ""});
}

std::optional<SharedDocument> find_shared_document(Session& session, std::string_view token, core::Time now) {
  const auto id =
      session.value<std::int64_t>("SELECT id FROM share_link WHERE token_hash = $1", core::Sha256::of(token));
  if (!id) return std::nullopt;
  const auto found = read_link(session, *id);
  if (!found || state_by_itself(*found, now) != ShareState::open) return std::nullopt;
  auto document = shown_document(session, found->link.account_id, found->link.document_id);
  if (!document) return std::nullopt;
  return SharedDocument{*id, found->link.account_id, found->link.terms, std::move(*document)};
}

void note_share_opened(Transaction& tx, const SharedDocument& shared) {
  tx.execute("UPDATE share_link SET last_used_at = $1 WHERE id = $2", tx.now(), shared.link_id);
  tx.audit({"share_link.opened", "document", shared.document.id, "", Json{{"link", shared.link_id}}.dump()});
}

void note_share_refused(Transaction& tx, const SharedDocument& shared) {
  AuditEvent event{"share_link.refused", "document", shared.document.id, "", Json{{"link", shared.link_id}}.dump()};
  event.succeeded = false;
  tx.audit(event);
}

bool count_share_download(Transaction& tx, const SharedDocument& shared, std::string_view what) {
  const bool counted =
      tx.execute(
          "UPDATE share_link SET downloads = downloads + 1, last_used_at = $1 WHERE id = $2 AND "
          "revoked_at IS NULL AND suspended_at IS NULL AND (most_downloads IS NULL OR downloads < most_downloads)",
          tx.now(), shared.link_id) > 0;
  if (!counted || !shown_document(tx, shared.maker_id, shared.document.id)) return false;
  tx.audit({"share_link.downloaded", "document", shared.document.id, "",
            Json{{"link", shared.link_id}, {"what", what}}.dump()});
  return true;
}

}  // namespace muniment::storage
