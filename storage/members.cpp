#include "storage/members.h"

#include <nlohmann/json.hpp>

#include "storage/internal/document_rows.h"
#include "storage/page_origins.h"

namespace muniment::storage {

namespace {

void add_message_headers(Transaction& tx, std::int64_t document_id, const std::vector<MessageHeader>& headers,
                         bool carrier) {
  std::int64_t position = 0;
  for (const MessageHeader& header : headers) {
    tx.execute("INSERT INTO message_header (document_id, position, name, value, carrier) VALUES ($1, $2, $3, $4, $5)",
               document_id, ++position, header.name, header.value, carrier);
  }
}

}  // namespace

ContainerPlace container_place(Session& session, std::int64_t container_id) {
  ContainerPlace place;
  place.root = container_id;
  const auto outer = session.row<std::int64_t, std::int64_t>(
      "SELECT root_id, depth FROM document_member WHERE document_id = $1 ORDER BY depth, container_id LIMIT 1",
      container_id);
  if (outer) std::tie(place.root, place.depth) = *outer;
  const auto taken = session.row<std::int64_t, std::uint64_t>(
      "SELECT count(*), coalesce(sum(size), 0) FROM document_member WHERE root_id = $1 AND container_id <> $2",
      place.root, container_id);
  if (taken) std::tie(place.count, place.bytes) = *taken;
  return place;
}

void record_member(Transaction& tx, const ContainerPlace& place, const NewMember& member) {
  tx.execute(
      "INSERT INTO document_member (container_id, component_id, position, path, document_id, root_id, depth, size, "
      "problem) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
      member.container_id, member.component_id, member.position, member.path, member.document_id, place.root,
      place.depth + 1, member.size, member.problem);
  nlohmann::ordered_json after{{"position", member.position}, {"path", member.path}};
  after["document"] = member.document_id ? nlohmann::ordered_json(*member.document_id) : nlohmann::ordered_json();
  if (!member.problem.empty()) after["problem"] = member.problem;
  tx.audit({"document.member_taken", "document", member.container_id, "", after.dump()});
}

std::set<std::int64_t> member_positions(Session& session, std::int64_t component_id) {
  std::set<std::int64_t> positions;
  for (const auto& [position] :
       session.rows<std::int64_t>("SELECT position FROM document_member WHERE component_id = $1", component_id)) {
    positions.insert(position);
  }
  return positions;
}

std::optional<std::int64_t> find_equal_document(Session& session, const core::Sha256& hash, std::int64_t access_list) {
  for (const auto& [id] : session.rows<std::int64_t>(
           "SELECT d.id FROM component c JOIN document d ON d.id = c.document_id AND d.current_version = c.version "
           "WHERE c.sha256 = $1 AND d.access_list_id = $2 AND d.withdrawn_at IS NULL" +
               std::string(kIsNotDisposedOf) + " ORDER BY d.id",
           hash, access_list)) {
    const auto document = read_document(session, id);
    if (document && is_out_of_trash(session, *document)) return id;
  }
  return std::nullopt;
}

std::vector<std::int64_t> senders_of(Session& session, std::int64_t document_id) {
  std::vector<std::int64_t> accounts;
  for (const auto& [account] : session.rows<std::int64_t>(
           "WITH RECURSIVE way (id) AS (SELECT $1 UNION "
           "SELECT o.origin_document_id FROM page_origin o JOIN way ON o.document_id = way.id UNION "
           "SELECT m.container_id FROM document_member m JOIN way ON m.document_id = way.id) "
           "SELECT DISTINCT added_by FROM document WHERE id IN (SELECT id FROM way) AND added_by IS NOT NULL",
           document_id)) {
    accounts.push_back(account);
  }
  return accounts;
}

MemberList members(Session& session, const Principal& who, std::int64_t component_id, std::size_t most) {
  MemberList list;
  for (const auto& [position, path, document_id, title, access_list, problem] :
       session.rows<std::int64_t, std::string, std::optional<std::int64_t>, std::optional<std::string>,
                    std::optional<std::int64_t>, std::string>(
           "SELECT m.position, m.path, d.id, d.title, d.access_list_id, m.problem FROM document_member m "
           "LEFT JOIN document d ON d.id = m.document_id AND d.withdrawn_at IS NULL AND d.trashed_at IS NULL "
           "WHERE m.component_id = $1 ORDER BY m.position",
           component_id)) {
    const bool shown = document_id ? who.may_read(*access_list) : !problem.empty();
    if (!shown || ++list.total > static_cast<std::int64_t>(most)) continue;
    list.members.push_back({position, path, document_id, title.value_or(""), problem});
  }
  return list;
}

std::vector<Container> containers(Session& session, const Principal& who, std::int64_t document_id) {
  std::vector<Container> all;
  for (const auto& [id, title, access_list] : session.rows<std::int64_t, std::string, std::int64_t>(
           "SELECT DISTINCT d.id, d.title, d.access_list_id FROM document_member m "
           "JOIN document d ON d.id = m.container_id "
           "WHERE m.document_id = $1 AND d.withdrawn_at IS NULL AND d.trashed_at IS NULL ORDER BY d.id",
           document_id)) {
    if (who.may_read(access_list)) all.push_back({id, title});
  }
  return all;
}

void record_message_headers(Transaction& tx, std::int64_t document_id, const std::vector<MessageHeader>& headers) {
  // A mail that was attached to another speaks for itself.
  tx.execute("DELETE FROM message_header WHERE document_id = $1 AND carrier <= $2", document_id, !headers.empty());
  add_message_headers(tx, document_id, headers, false);
}

void record_carrier_headers(Transaction& tx, std::int64_t document_id, const std::vector<MessageHeader>& headers) {
  add_message_headers(tx, document_id, headers, true);
}

std::vector<MessageHeader> message_headers(Session& session, std::int64_t document_id) {
  std::vector<MessageHeader> headers;
  for (const auto& [name, value] : session.rows<std::string, std::string>(
           "SELECT name, value FROM message_header WHERE document_id = $1 ORDER BY position", document_id)) {
    headers.push_back({name, value});
  }
  return headers;
}

}  // namespace muniment::storage
