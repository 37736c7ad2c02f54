#include "storage/mail_parts.h"

namespace muniment::storage {

bool is_mail(std::string_view media_type) {
  return media_type == "message/rfc822" || media_type == "application/vnd.ms-outlook";
}

void join_mail(Transaction& tx, std::int64_t document_id) {
  tx.execute(
      "INSERT INTO joined_mail (component_id) SELECT c.id FROM component c JOIN document d ON d.id = c.document_id "
      "AND d.current_version = c.version WHERE d.id = $1 ON CONFLICT DO NOTHING",
      document_id);
}

bool is_joined_mail(Session& session, std::int64_t component_id) {
  return session.value<std::int64_t>("SELECT component_id FROM joined_mail WHERE component_id = $1", component_id)
      .has_value();
}

bool knows_mail_parts(Session& session, std::int64_t component_id) {
  return session
      .value<std::int64_t>("SELECT component_id FROM joined_mail WHERE component_id = $1 AND parts_known = 1",
                           component_id)
      .has_value();
}

void record_mail_parts(Transaction& tx, std::int64_t component_id, const std::vector<MailPart>& parts) {
  tx.execute("DELETE FROM mail_part WHERE component_id = $1", component_id);
  tx.execute("UPDATE joined_mail SET parts_known = 1 WHERE component_id = $1", component_id);
  for (const MailPart& part : parts) {
    tx.execute(
        "INSERT INTO mail_part (component_id, position, filename, size, first_page, page_count, problem, "
        "sha256) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        component_id, part.position, part.filename, part.size, part.first_page, part.page_count, part.problem,
        part.hash);
  }
}

void note_mail_part_hash(Transaction& tx, std::int64_t component_id, std::int64_t position, const core::Sha256& hash) {
  tx.execute("UPDATE mail_part SET sha256 = $1 WHERE component_id = $2 AND position = $3 AND sha256 IS NULL", hash,
             component_id, position);
}

std::vector<MailPart> mail_parts(Session& session, std::int64_t component_id) {
  std::vector<MailPart> parts;
  for (const auto& [position, filename, size, first_page, page_count, problem, hash] :
       session.rows<std::int64_t, std::string, std::uint64_t, std::int64_t, std::int64_t, std::string,
                    std::optional<core::Sha256>>(
           "SELECT position, filename, size, first_page, page_count, problem, sha256 FROM mail_part WHERE "
           "component_id = $1 ORDER BY position",
           component_id)) {
    parts.push_back({position, filename, size, first_page, page_count, problem, hash});
  }
  return parts;
}

}  // namespace muniment::storage
