// Links to documents for people without an account, as those who make them see them.
#include "storage/share_links.h"

#include "core/error.h"
#include "webui/api/api.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using storage::Permission;
using storage::ShareLink;
using storage::ShareTerms;

namespace {

Json link_json(const storage::Principal& who, const ShareLink& link) {
  return {{"id", link.id},
          {"document", {{"id", link.document_id}, {"title", link.document_title}}},
          {"label", link.terms.label},
          {"files", storage::shared_files_name(link.terms.files)},
          {"expires_at", core::to_rfc3339(link.terms.expires_at)},
          {"has_password", !link.terms.password_hash.empty()},
          {"most_downloads", nullable(link.terms.most_downloads)},
          {"downloads", link.downloads},
          {"created_at", core::to_rfc3339(link.created_at)},
          {"last_used_at", time_json(link.last_used_at)},
          {"maker", named_json(link.account_id, link.maker)},
          {"own", link.account_id == who.account_id},
          {"state", storage::share_state_name(link.state)}};
}

ShareTerms share_terms(Fields& body, Api& api) {
  ShareTerms terms;
  terms.label = body.maybe_text("label").value_or("");
  const auto files = storage::parse_shared_files(body.maybe_text("files").value_or("original"));
  if (!files) {
    throw Error(ErrorCode::invalid_argument, "files must be original, archive or both",
                {{"/files", "must be original, archive or both"}});
  }
  terms.files = *files;
  const auto expires_at = core::parse_rfc3339(body.text("expires_at"));
  if (!expires_at) {
    throw Error(ErrorCode::invalid_argument, "expires_at must be a time",
                {{"/expires_at", "must be a time: 2026-01-31T12:00:00Z"}});
  }
  terms.expires_at = *expires_at;
  const auto password = body.nullable_text("password").value_or(std::nullopt);
  terms.most_downloads = body.nullable_number("most_downloads").value_or(std::nullopt);
  body.finish();
  if (password) {
    storage::PasswordHasher::require_acceptable(*password);
    terms.password_hash = api.services.passwords.hash(*password);
  }
  return terms;
}

void create_link(Call& call, Api& api) {
  std::int64_t document_id = 0;
  {
    auto session = api.services.database.read();
    document_id = require_document(session, call).id;
  }
  Fields body = Fields::of(call.http);
  const ShareTerms terms = share_terms(body, api);
  auto tx = api.services.database.begin(call.who.actor());
  const storage::MadeShareLink made =
      storage::create_share_link(tx, api.services.random, call.who, document_id, terms, api.options.longest_share);
  tx.commit();
  Json json = link_json(call.who, made.link);
  json["path"] = "/share/" + made.token;
  send_json(call.http, 201, json);
}

}  // namespace

void add_share_links(Router& router, Api& api) {
  const std::string of_document = "/api/v1/documents/{id}/share-links";
  const auto json = [](Call& call) { return [&call](const ShareLink& link) { return link_json(call.who, link); }; };
  router.add("GET", of_document, Permission::share_documents, [&api, json](Call& call) {
    auto session = api.services.database.read();
    const std::int64_t id = require_document(session, call).id;
    send_window(call, storage::share_links_of(session, call.who, id, api.services.clock.now()), json(call));
  });
  router.add("POST", of_document, Permission::share_documents, [&api](Call& call) { create_link(call, api); });
  router.add("GET", "/api/v1/share-links", Permission::share_documents, [&api, json](Call& call) {
    auto session = api.services.database.read();
    send_window(call, storage::list_share_links(session, call.who, api.services.clock.now()), json(call));
  });
  router.add("DELETE", "/api/v1/share-links/{id}", Permission::share_documents, [&api](Call& call) {
    auto tx = api.services.database.begin(call.who.actor());
    storage::revoke_share_link(tx, call.who, call.number("id"));
    tx.commit();
    call.http.send_empty(204);
  });
}

}  // namespace muniment::webui::api
