#include "records/barcodes.h"

#include <algorithm>
#include <tuple>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "records/file_plan.h"
#include "records/internal/people.h"
#include "records/locations.h"
#include "storage/documents.h"
#include "storage/index_queue.h"

namespace muniment::records {

using core::Error;
using core::ErrorCode;
using storage::Permission;
using storage::Principal;
using storage::Session;
using storage::Transaction;

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLongestCode = 40;
constexpr std::size_t kOwnDigits = 8;

std::string normalised(std::string_view scanned) {
  std::string code(core::trim(scanned));
  std::transform(code.begin(), code.end(), code.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return code;
}

bool looks_like_our_own(std::string_view code) {
  return code.size() > 1 && code[0] == 'M' &&
         std::all_of(code.begin() + 1, code.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string checked_code(std::string_view wished) {
  std::string code = normalised(wished);
  const bool good = code.size() <= kLongestCode && std::all_of(code.begin(), code.end(), [](char c) {
                      return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
                    });
  if (!good) {
    throw Error(ErrorCode::invalid_argument, "a barcode has 1 to 40 of A-Z, 0-9, \".\", \"-\" and \"_\"",
                {{"/barcode", "1 to 40 of A-Z, 0-9, \".\", \"-\" and \"_\""}});
  }
  if (looks_like_our_own(code)) {
    throw Error(ErrorCode::invalid_argument, "M and digits are Muniment's own numbers; leave it empty to get the next",
                {{"/barcode", "must not be M and digits"}});
  }
  return code;
}

std::string own_code(std::int64_t number) {
  const std::string digits = std::to_string(number);
  return "M" + std::string(digits.size() < kOwnDigits ? kOwnDigits - digits.size() : 0, '0') + digits;
}

std::string_view object_name(const CodeBearer& bearer) {
  return bearer.kind == CodeBearer::Kind::paper ? "document" : "location";
}

// The statement about a document's or a place's code; both columns are named alike otherwise.
std::string about(const CodeBearer& bearer, std::string_view statement) {
  std::string text(statement);
  const std::string column = bearer.kind == CodeBearer::Kind::paper ? "document_id" : "location_id";
  return text.replace(text.find("BEARER"), std::string_view("BEARER").size(), column);
}

std::optional<LabelText> label_text(Session& session, const Principal& who, const CodeBearer& bearer) {
  const auto code = session.row<std::string, std::string>(
      about(bearer, "SELECT code, label FROM barcode WHERE BEARER = $1 AND replaced_at IS NULL"), bearer.id);
  if (!code) return std::nullopt;
  LabelText text{bearer, std::get<0>(*code), "", "", std::get<1>(*code)};
  if (bearer.kind == CodeBearer::Kind::paper) {
    const auto document = storage::find_document(session, who, bearer.id);
    if (!document || document->medium == storage::Medium::digital) return std::nullopt;
    // Whoever passes the shelf reads it.
    text.title = document->public_title.value_or(document->title);
    text.detail = document->class_code;
    if (const auto folder = document->folder_id ? find_folder(session, *document->folder_id) : std::nullopt) {
      text.detail += (text.detail.empty() ? "" : " · ") + folder->public_title.value_or(folder->title);
    }
    return text;
  }
  const auto location = find_location(session, bearer.id);
  if (!location) return std::nullopt;
  text.title = location->name;
  text.detail =
      location->path.substr(0, location->path.size() - std::min(location->path.size(), location->name.size()));
  if (text.detail.ends_with(" / ")) text.detail.resize(text.detail.size() - 3);
  return text;
}

}  // namespace

std::optional<Code> find_code(Session& session, std::string_view scanned) {
  const std::string code = normalised(scanned);
  const auto found = session.row<std::optional<std::int64_t>, std::optional<std::int64_t>, bool>(
      "SELECT document_id, location_id, replaced_at IS NOT NULL FROM barcode WHERE code = $1", code);
  if (!found) return std::nullopt;
  const auto& [document, location, replaced] = *found;
  const CodeBearer bearer = document ? CodeBearer{CodeBearer::Kind::paper, *document}
                                     : CodeBearer{CodeBearer::Kind::location, location.value()};
  return Code{code, bearer, replaced};
}

std::string code_of(Session& session, const CodeBearer& bearer) {
  return session
      .value<std::string>(about(bearer, "SELECT code FROM barcode WHERE BEARER = $1 AND replaced_at IS NULL"),
                          bearer.id)
      .value_or("");
}

std::string give_code(Transaction& tx, const CodeBearer& bearer, std::string_view wished) {
  const bool own = core::trim(wished).empty();
  std::optional<std::int64_t> number;
  if (own) number = tx.value<std::int64_t>("SELECT coalesce(max(number), 0) + 1 FROM barcode").value();
  const std::string code = own ? own_code(*number) : checked_code(wished);
  if (find_code(tx, code)) {
    throw Error(ErrorCode::conflict, "the code " + code + " is or was on something else",
                {{"/barcode", "choose another"}});
  }
  tx.execute(about(bearer, "UPDATE barcode SET replaced_at = $1 WHERE BEARER = $2 AND replaced_at IS NULL"), tx.now(),
             bearer.id);
  const bool paper = bearer.kind == CodeBearer::Kind::paper;
  const std::optional<std::int64_t> none;
  tx.execute(
      "INSERT INTO barcode (code, number, document_id, location_id, given_at, given_by, label) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7)",
      code, number, paper ? std::optional(bearer.id) : none, paper ? none : std::optional(bearer.id), tx.now(),
      author(tx), own ? "none" : "good");
  if (paper) storage::queue_for_indexing(tx, bearer.id);
  return code;
}

std::string give_other_code(Transaction& tx, const Principal& who, const CodeBearer& bearer, std::string_view wished) {
  who.require(Permission::manage_paper);
  const auto before = label_text(tx, who, bearer);
  if (!before) throw Error(ErrorCode::not_found, "there is no such file or place with a barcode");
  std::string code = give_code(tx, bearer, wished);
  tx.audit({"paper.relabelled", std::string(object_name(bearer)), bearer.id, Json{{"barcode", before->code}}.dump(),
            Json{{"barcode", code}}.dump()});
  return code;
}

std::vector<LabelText> label_texts(Session& session, const Principal& who, const std::vector<CodeBearer>& bearers) {
  std::vector<LabelText> texts;
  for (const CodeBearer& bearer : bearers) {
    auto text = label_text(session, who, bearer);
    if (!text) {
      throw Error(ErrorCode::not_found, "there is no " + std::string(object_name(bearer)) + " " +
                                            std::to_string(bearer.id) + " that wears a barcode");
    }
    texts.push_back(std::move(*text));
  }
  return texts;
}

std::vector<LabelText> labels_to_print(Session& session, const Principal& who, std::size_t limit) {
  std::vector<LabelText> texts;
  for (const auto& [document, location] : session.rows<std::optional<std::int64_t>, std::optional<std::int64_t>>(
           "SELECT document_id, location_id FROM barcode WHERE replaced_at IS NULL AND label <> 'good' ORDER BY "
           "code")) {
    if (texts.size() == limit) break;
    const CodeBearer bearer = document ? CodeBearer{CodeBearer::Kind::paper, *document}
                                       : CodeBearer{CodeBearer::Kind::location, location.value()};
    if (auto text = label_text(session, who, bearer)) texts.push_back(std::move(*text));
  }
  return texts;
}

void note_printed(Transaction& tx, const Principal& who, const std::vector<LabelText>& labels) {
  who.require(Permission::lend_paper);
  for (const LabelText& label : labels) {
    tx.execute("UPDATE barcode SET label = 'good' WHERE code = $1", label.code);
    tx.audit({"paper.label_printed", std::string(object_name(label.bearer)), label.bearer.id, "",
              Json{{"barcode", label.code}}.dump()});
  }
}

}  // namespace muniment::records
