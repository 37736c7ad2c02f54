#include <algorithm>
#include <cctype>

#include "core/error.h"
#include "core/text.h"
#include "records/file_plan.h"
#include "records/holds.h"
#include "records/internal/subject_columns.h"
#include "records/privacy.h"
#include "storage/audit_sight.h"
#include "storage/documents.h"
#include "storage/page_layer.h"

namespace muniment::records {

using core::Error;
using core::ErrorCode;
using storage::Permission;
using storage::Principal;
using storage::Session;

namespace {

constexpr std::size_t kTextsAtOnce = 10'000;
constexpr std::size_t kPagesAtOnce = 100;
constexpr std::size_t kLongestQuote = 500;
constexpr std::size_t kMostTexts = 20;
constexpr std::size_t kFewestLetters = 2;
// With fewer a text stands in the middle of too many words.
constexpr std::size_t kLettersOfAPart = 3;

bool begins_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
}

// Whether the character that begins here is a letter or a digit. Beyond ASCII what is no punctuation counts as one:
// Latin-1's (U+00A0 to U+00BF), the general (U+2000 to U+206F) and the East Asian (U+3000 to U+303F).
bool is_letter(std::string_view character) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(character.substr(at, 1).front()); };
  if (byte(0) < 0x80U) return std::isalnum(byte(0)) != 0;
  if (character.size() < 2 || byte(0) == 0xC2U) return false;
  return !(byte(0) == 0xE2U && byte(1) <= 0x81U) && !(byte(0) == 0xE3U && byte(1) == 0x80U);
}

std::size_t count_letters(std::string_view text) {
  std::size_t letters = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (begins_character(text[at]) && is_letter(text.substr(at))) ++letters;
  }
  return letters;
}

// From U+3000 on: Chinese, Japanese, Korean, where two letters are a whole name and nothing stands between words.
bool is_written_without_spaces(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0xE3U; });
}

bool stands_as_a_word(std::string_view text, std::string_view word) {
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    auto before = at;
    while (before > 0 && (before == at || !begins_character(text[before]))) --before;
    const std::string_view after = text.substr(at + word.size());
    if ((at == 0 || !is_letter(text.substr(before))) && (after.empty() || !is_letter(after))) return true;
  }
  return false;
}

// The texts that are looked for, in one case of letters.
class Wanted {
 public:
  explicit Wanted(const std::vector<std::string>& texts) {
    for (const std::string& text : texts) {
      std::string folded = core::fold_case(core::collapse_space(text));
      const bool part = count_letters(folded) >= kLettersOfAPart || is_written_without_spaces(folded);
      (part ? parts_ : words_).push_back(std::move(folded));
    }
  }
  bool stands_in(std::string_view text) const {
    const std::string folded = core::fold_case(core::collapse_space(text));
    return std::ranges::any_of(parts_,
                               [&](const std::string& part) { return folded.find(part) != std::string::npos; }) ||
           std::ranges::any_of(words_, [&](const std::string& word) { return stands_as_a_word(folded, word); });
  }

 private:
  std::vector<std::string> parts_;
  std::vector<std::string> words_;
};

// Whether `who` may be told that something is there.
bool may_know(Session& session, const Principal& who, std::string_view object, std::int64_t id) {
  if (object == "document") {
    if (storage::find_document(session, who, id)) return true;
    // It waits in the restore window: its tombstone stands for it.
    const auto list = session.value<std::int64_t>(
        "SELECT t.access_list_id FROM tombstone t JOIN document d ON d.id = t.document_id WHERE t.document_id = $1",
        id);
    return list && who.may_read(*list);
  }
  if (object == "tombstone") {
    const auto list = session.value<std::int64_t>("SELECT access_list_id FROM tombstone WHERE document_id = $1", id);
    return list && who.may_read(*list);
  }
  if (object == "folder") {
    const auto folder = find_folder(session, id);
    return folder && who.may_read(storage::inherited_access_list(session, folder->id, folder->class_id));
  }
  if (object == "hold") {
    const auto hold = find_hold(session, id);
    return hold && (!hold->confidential || who.may(Permission::manage_holds));
  }
  return true;
}

bool is_withdrawn(Session& session, std::int64_t document_id) {
  return session.value<std::int64_t>("SELECT count(*) FROM tombstone WHERE document_id = $1", document_id).value() > 0;
}

// Whether `who` may be told in its own words what was found in a row, and not just that it is there.
bool may_quote(Session& session, const Principal& who, const SubjectColumn& column, std::int64_t row, std::int64_t id) {
  if (column.table.starts_with("workflow") || column.table.starts_with("mailbox")) {
    return who.may(Permission::operate);
  }
  if (column.table == "saved_view") {
    return id == who.account_id ||
           session.value<std::int64_t>("SELECT shared FROM saved_view WHERE id = $1", row).value_or(0) == 1;
  }
  return column.object != "document" || !is_withdrawn(session, id);
}

