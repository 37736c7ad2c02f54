#include "storage/catalogue.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "storage/index_queue.h"
#include "storage/tag_tree.h"

namespace muniment::storage {

using core::Error;
using core::ErrorCode;

namespace {

// The statements of one vocabulary; written out, so that no SQL is put together from parts but `carriers`.
struct Statements {
  std::string_view object;  // for the audit log and messages
  std::string_view list;
  std::string_view find;
  std::string_view find_folded;
  std::string_view insert;
  std::string_view update;
  std::string_view carriers;
  std::string_view findable;  // documents whose index entry names it: of tags those of the tags below, too
  std::string_view detach;
  std::string_view remove;
  std::string_view move;                 // of the carriers, to $1 from $2
  std::string_view move_rules;           // of filing rules, to $1 from $2
  std::string_view mailboxes;            // that the rules of which name $1 have been changed
  std::string_view move_mail;            // of the rules of mailboxes, to $1 from $2
  std::array<std::string_view, 2> keys;  // of kKeptAsJson
};

constexpr Statements kTypes{"document_type",
                            "SELECT id, name FROM document_type WHERE instr(folded_name, $1) > 0 OR $1 = '' "
                            "ORDER BY instr(folded_name, $1) <> 1, folded_name LIMIT $2",
                            "SELECT name FROM document_type WHERE id = $1",
                            "SELECT id, name FROM document_type WHERE folded_name = $1",
                            "INSERT INTO document_type (name, folded_name) VALUES ($1, $2)",
                            "UPDATE document_type SET name = $1, folded_name = $2 WHERE id = $3",
                            "SELECT id FROM document WHERE type_id = $1",
                            "SELECT id FROM document WHERE type_id = $1",
                            "UPDATE document SET type_id = NULL, version = version + 1 WHERE type_id = $1",
                            "DELETE FROM document_type WHERE id = $1",
                            "UPDATE document SET type_id = $1, version = version + 1 WHERE type_id = $2",
                            "UPDATE filing_rule SET type_id = $1, version = version + 1 WHERE type_id = $2",
                            "UPDATE mailbox SET version = version + 1 WHERE id IN (SELECT mailbox_id FROM mailbox_rule "
                            "WHERE type_id = $1)",
                            "UPDATE mailbox_rule SET type_id = $1 WHERE type_id = $2",
                            {"type_id", "type"}};

constexpr Statements kCorrespondents{
    "correspondent",
    "SELECT id, name FROM correspondent WHERE instr(folded_name, $1) > 0 OR $1 = '' "
    "ORDER BY instr(folded_name, $1) <> 1, folded_name LIMIT $2",
    "SELECT name FROM correspondent WHERE id = $1",
    "SELECT id, name FROM correspondent WHERE folded_name = $1",
    "INSERT INTO correspondent (name, folded_name) VALUES ($1, $2)",
    "UPDATE correspondent SET name = $1, folded_name = $2 WHERE id = $3",
    "SELECT id FROM document WHERE correspondent_id = $1",
    "SELECT id FROM document WHERE correspondent_id = $1",
    "UPDATE document SET correspondent_id = NULL, version = version + 1 WHERE correspondent_id = $1",
    "DELETE FROM correspondent WHERE id = $1",
    "UPDATE document SET correspondent_id = $1, version = version + 1 WHERE correspondent_id = $2",
    "UPDATE filing_rule SET correspondent_id = $1, version = version + 1 WHERE correspondent_id = $2",
    "UPDATE mailbox SET version = version + 1 WHERE id IN (SELECT mailbox_id FROM mailbox_rule "
    "WHERE correspondent_id = $1)",
    "UPDATE mailbox_rule SET correspondent_id = $1 WHERE correspondent_id = $2",
    {"correspondent_id", "correspondent"}};

constexpr Statements kTags{
    "tag",
    "SELECT id, name FROM tag WHERE instr(folded_name, $1) > 0 OR $1 = '' "
    "ORDER BY instr(folded_name, $1) <> 1, folded_name LIMIT $2",
    "SELECT name FROM tag WHERE id = $1",
    "SELECT id, name FROM tag WHERE folded_name = $1",
    "INSERT INTO tag (name, folded_name) VALUES ($1, $2)",
    "UPDATE tag SET name = $1, folded_name = $2 WHERE id = $3",
    "SELECT document_id FROM document_tag WHERE tag_id = $1",
    "WITH RECURSIVE below (id) AS (SELECT $1 UNION SELECT t.id FROM tag t JOIN below ON t.parent_id = below.id) "
    "SELECT DISTINCT document_id FROM document_tag WHERE tag_id IN (SELECT id FROM below)",
    "DELETE FROM document_tag WHERE tag_id = $1",
    "DELETE FROM tag WHERE id = $1",
    "INSERT INTO document_tag (document_id, tag_id) SELECT document_id, $1 FROM document_tag WHERE tag_id = $2 "
    "ON CONFLICT DO NOTHING",
    "UPDATE filing_rule SET tag_id = $1, version = version + 1 WHERE tag_id = $2",
    "UPDATE mailbox SET version = version + 1 WHERE id IN (SELECT r.mailbox_id FROM mailbox_rule r "
    "JOIN mailbox_rule_tag t ON t.rule_id = r.id WHERE t.tag_id = $1)",
    "INSERT INTO mailbox_rule_tag (rule_id, tag_id) SELECT rule_id, $1 FROM mailbox_rule_tag WHERE tag_id = $2 "
    "ON CONFLICT DO NOTHING",
    {"tag_ids", "tags"}};

// What else names entries, in objects of JSON: by their number, or in a list of numbers.
struct KeptAsJson {
  std::string_view list;
  std::string_view update;
};
constexpr std::array kKeptAsJson{
    KeptAsJson{"SELECT id, actions FROM workflow",
               "UPDATE workflow SET actions = $1, version = version + 1 WHERE id = $2"},
    KeptAsJson{"SELECT id, actions FROM workflow_run WHERE ended_at IS NULL AND state <> 'unmatched'",
               "UPDATE workflow_run SET actions = $1 WHERE id = $2"},
    KeptAsJson{"SELECT id, plan FROM scan_profile",
               "UPDATE scan_profile SET plan = $1, version = version + 1 WHERE id = $2"},
    KeptAsJson{"SELECT id, filing FROM intake_folder",
               "UPDATE intake_folder SET filing = $1, version = version + 1 WHERE id = $2"},
    KeptAsJson{"SELECT 1, value -> '$.terms.filing' FROM setting WHERE name = 'mail.listener' AND value ->> '$.terms' "
               "IS NOT NULL",
               "UPDATE setting SET value = json_set(value, '$.terms.filing', json($1), '$.version', value ->> "
               "'$.version' + 1) WHERE name = 'mail.listener' AND $2 = 1"},
    KeptAsJson{"SELECT id, plan FROM scan", "UPDATE scan SET plan = $1, version = version + 1 WHERE id = $2"}};

const Statements& statements(Vocabulary vocabulary) {
  switch (vocabulary) {
    case Vocabulary::type:
      return kTypes;
    case Vocabulary::correspondent:
      return kCorrespondents;
    case Vocabulary::tag:
      return kTags;
  }
  return kTags;
}

std::string checked(std::string_view name) {
  std::string clean = core::collapse_space(core::to_nfc(name));
  if (clean.empty() || clean.size() > 200) {
    throw Error(ErrorCode::invalid_argument, "a name must have 1 to 200 bytes", {{"/name", "1 to 200 bytes"}});
  }
  return clean;
}

std::string name_detail(std::string_view name) {
  return nlohmann::ordered_json{{"name", name}}.dump();
}

void require_none_held(Session& session, const Statements& sql, std::int64_t id) {
  const bool held = session
                        .value<std::int64_t>(
                            "SELECT document_id FROM hold_item WHERE released_at IS NULL AND document_id "
                            "IN (" +
                                std::string(sql.carriers) + ") LIMIT 1",
                            id)
                        .has_value();
  if (!held) return;
  throw Error(ErrorCode::conflict, "a document with this entry cannot be changed now; ask a records manager why");
}

// Every document keeps what it had in its own log.
void audit_carriers(Transaction& tx, const Statements& sql, const std::vector<std::tuple<std::int64_t>>& carriers,
                    const std::string& before, const nlohmann::ordered_json& after) {
  const nlohmann::ordered_json old_values{{sql.object, before}}, new_values{{sql.object, after}};
  for (const auto& [document] : carriers) {
    tx.audit({"document.changed", "document", document, old_values.dump(), new_values.dump()});
  }
}

void queue_carriers(Transaction& tx, const Statements& sql, std::int64_t id) {
  for (const auto& [document] : tx.rows<std::int64_t>(sql.findable, id)) queue_for_indexing(tx, document);
}

// Each list names the other once; without another, nothing is named.
void put_in_place(nlohmann::ordered_json& json, const std::array<std::string_view, 2>& keys, std::int64_t id,
                  std::optional<std::int64_t> into) {
  for (auto member = json.begin(); member != json.end(); ++member) {
    const bool names = json.is_object() && std::ranges::find(keys, member.key()) != keys.end();
    if (names && member->is_array()) {
      std::vector<std::int64_t> numbers;
      for (const std::int64_t number : member->get<std::vector<std::int64_t>>()) {
        const auto now = number == id ? into : number;
        if (now && std::ranges::find(numbers, *now) == numbers.end()) numbers.push_back(*now);
      }
      *member = numbers;
    } else if (names && *member == id) {
      *member = into ? nlohmann::ordered_json(*into) : nlohmann::ordered_json();
    } else if (member->is_structured()) {
      put_in_place(*member, keys, id, into);
    }
  }
}

void move_what_is_kept_as_json(Transaction& tx, const Statements& sql, std::int64_t id,
                               std::optional<std::int64_t> into) {
  for (const KeptAsJson& kept : kKeptAsJson) {
    for (const auto& [row, text] : tx.rows<std::int64_t, std::string>(kept.list)) {
      const auto before = nlohmann::ordered_json::parse(text);
      auto after = before;
      put_in_place(after, sql.keys, id, into);
      if (after != before) tx.execute(kept.update, after.dump(), row);
    }
  }
}

// Tags below the one that goes get another above them. When it is one of them that takes the place, it comes up first.
void hand_over_children(Transaction& tx, std::int64_t id, std::optional<std::int64_t> to) {
  if (!to) {
    tx.execute("UPDATE tag SET parent_id = (SELECT parent_id FROM tag WHERE id = $1) WHERE parent_id = $1", id);
    return;
  }
  tx.execute(
      "UPDATE tag SET parent_id = (SELECT parent_id FROM tag WHERE id = $1) WHERE id = $2 AND $2 IN ("
      "WITH RECURSIVE below (id) AS (SELECT $1 UNION SELECT t.id FROM tag t JOIN below ON t.parent_id = below.id) "
      "SELECT id FROM below)",
      id, *to);
  tx.execute("UPDATE tag SET parent_id = $1 WHERE parent_id = $2", *to, id);
  const auto levels = tx.value<std::int64_t>(
      "WITH RECURSIVE line (id, parent_id) AS (SELECT id, parent_id FROM tag WHERE id = $1 "
      "UNION ALL SELECT t.id, t.parent_id FROM tag t JOIN line ON t.id = line.parent_id), "
      "below (id, level) AS (SELECT id, 0 FROM tag WHERE id = $1 "
      "UNION ALL SELECT t.id, level + 1 FROM tag t JOIN below ON t.parent_id = below.id) "
      "SELECT (SELECT count(*) FROM line) + (SELECT max(level) FROM below)",
      *to);
  if (levels.value() > kTagLevels) {
    throw Error(ErrorCode::conflict, "the tree of tags would have more than five levels; move what is below first");
  }
}

}  // namespace

std::vector<NamedEntry> list_names(Session& session, Vocabulary vocabulary, std::string_view part, std::size_t limit) {
  std::vector<NamedEntry> entries;
  for (const auto& [id, name] : session.rows<std::int64_t, std::string>(
           statements(vocabulary).list, core::fold_case(core::collapse_space(part)), limit)) {
    entries.push_back({id, name});
  }
  return entries;
}

std::optional<NamedEntry> find_name(Session& session, Vocabulary vocabulary, std::int64_t id) {
  const auto name = session.value<std::string>(statements(vocabulary).find, id);
  if (!name) return std::nullopt;
  return NamedEntry{id, *name};
}

std::optional<NamedEntry> find_named(Session& session, Vocabulary vocabulary, std::string_view name) {
  const auto found = session.row<std::int64_t, std::string>(statements(vocabulary).find_folded, core::fold_case(name));
  if (!found) return std::nullopt;
  return NamedEntry{std::get<0>(*found), std::get<1>(*found)};
}

NamedEntry ensure_name(Transaction& tx, Vocabulary vocabulary, std::string_view name) {
  const Statements& sql = statements(vocabulary);
  const std::string clean = checked(name);
  if (auto found = find_named(tx, vocabulary, clean)) return std::move(*found);
  const std::int64_t id = tx.insert(sql.insert, clean, core::fold_case(clean));
  tx.audit({std::string(sql.object) + ".created", std::string(sql.object), id, "", name_detail(clean)});
  return {id, clean};
}

void rename(Transaction& tx, Vocabulary vocabulary, std::int64_t id, std::string_view name) {
  const Statements& sql = statements(vocabulary);
  const auto before = find_name(tx, vocabulary, id);
  if (!before) throw Error(ErrorCode::not_found, "there is no such entry");
  const std::string clean = checked(name);
  const auto taken = find_named(tx, vocabulary, clean);
  if (taken && taken->id != id) {
    throw Error(ErrorCode::conflict, "there is already an entry with that name", {{"/name", "choose another"}});
  }
  require_none_held(tx, sql, id);
  tx.execute(sql.update, clean, core::fold_case(clean), id);
  queue_carriers(tx, sql, id);
  tx.audit({std::string(sql.object) + ".renamed", std::string(sql.object), id, name_detail(before->name),
            name_detail(clean)});
}

void remove_name(Transaction& tx, Vocabulary vocabulary, std::int64_t id) {
  const Statements& sql = statements(vocabulary);
  const auto before = find_name(tx, vocabulary, id);
  if (!before) throw Error(ErrorCode::not_found, "there is no such entry");
  require_none_held(tx, sql, id);
  const auto carriers = tx.rows<std::int64_t>(sql.carriers, id);
  queue_carriers(tx, sql, id);
  tx.execute(sql.detach, id);
  move_what_is_kept_as_json(tx, sql, id, std::nullopt);
  if (vocabulary == Vocabulary::tag) hand_over_children(tx, id, std::nullopt);
  tx.execute(sql.remove, id);
  audit_carriers(tx, sql, carriers, before->name, nullptr);
  tx.audit({std::string(sql.object) + ".deleted", std::string(sql.object), id, name_detail(before->name), ""});
}

std::int64_t merge_names(Transaction& tx, Vocabulary vocabulary, std::int64_t id, std::int64_t into) {
  const Statements& sql = statements(vocabulary);
  const auto from = find_name(tx, vocabulary, id);
  const auto to = find_name(tx, vocabulary, into);
  if (!from || !to) throw Error(ErrorCode::not_found, "there is no such entry");
  if (id == into) {
    throw Error(ErrorCode::invalid_argument, "an entry cannot be merged into itself",
                {{"/into", "name another entry"}});
  }
  require_none_held(tx, sql, id);
  const auto carriers = tx.rows<std::int64_t>(sql.carriers, id);
  queue_carriers(tx, sql, id);
  tx.execute(sql.move, into, id);
  tx.execute(sql.detach, id);
  tx.execute(sql.move_rules, into, id);
  tx.execute(sql.mailboxes, id);
  tx.execute(sql.move_mail, into, id);
  move_what_is_kept_as_json(tx, sql, id, into);
  if (vocabulary == Vocabulary::tag) hand_over_children(tx, id, into);
  if (vocabulary == Vocabulary::type) {
    tx.execute(
        "UPDATE custom_field_use SET type_id = $1 WHERE type_id = $2 AND NOT EXISTS (SELECT 1 FROM custom_field_use o "
        "WHERE o.field_id = custom_field_use.field_id AND o.type_id = $1)",
        into, id);
  }
  tx.execute(sql.remove, id);
  audit_carriers(tx, sql, carriers, from->name, to->name);
  tx.audit({std::string(sql.object) + ".merged", std::string(sql.object), id, name_detail(from->name),
            nlohmann::ordered_json{{"into", into}, {"name", to->name}}.dump()});
  return static_cast<std::int64_t>(carriers.size());
}

std::vector<std::int64_t> carrier_counts(Session& session, const Principal& who, Vocabulary vocabulary,
                                         const std::vector<NamedEntry>& entries) {
  const std::string count = "SELECT count(*) FROM document d WHERE d.id IN (" +
                            std::string(statements(vocabulary).carriers) +
                            ") AND d.trashed_at IS NULL AND d.withdrawn_at IS NULL AND d.replaced_at IS NULL AND " +
                            readable("+d.access_list_id", 2);
  std::vector<std::int64_t> counts;
  for (const NamedEntry& entry : entries) {
    counts.push_back(session.value<std::int64_t>(count, entry.id, who.account_id, who.day).value());
  }
  return counts;
}

}  // namespace muniment::storage
