// What documents have to do with each other.
#include "storage/relations.h"

#include "core/error.h"
#include "webui/api/api.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using storage::Permission;
using storage::Relation;
using storage::RelationKind;

namespace {

RelationKind kind_of(const Call& call) {
  const auto kind = storage::parse_relation_kind(call.text("kind"));
  if (!kind) {
    throw Error(ErrorCode::not_found,
                "there is no relation of this kind; it may be answers, supersedes, belongs_to or "
                "relates_to");
  }
  return *kind;
}

void list_relations(Call& call, Api& api) {
  auto session = api.services.database.read();
  const storage::Document document = require_document(session, call);
  Json items = Json::array();
  for (const Relation& relation : storage::relations(session, call.who, document.id)) {
    items.push_back({{"kind", storage::relation_kind_name(relation.kind)},
                     {"document", {{"id", relation.other_id}, {"title", relation.other_title}}},
                     {"reversed", relation.reversed}});
  }
  send_items(call, std::move(items));
}

}  // namespace

void add_relations(Router& router, Api& api) {
  const std::string all = "/api/v1/documents/{id}/relations";
  const std::string one = all + "/{kind}/{other}";
  router.add("GET", all, Permission::read_documents, [&api](Call& call) { list_relations(call, api); });
  router.add("PUT", one, Permission::edit_documents, [&api](Call& call) {
    auto tx = api.services.database.begin(call.who.actor());
    storage::relate(tx, call.who, call.number("id"), kind_of(call), call.number("other"));
    tx.commit();
    call.http.send_empty(204);
  });
  router.add("DELETE", one, Permission::edit_documents, [&api](Call& call) {
    auto tx = api.services.database.begin(call.who.actor());
    const bool there_was = storage::unrelate(tx, call.who, call.number("id"), kind_of(call), call.number("other"));
    tx.commit();
    if (!there_was) throw Error(ErrorCode::not_found, "there is no such relation");
    call.http.send_empty(204);
  });
}

}  // namespace muniment::webui::api
