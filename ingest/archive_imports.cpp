#include "ingest/archive_imports.h"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/files.h"
#include "core/priority.h"
#include "core/text.h"
#include "ingest/imported_archive.h"
#include "ingest/internal/export_files.h"
#include "ingest/internal/import_preview.h"
#include "records/file_plan.h"
#include "storage/audit.h"
#include "storage/catalogue.h"
#include "storage/custom_fields.h"
#include "storage/documents.h"
#include "storage/page_origins.h"
#include "storage/relations.h"
#include "storage/serial_numbers.h"

namespace muniment::ingest {

using core::Error;
using core::ErrorCode;
using storage::ArchiveImport;
using storage::ImportItem;
using storage::Permission;
using storage::Principal;
using storage::Transaction;
using storage::Vocabulary;

namespace {

using ImportsJson = nlohmann::ordered_json;

constexpr char kOwner[] = "archive imports";
constexpr std::chrono::milliseconds kTellEvery{500};
constexpr std::chrono::seconds kLookAgain{30};
// How long an import that nothing is done with is kept, with its file and what it says of what failed.
constexpr std::chrono::hours kKept{24 * 30};
// And one whose looking over was cancelled: nothing can be begun from that, only looking it over anew.
constexpr std::chrono::hours kKeptWhenCancelled{24};

// Whether it says something of the one document rather than of the service.
bool concerns_one(ErrorCode code) {
  constexpr std::array kCodes = {ErrorCode::not_found,        ErrorCode::forbidden, ErrorCode::conflict,
                                 ErrorCode::invalid_argument, ErrorCode::too_large, ErrorCode::unsupported_type};
  return std::ranges::find(kCodes, code) != kCodes.end();
}

storage::Actor import_actor() {
  return storage::Actor::system("import");
}

// Whose import it is, with the rights of this moment. Error(forbidden) when the account is no longer active.
Principal owner_of(storage::Session& session, const ArchiveImport& import) {
  if (import.account_id == 0) return storage::system_principal(session, "import");
  auto who = storage::load_principal(session, import.account_id, "import");
  if (!who) throw Error(ErrorCode::unavailable, "the account that began this is no longer active");
  return std::move(*who);
}

}  // namespace

// One job, from its claim to its end.
class ArchiveImports::Work {
 public:
  Work(ArchiveImports& imports, storage::Job job, ArchiveImport import, std::stop_token stop)
      : imports_(imports),
        database_(imports.database_),
        job_(std::move(job)),
        import_(std::move(import)),
        stop_(std::move(stop)) {}

  // Its result, as JSON.
  std::string perform() { return job_.kind == storage::kImportJob ? take_in() : look_over(); }

 private:
  // Error(cancelled) when somebody took the job away, or the service is stopping.
  void tell(std::int64_t done, std::int64_t of) {
    if (stop_.stop_requested()) throw Error(ErrorCode::cancelled, "the service is stopping");
    if (told_ && since_told_.elapsed() < kTellEvery) return;
    told_ = true;
    since_told_ = core::Stopwatch();
    auto tx = database_.begin(import_actor());
    // What was looked over is so anew after a crash, what was taken in is not.
    const auto report = job_.kind == storage::kImportJob ? storage::report_progress : storage::show_progress;
    if (!report(tx, job_.id, kOwner, "", done, of)) {
      throw Error(ErrorCode::cancelled, "somebody asked for this to stop");
    }
    tx.commit();
  }

  std::string look_over() {
    const auto files = open_export(import_, imports_.reader_, imports_.options_);
    std::int64_t all = 0;
    const ExportContents contents = look_through(
        *files,
        [&](std::int64_t count) {
          all = count;
          tell(count, 0);
        },
        stop_);
    told_ = false;
    ImportedArchive archive = read_export(contents, files->list());
    ImportPreview preview;
    {
      auto session = database_.read();
      const Principal who = owner_of(session, import_);
      preview = preview_import(session, who, std::move(archive), contents, imports_.options_.languages,
                               imports_.intake_.options().max_file_bytes);
    }
    tell(all, all);
    auto tx = database_.begin(import_actor());
    storage::record_preview(tx, import_.id, preview.summary, preview.items);
    tx.commit();
    return ImportsJson{{"documents", preview.items.size()}}.dump();
  }

