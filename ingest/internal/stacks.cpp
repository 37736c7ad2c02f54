#include "ingest/internal/stacks.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "core/text.h"
#include "ingest/page_organiser.h"
#include "records/file_plan.h"
#include "storage/catalogue.h"
#include "storage/custom_fields.h"
#include "storage/members.h"
#include "storage/page_origins.h"
#include "storage/pages.h"
#include "storage/restrictions.h"
#include "storage/serial_numbers.h"

namespace muniment::ingest {

using core::Error;
using core::ErrorCode;
using storage::Document;

namespace {

bool is_untouched(const Document& document) {
  return !document.was_read && !document.is_record && !document.held && !document.trashed_at;
}

std::vector<PageMarks> marks_of(storage::Session& session, const Document& document) {
  std::vector<PageMarks> marks(static_cast<std::size_t>(document.page_count));
  for (std::size_t i = 0; i < marks.size(); ++i) {
    auto layer = storage::find_page(session, document, static_cast<std::int64_t>(i) + 1);
    if (!layer) continue;
    marks[i] = {std::move(layer->barcodes), layer->source == storage::TextSource::blank};
  }
  return marks;
}

bool is_whole_scan(const Document& document) {
  if (document.components.empty()) return false;
  const storage::Component& file = document.components.front();
  return !file.encrypted && !file.is_signed &&
         (file.media_type == "application/pdf" || file.media_type.starts_with("image/"));
}

// What says nothing about the file in hand, and passes when it is tried again.
bool is_passing(const Error& error) {
  return error.code() == ErrorCode::cancelled || error.code() == ErrorCode::unavailable ||
         error.code() == ErrorCode::storage_full || error.code() == ErrorCode::io;
}

// Why the two passes of a stack do not become one; empty: they may.
std::string obstacle_to_joining(storage::Session& session, const std::vector<Document>& passes) {
  if (passes.size() != 2) return "one of the two sides is not there any more";
  for (const Document& pass : passes) {
    const std::string which = "document " + std::to_string(pass.id);
    if (!is_whole_scan(pass)) return which + " is no scan whose pages can be put into another file";
    if (pass.is_record) return which + " is a record: its pages stay together";
    if (pass.trashed_at) return which + " is in the trash";
    if (pass.replaced_at) return which + " was put together anew already";
    if (pass.held || storage::is_restricted(session, pass.id)) return which + " cannot be changed now";
  }
  const Document& fronts = passes.front();
  const Document& backs = passes.back();
  if (fronts.access_list != backs.access_list) return "the two sides have different access lists";
  if (fronts.page_count != backs.page_count) {
    return "there are " + std::to_string(fronts.page_count) + " front and " + std::to_string(backs.page_count) +
           " back sides: was a sheet drawn in together with another?";
  }
  return "";
}

std::vector<Document> load(storage::Session& session, const storage::StackPasses& passes) {
  std::vector<Document> documents;
  const storage::Principal system = storage::system_principal(session, "pipeline");
  for (const std::int64_t id : {passes.fronts, passes.backs}) {
    if (auto document = storage::find_document(session, system, id)) documents.push_back(std::move(*document));
  }
  return documents;
}

bool may_be_name(std::string_view text) {
  constexpr std::size_t kLongestName = 200;
  const std::size_t size = core::collapse_space(core::to_nfc(text)).size();
  return size > 0 && size <= kLongestName;
}

// An open class where whoever sent the document may file it; what a machine brought in may go anywhere.
std::optional<std::int64_t> class_for(storage::Session& session, const Document& document, const std::string& code) {
  const auto found = records::find_class(session, code);
  if (!found || !storage::class_accepts(session, found->id)) return std::nullopt;
  const std::int64_t list = storage::inherited_access_list(session, std::nullopt, found->id);
  for (const std::int64_t account : storage::senders_of(session, document.id)) {
    const auto sender = storage::load_principal(session, account, "pipeline");
    if (!sender || !sender->may_change(list, storage::Permission::capture)) return std::nullopt;
  }
  return found->id;
}

// What the barcodes say of custom fields that are open, have no value yet and take this one. None that refers to a
// document or a person: a stranger would learn which there are.
std::vector<std::pair<std::string, std::optional<std::string>>> field_values(storage::Session& session,
                                                                             const storage::Principal& who,
                                                                             const Document& document,
                                                                             const BarcodeMeaning& meaning,
                                                                             std::vector<std::string>& passed_over) {
  std::vector<std::pair<std::string, std::optional<std::string>>> values;
  if (meaning.fields.empty()) return values;
  const auto fields = storage::list_custom_fields(session);
  const auto present = storage::custom_values(session, who, document, fields);
  for (const auto& [key, text] : meaning.fields) {
    const auto field = std::ranges::find(fields, key, &storage::CustomField::key);
    const bool is_open = field != fields.end() && !field->terms.closed &&
                         field->kind != storage::CustomFieldKind::document &&
                         field->kind != storage::CustomFieldKind::person;
    if (!is_open || !storage::check_custom_value(session, who, *field, text).problem.empty()) {
      passed_over.push_back(std::string(key) + ": " + text);
      continue;
    }
    const bool has_one = std::ranges::any_of(present, [&](const storage::CustomValue& value) {
      return value.field.id == field->id && !value.value.empty();
    });
    if (!has_one) values.emplace_back(key, text);
  }
  return values;
}

}  // namespace

bool Stacks::may_be_stack(const Document& document) {
  return is_untouched(document) && document.page_count >= 2 && is_whole_scan(document);
}

std::vector<PageMarks> Stacks::marks(storage::Database& database, const DocumentWork& work) const {
  auto session = database.read();
  const BarcodeRules in_force = rules(session);
  if (!in_force.read && !in_force.drop_blank_pages) return {};
  const auto document =
      storage::find_document(session, storage::system_principal(session, "pipeline"), work.document.id);
  return document && is_untouched(*document) ? marks_of(session, *document) : std::vector<PageMarks>();
}

std::vector<Stacks::Part> Stacks::take_apart(storage::Database& database, const DocumentWork& work,
                                             std::span<const PageMarks> marks) const {
  const BarcodeRules in_force = [&] {
    auto session = database.read();
    return rules(session);
  }();
  const auto documents = documents_in_stack(marks, in_force);
  if (documents.empty()) return {};
  std::optional<Document> stack;
  {
    auto session = database.read();
    stack = storage::find_document(session, storage::system_principal(session, "pipeline"), work.document.id);
    if (!stack || !may_be_stack(*stack) || !storage::page_origins(session, stack->id).empty() ||
        storage::is_kept_whole(session, stack->id) || storage::is_restricted(session, stack->id) ||
        storage::require_file(*stack).id != work.component().id) {
      return {};
    }
  }
  std::vector<std::vector<storage::PageOrigin>> pages;
  for (const std::vector<std::int32_t>& numbers : documents) {
    pages.emplace_back();
    for (const std::int32_t number : numbers) pages.back().push_back({stack->id, number, 0});
  }
  try {
    return written(std::span(&*stack, 1), std::move(pages), work.stop.get_token());
  } catch (const Error& error) {
    if (is_passing(error)) throw;
    log_.warning("stack_not_split", {{"document_id", stack->id},
                                     {"code", code_name(error.code())},
                                     {"problem", error.message()},
                                     {"cause", error.cause()}});
    return {};
  }
}

std::vector<Stacks::Part> Stacks::written(std::span<const Document> sources,
                                          std::vector<std::vector<storage::PageOrigin>> pages,
                                          std::stop_token stop) const {
  const std::vector<PageAssembly::NewFile> files = assembly_.write(sources, pages, stop);
  std::vector<Part> parts;
  for (std::size_t i = 0; i < files.size(); ++i) parts.push_back({std::move(pages[i]), files[i]});
  return parts;
}

Stacks::Joined Stacks::join(storage::Database& database, const DocumentWork& work,
                            const storage::StackPasses& passes) const {
  Joined joined;
  std::vector<std::vector<storage::PageOrigin>> pages;
  {
    auto session = database.read();
    joined.passes = load(session, passes);
    joined.problem = obstacle_to_joining(session, joined.passes);
    if (!joined.problem.empty()) return joined;
    const Document& fronts = joined.passes.front();
    const Document& backs = joined.passes.back();
    const auto sheets = PageOrganiser::collated(fronts, backs);
    const BarcodeRules in_force = rules(session);
    std::vector<std::vector<std::int32_t>> documents;
    if (in_force.read || in_force.drop_blank_pages) {
      const auto front_marks = marks_of(session, fronts), back_marks = marks_of(session, backs);
      std::vector<PageMarks> marks;
      for (const storage::PageOrigin& side : sheets) {
        marks.push_back(
            (side.document_id == fronts.id ? front_marks : back_marks)[static_cast<std::size_t>(side.page) - 1]);
      }
      documents = documents_in_stack(marks, in_force);
    }
    for (const std::vector<std::int32_t>& numbers : documents) {
      pages.emplace_back();
      for (const std::int32_t number : numbers) pages.back().push_back(sheets[static_cast<std::size_t>(number) - 1]);
    }
    if (pages.empty()) pages.push_back(sheets);
  }
  try {
    joined.parts = written(joined.passes, std::move(pages), work.stop.get_token());
  } catch (const Error& error) {
    if (is_passing(error)) throw;
    joined.problem = error.message();
  }
  return joined;
}

void Stacks::enter(storage::Transaction& tx, const Document& stack, const std::vector<Part>& parts,
                   int priority) const {
  replace(tx, std::span(&stack, 1), parts, true, priority);
}

void Stacks::enter(storage::Transaction& tx, const Joined& joined, int priority) const {
  const std::vector<Document> now = load(tx, {joined.passes.front().id, joined.passes.back().id});
  const std::string problem = obstacle_to_joining(tx, now);
  const auto has_same_file = [](const Document& one, const Document& other) {
    return storage::require_file(one).id == storage::require_file(other).id;
  };
  if (!problem.empty() || !std::ranges::equal(now, joined.passes, has_same_file)) {
    throw Error(ErrorCode::stale, problem.empty() ? "one of the two sides has a new version" : problem);
  }
  replace(tx, now, joined.parts, joined.parts.size() > 1, priority);
}

void Stacks::replace(storage::Transaction& tx, std::span<const Document> sources, const std::vector<Part>& parts,
                     bool numbered, int priority) const {
  std::vector<std::int64_t> ids;
  for (const Part& each : parts) {
    assembly_.require_stored(each.file);
    const std::string number = " (" + std::to_string(ids.size() + 1) + ")";
    storage::NewDocument part = made_from(sources.front(), numbered ? number : "");
    // One of several has a name of its own.
    if (!numbered && sources.front().title_source == storage::ValueSource::person) part.title = sources.front().title;
    part.hash = each.file.hash;
    part.size = each.file.size;
    ids.push_back(storage::create_document_of_pages(tx, part, each.pages));
    storage::enqueue_job(tx, "read", ids.back(), priority);
  }
  for (const Document& source : sources) storage::replace_document(tx, source.id, ids);
}

void Stacks::apply(storage::Transaction& tx, const Document& document, std::span<const PageMarks> marks) const {
  const BarcodeRules in_force = rules(tx);
  if (!in_force.read || !is_untouched(document) || document.replaced_at) return;
  std::vector<storage::Barcode> barcodes;
  for (const PageMarks& page : marks) barcodes.insert(barcodes.end(), page.barcodes.begin(), page.barcodes.end());
  if (barcodes.empty()) return;
  const BarcodeMeaning meaning = meaning_of(barcodes, in_force);
  if (meaning.serial) storage::record_serial_label(tx, document.id, meaning.serial->label, meaning.serial->number);
  if (storage::is_restricted(tx, document.id)) return;
  // What the sender said comes first, but tags add up. What cannot be followed costs nothing else: it is only noted.
  storage::DocumentChange change;
  std::vector<std::string> passed_over;
  if (!document.type && !meaning.type.empty()) {
    if (may_be_name(meaning.type)) {
      change.type_id = storage::ensure_name(tx, storage::Vocabulary::type, meaning.type).id;
    } else {
      passed_over.push_back("type: " + meaning.type);
    }
  }
  if (!document.class_id && !meaning.class_code.empty()) {
    if (const auto found = class_for(tx, document, meaning.class_code)) {
      change.class_id = *found;
    } else {
      passed_over.push_back("class: " + meaning.class_code);
    }
  }
  std::vector<std::int64_t> tags;
  for (const storage::NamedEntry& tag : document.tags) tags.push_back(tag.id);
  for (const std::string& name : meaning.tags) {
    if (!may_be_name(name)) {
      passed_over.push_back("tag: " + name);
      continue;
    }
    const std::int64_t tag = storage::ensure_name(tx, storage::Vocabulary::tag, name).id;
    if (std::ranges::find(tags, tag) == tags.end()) tags.push_back(tag);
  }
  if (tags.size() > document.tags.size()) change.tag_ids = tags;
  const storage::Principal system = storage::system_principal(tx, "pipeline");
  change.custom_fields = field_values(tx, system, document, meaning, passed_over);
  if (!passed_over.empty()) {
    tx.audit({"document.barcodes_passed_over", "document", document.id, "",
              nlohmann::ordered_json{{"barcodes", passed_over}}.dump()});
  }
  if (!change.type_id && !change.class_id && !change.tag_ids && change.custom_fields.empty()) return;
  const auto now = storage::find_document(tx, system, document.id);
  storage::change_document(tx, system, document.id, now->version, change);
}

}  // namespace muniment::ingest