void find_in_column(Session& session, const Principal& who, const Wanted& wanted, const SubjectColumn& column,
                    SubjectTraces& traces) {
  const std::string table(column.table);
  const std::string text(column.text.empty() ? column.column : column.text);
  const std::string statement = "SELECT rowid, coalesce(" + std::string(column.number) + ", 0), CAST(coalesce(" + text +
                                ", '') AS TEXT) FROM " + table + " WHERE rowid > $1 ORDER BY rowid LIMIT $2";
  for (std::int64_t after = 0;;) {
    const auto rows = session.rows<std::int64_t, std::int64_t, std::string>(statement, after, kTextsAtOnce);
    for (const auto& [row, id, found] : rows) {
      after = row;
      if (id == 0 || !wanted.stands_in(found) || !may_know(session, who, column.object, id)) continue;
      const bool quoted = found.size() <= kLongestQuote && may_quote(session, who, column, row, id);
      traces.places.push_back(
          {std::string(column.object), id, table + "." + std::string(column.column), quoted ? found : ""});
    }
    if (rows.size() < kTextsAtOnce) return;
  }
}

// Pages that the index does not have: of what is in the trash or was taken apart, and as they were read before somebody
// corrected them.
void find_on_pages(Session& session, const Principal& who, const Wanted& wanted, SubjectTraces& traces) {
  for (std::int64_t after = 0;;) {
    const auto rows = session.rows<std::int64_t, std::int64_t, storage::Blob, storage::Blob>(
        "SELECT p.rowid, c.document_id, p.layer, coalesce(p.original_layer, x'') FROM page p JOIN component c ON c.id "
        "= "
        "p.component_id JOIN document d ON d.id = c.document_id WHERE p.rowid > $1 AND (p.original_layer IS NOT "
        "NULL OR d.trashed_at IS NOT NULL OR d.replaced_at IS NOT NULL) ORDER BY p.rowid LIMIT $2",
        after, kPagesAtOnce);
    for (const auto& [row, id, layer, original] : rows) {
      after = row;
      const auto says = [&](const storage::Blob& one) {
        return !one.bytes.empty() && wanted.stands_in(storage::decode_page_layer(one.bytes).text());
      };
      if ((says(layer) || says(original)) && may_know(session, who, "document", id))
        traces.places.push_back({"document", id, "page.layer", ""});
    }
    if (rows.size() < kPagesAtOnce) return;
  }
}

void find_in_audit(Session& session, const Principal& who, const Wanted& wanted, SubjectTraces& traces) {
  const storage::AuditSights sights(session, who);
  for (std::int64_t after = 0;;) {
    const auto details = session.rows<std::int64_t, std::string, std::string, std::string, std::int64_t>(
        "SELECT d.sequence, d.detail, a.action, a.object, a.object_id FROM audit_detail d JOIN audit a ON a.sequence = "
        "d.sequence WHERE d.sequence > $1 ORDER BY d.sequence LIMIT $2",
        after, kTextsAtOnce);
    for (const auto& [sequence, detail, action, object, object_id] : details) {
      after = sequence;
      if (wanted.stands_in(detail) && sights.of(action, object, object_id) == storage::AuditSight::all) {
        traces.audit_entries.push_back(sequence);
      }
    }
    if (details.size() < kTextsAtOnce) return;
  }
}

void find_names(Session& session, const Wanted& wanted, SubjectTraces& traces) {
  for (const auto& [id, name, display] :
       session.rows<std::int64_t, std::string, std::string>("SELECT id, name, display_name FROM account ORDER BY id")) {
    if (wanted.stands_in(name) || wanted.stands_in(display)) {
      traces.accounts.push_back({id, display.empty() ? name : display});
    }
  }
  for (const auto& [id, name] :
       session.rows<std::int64_t, std::string>("SELECT id, name FROM correspondent ORDER BY id")) {
    if (wanted.stands_in(name)) traces.correspondents.push_back({id, name});
  }
}

}  // namespace

void check_subject_texts(const std::vector<std::string>& texts) {
  const auto refuse = [](const std::string& why) {
    throw Error(ErrorCode::invalid_argument, why, {{"/queries", why}});
  };
  if (texts.empty() || texts.size() > kMostTexts) refuse("1 to 20 texts to search for");
  const bool short_one = std::ranges::any_of(
      texts, [](const std::string& text) { return count_letters(core::to_nfc(text)) < kFewestLetters; });
  if (short_one) {
    refuse("each text to search for must have two letters or digits at least; instead of an initial give the name");
  }
}

SubjectTraces find_traces(Session& session, const Principal& who, const std::vector<std::string>& texts, bool audit) {
  who.require(Permission::handle_privacy);
  if (audit) who.require(Permission::read_audit);
  check_subject_texts(texts);
  const Wanted wanted(texts);
  SubjectTraces traces;
  find_names(session, wanted, traces);
  for (const SubjectColumn& column : subject_columns()) find_in_column(session, who, wanted, column, traces);
  find_on_pages(session, who, wanted, traces);
  for (const SubjectTraces::Place& place : traces.places) {
    if (place.object == "document") traces.documents.push_back(place.id);
  }
  std::sort(traces.documents.begin(), traces.documents.end());
  traces.documents.erase(std::unique(traces.documents.begin(), traces.documents.end()), traces.documents.end());
  if (audit) find_in_audit(session, who, wanted, traces);
  return traces;
}

}  // namespace muniment::records