  std::string take_in() {
    make_fields();
    std::int64_t of = 0;
    std::int64_t waiting = 0;
    {
      auto session = database_.read();
      for (const auto& [outcome, count] : storage::import_counts(session, import_.id)) {
        if (outcome != "problem") of += count;
        if (outcome.empty()) waiting = count;
      }
    }
    const auto files = open_export(import_, imports_.reader_, imports_.options_);
    files->for_each(
        [&](const std::string& path, const FileReader::Bytes& bytes) {
          tell(of - waiting, of);
          std::optional<ImportItem> item;
          {
            auto session = database_.read();
            item = storage::find_waiting_item(session, import_.id, path);
          }
          if (!item) return;
          enter(*item, bytes);
          --waiting;
        },
        stop_);
    return finish(of);
  }

  // Those that the other archive has and this one not yet. One that was made here meanwhile may have another key.
  void make_fields() {
    const auto preview = nlohmann::json::parse(import_.preview);
    if (preview.at("new_fields").empty()) return;
    auto tx = database_.begin(actor());
    const Principal who = owner_of(tx, import_);
    const auto known = storage::list_custom_fields(tx);
    for (const auto& field : preview["new_fields"]) {
      const std::string key = field.at("key");
      if (std::ranges::find(known, key, &storage::CustomField::key) != known.end()) continue;
      const std::string name = field.at("name");
      const auto here = std::ranges::find_if(known, [&](const auto& one) { return is_called(one, name); });
      if (here != known.end()) {
        field_keys_[key] = here->key;
        continue;
      }
      storage::create_custom_field(tx, who, key, kind_of(field.at("kind").get<std::string>()),
                                   {name, field.at("choices"), {{}}});
    }
    tx.commit();
  }

  void enter(const ImportItem& item, const FileReader::Bytes& bytes) {
    ImportedDocument document = imported_document(item.description);
    rename_fields(document, field_keys_);
    const Principal who = permitted_owner();
    try {
      std::vector<Intake::VersionFile> file;
      file.push_back({item.path.substr(item.path.find_last_of('/') + 1), imports_.intake_.spool(bytes), "", {}});
      // First, or an import that is repeated would make names anew that were changed or merged here.
      if (is_here(item, who, file.front().content)) return;
      std::optional<std::int64_t> held_folder;
      Arrival arrival = arrival_of(who, document, held_folder);
      arrival.with = [&](Transaction& tx, const Receipt& receipt) {
        storage::record_arrival(tx, import_.id, item.position, receipt.document_id, receipt.duplicate);
        if (!receipt.duplicate) describe(tx, who, receipt.document_id, document, held_folder);
      };
      imports_.intake_.accept_versions(who, std::move(arrival), std::move(file));
    } catch (const Error& error) {
      if (!concerns_one(error.code())) throw;
      auto tx = database_.begin(import_actor());
      storage::record_refusal(tx, import_.id, item.position, error.message());
      tx.commit();
    }
  }

  // As they are now. Without the right to bring in at all the whole import has to wait, not one document.
  Principal permitted_owner() const {
    auto session = database_.read();
    Principal who = owner_of(session, import_);
    who.require(Permission::capture);
    who.require(Permission::edit_documents);
    return who;
  }

  bool is_here(const ImportItem& item, const Principal& who, const Intake::Spooled& file) {
    const auto there = [&] {
      auto session = database_.read();
      return storage::find_duplicate(session, who, file.hash, storage::is_out_of_trash);
    }();
    // One that is damaged is mended on its way in.
    if (!there || !imports_.intake_.holds(file)) return false;
    auto tx = database_.begin(import_actor());
    storage::record_arrival(tx, import_.id, item.position, *there, true);
    tx.commit();
    return true;
  }

  // With all names that it needs made. `held_folder`: where it has to go once it is described.
  Arrival arrival_of(const Principal& who, const ImportedDocument& document,
                     std::optional<std::int64_t>& held_folder) const {
    Arrival arrival;
    arrival.priority = storage::kBulk;
    arrival.counted = false;
    arrival.duplicate_test = storage::is_out_of_trash;
    storage::NewDocument& described = arrival.document;
    described.source = import_.account_id == 0 ? "command" : "upload";
    described.title = document.title;
    described.date = document.date;
    described.language = document.language;
    auto tx = database_.begin(actor());
    const auto& languages = imports_.options_.languages;
    if (!document.language.empty() && std::ranges::find(languages, document.language) == languages.end()) {
      throw Error(ErrorCode::invalid_argument, "the language " + document.language + " is not enabled");
    }
    ImportPlace place = import_place(tx, who, document);
    if (!place.problem.empty()) throw Error(ErrorCode::invalid_argument, place.problem);
    bool made = false;
    if (!document.folder.empty() && !place.folder_id) {
      place.folder_id =
          records::create_folder(tx, *place.class_id, core::collapse_space(document.folder), std::nullopt);
      made = true;
    }
    described.class_id = place.class_id;
    (place.held ? held_folder : described.folder_id) = place.folder_id;
    described.type_id = named(tx, Vocabulary::type, document.type, made);
    described.correspondent_id = named(tx, Vocabulary::correspondent, document.correspondent, made);
    std::set<std::int64_t> tags;
    for (const std::string& tag : document.tags) tags.insert(*named(tx, Vocabulary::tag, tag, made));
    described.tag_ids.assign(tags.begin(), tags.end());
    if (made) tx.commit();
    return arrival;
  }

  static std::optional<std::int64_t> named(Transaction& tx, Vocabulary vocabulary, const std::string& name,
                                           bool& made) {
    const std::string clean = core::collapse_space(name);
    if (clean.empty()) return std::nullopt;
    if (const auto known = storage::find_named(tx, vocabulary, clean)) return known->id;
    made = true;
    return storage::ensure_name(tx, vocabulary, clean).id;
  }

  // What the intake does not take.
  void describe(Transaction& tx, const Principal& who, std::int64_t id, const ImportedDocument& document,
                std::optional<std::int64_t> held_folder) const {
    if (document.serial_number) storage::record_serial_label(tx, id, "", *document.serial_number);
    storage::record_links(tx, import_.id, id, document.links);
    // Nobody else has it yet, and its list may be one that `who` is not on.
    const Principal maker = storage::system_principal(tx, "import");
    set(tx, who, maker, id, document);
    const Principal& author = who.may_change(storage::find_document(tx, maker, id).value().access_list) ? who : maker;
    for (const std::string& note : document.notes) {
      if (!core::trim(note).empty()) storage::add_note(tx, author, id, note);
    }
    if (!held_folder) return;
    storage::DocumentChange change;
    change.folder_id = held_folder;
    storage::change_document(tx, maker, id, storage::find_document(tx, maker, id).value().version, change);
  }

  static void set(Transaction& tx, const Principal& who, const Principal& maker, std::int64_t id,
                  const ImportedDocument& document) {
    if (document.fields.empty()) return;
    const auto fields = storage::list_custom_fields(tx);
    if (const std::string problem = values_problem(tx, who, fields, document); !problem.empty()) {
      throw Error(ErrorCode::invalid_argument, problem);
    }
    storage::DocumentChange change;
    for (const auto& [key, value] : document.fields) change.custom_fields.emplace_back(key, value);
    storage::change_document(tx, maker, id, storage::find_document(tx, maker, id).value().version, change);
  }

  // When all documents have their numbers here. Of several links in one field the first becomes its value, unless
  // somebody has entered one meanwhile; each of the others says that the two have to do with each other.
  void link(std::int64_t of) {
    std::vector<storage::ImportLink> links;
    {
      auto session = database_.read();
      links = storage::import_links(session, import_.id);
    }
    for (const storage::ImportLink& link : links) {
      tell(of, of);
      auto tx = database_.begin(actor());
      const Principal maker = storage::system_principal(tx, "import");
      const auto document = storage::find_document(tx, maker, link.document_id);
      if (!document || !storage::find_document(tx, owner_of(tx, import_), link.target)) continue;
      try {
        link_to(tx, maker, *document, link);
        tx.commit();
      } catch (const Error& error) {
        // It is a record or held by now, and stays as it is.
        if (!concerns_one(error.code())) throw;
      }
    }
  }

  static void link_to(Transaction& tx, const Principal& maker, const storage::Document& document,
                      const storage::ImportLink& link) {
    const auto values = storage::custom_values(tx, maker, document, storage::list_custom_fields(tx));
    const auto field = std::ranges::find_if(values, [&](const auto& one) { return one.field.key == link.key; });
    const std::string target = std::to_string(link.target);
    if (field == values.end() || field->value == target) return;
    if (!field->value.empty()) {
      storage::relate(tx, maker, document.id, storage::RelationKind::relates_to, link.target);
      return;
    }
    storage::DocumentChange change;
    change.custom_fields.emplace_back(link.key, target);
    storage::change_document(tx, maker, document.id, document.version, change);
  }

  std::string finish(std::int64_t of) {
    link(of);
    auto tx = database_.begin(import_actor());
    storage::remove_links(tx, import_.id);
    storage::refuse_waiting_items(tx, import_.id, "its file was not there any more");
    const auto counts = storage::import_counts(tx, import_.id);
    tx.commit();
    const auto count = [&](const char* outcome) {
      const auto found = counts.find(outcome);
      return found == counts.end() ? 0 : found->second;
    };
    return ImportsJson{
        {"taken_in", count("taken_in")}, {"there_already", count("there_already")}, {"refused", count("refused")}}
        .dump();
  }

  storage::Actor actor() const { return {import_.account_id, "import"}; }

  ArchiveImports& imports_;
  storage::Database& database_;
  const storage::Job job_;
  const ArchiveImport import_;
  const std::stop_token stop_;
  std::map<std::string, std::string> field_keys_;  // of fields that have another key here than the preview says
  bool told_ = false;
  core::Stopwatch since_told_;
};

ArchiveImports::ArchiveImports(storage::Database& database, const Intake& intake, const FileReader& reader,
                               core::Log& log, ArchiveImportOptions options)
    : database_(database), intake_(intake), reader_(reader), log_(log), options_(std::move(options)) {}

ArchiveImports::~ArchiveImports() {
  stop();
}

void ArchiveImports::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) {
    core::give_way();
    while (!stop.stop_requested()) {
      try {
        if (work(stop)) continue;
        forget_old_ones();
      } catch (const std::exception& error) {
        log_.error("import_failed", {{"cause", error.what()}});
      }
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, stop, kLookAgain, [&] { return woken_; });
      woken_ = false;
    }
  });
}

void ArchiveImports::stop() {
  thread_.request_stop();
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void ArchiveImports::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  changed_.notify_all();
}

bool ArchiveImports::work(std::stop_token stop) {
  std::optional<storage::Job> job;
  std::optional<ArchiveImport> import;
  {
    auto tx = database_.begin(import_actor());
    for (const std::string_view kind : {storage::kImportPreviewJob, storage::kImportJob}) {
      // Nobody else runs them: what runs by its name was left when not even saying so was possible.
      if (const auto left = storage::find_open_job(tx, kind); left && left->state == storage::JobState::running) {
        storage::release_job(tx, left->id, kOwner);
      }
      if (!job) job = storage::claim_job(tx, kind, kOwner);
    }
    if (!job) return false;
    import = storage::archive_import_of(tx, *job);
    if (!import) storage::fail_job(tx, job->id, kOwner, "not_found", "this import was removed");
    tx.commit();
  }
  if (!import) return true;
  std::string result, code, problem;
  try {
    result = Work(*this, *job, *import, stop).perform();
  } catch (const Error& error) {
    code = core::code_name(error.code());
    problem = error.message();
  } catch (const std::exception& error) {
    // The job must not stay open for ever, whatever it was.
    code = core::code_name(ErrorCode::internal);
    problem = error.what();
  }
  auto tx = database_.begin(import_actor());
  if (!code.empty() && stop.stop_requested()) {
    storage::release_job(tx, job->id, kOwner);
    tx.commit();
    return true;
  }
  const bool kept = code.empty() ? storage::finish_job(tx, job->id, kOwner, result)
                                 : storage::fail_job(tx, job->id, kOwner, code, problem);
  if (import->is_begun()) {
    const char* action = !kept          ? "archive_import.cancelled"
                         : code.empty() ? "archive_import.finished"
                                        : "archive_import.failed";
    storage::AuditEvent event{action, "archive_import", import->id};
    event.after = result;
    event.succeeded = kept && code.empty();
    tx.audit(event);
  }
  tx.commit();
  if (import->is_begun() && kept && code.empty()) remove_file(*import);
  return true;
}

void ArchiveImports::remove_file(const ArchiveImport& import) const {
  if (import.uploaded) core::remove_durably(options_.uploads / import.location);
}

void ArchiveImports::forget_old_ones() {
  const core::Time now = database_.clock().now();
  const auto to_forget = [&](storage::Session& session) {
    return storage::archive_imports_to_forget(session, now - kKept, now - kKeptWhenCancelled);
  };
  {
    auto session = database_.read();
    if (to_forget(session).empty()) return;
  }
  // Nobody can begin one while the transaction lasts; after a crash the row is still there to find the file by.
  auto tx = database_.begin(import_actor());
  for (const ArchiveImport& import : to_forget(tx)) {
    storage::forget_archive_import(tx, import.id);
    remove_file(import);
  }
  tx.commit();
}

}  // namespace muniment::ingest
