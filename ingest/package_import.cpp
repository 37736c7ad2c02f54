#include "ingest/package_import.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "records/file_plan.h"
#include "records/holds.h"
#include "records/package.h"
#include "records/transfer.h"
#include "storage/catalogue.h"
#include "storage/custom_fields.h"
#include "storage/document_versions.h"
#include "storage/documents.h"
#include "storage/page_origins.h"
#include "storage/relations.h"

namespace muniment::ingest {

namespace fs = std::filesystem;
using core::Error;
using core::ErrorCode;
using storage::Permission;
using storage::Principal;

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLongestTitle = 500;
constexpr std::size_t kLongestName = 200;
constexpr std::size_t kLongestNote = 20'000;
constexpr std::size_t kLongestComment = 2000;
constexpr std::size_t kLongestLabel = 80;
constexpr std::size_t kMostLabels = 100;
constexpr std::size_t kFoldersLooked = 10'000;

// Where the document goes in the file plan of this archive.
struct Place {
  std::optional<std::int64_t> class_id;
  std::optional<std::int64_t> folder_id;
  std::string remark;  // what could not be as it was
  // The folder is under hold, and so is whatever comes into it: nothing can be added to that any more.
  bool last = false;
};

// A list with nobody but whoever takes the package in, made when there is none.
std::int64_t list_of_one(storage::Transaction& tx, const Principal& who) {
  const storage::AccessEntry alone{storage::AccessEntry::Subject::account, who.account_id, true};
  const auto lists = storage::list_access_lists(tx);
  for (const storage::AccessList& list : lists) {
    if (list.entries.size() != 1 || list.level > who.clearance) continue;
    const storage::AccessEntry& entry = list.entries.front();
    if (entry.subject == alone.subject && entry.subject_id == alone.subject_id && entry.may_change) return list.id;
  }
  std::string name = "Taken over, not filed yet (" + std::to_string(who.account_id) + ")";
  while (std::ranges::find(lists, name, &storage::AccessList::name) != lists.end()) name += " *";
  return storage::create_access_list(tx, name, {alone});
}

// On the list that was made for them meanwhile, too.
Principal as_of_now(storage::Session& session, const Principal& who) {
  return storage::with_rights_of_now(session, who).value_or(who);
}

std::optional<std::int64_t> folder_titled(storage::Session& session, std::int64_t class_id, const std::string& title) {
  for (const records::Folder& folder : records::list_folders(session, class_id, "", kFoldersLooked)) {
    if (folder.status == records::Status::open && core::fold_case(folder.title) == core::fold_case(title)) {
      return folder.id;
    }
  }
  return std::nullopt;
}

// What hid the folder's title there hides it here too, in a folder that was here before as well, unless it has a public
// title of its own. Returns what could not be so, in words.
std::string mask_folder(storage::Transaction& tx, std::int64_t id, const std::string& public_title) {
  const std::string masked(core::cut(core::collapse_space(public_title), kLongestTitle));
  const records::Folder folder = records::find_folder(tx, id).value();
  if (masked.empty() || folder.public_title || masked == folder.title) return "";
  if (records::is_folder_title_held(tx, id)) {
    return "Its folder there had the public title " + masked + ", which could not be given to the one here.";
  }
  records::FolderChange change;
  change.public_title.emplace(masked);
  records::change_folder(tx, id, folder.version, change);
  return "";
}

Place place_of(storage::Transaction& tx, const Principal& who, const ListedDocument& document) {
  Place place;
  if (document.class_code.empty()) return place;
  const std::string name = document.class_code + (document.class_title.empty() ? "" : " " + document.class_title);
  const auto node = records::find_class(tx, document.class_code);
  if (!node || node->status == records::Status::closed) {
    place.remark = "Its class there was " + name + ", which " + (node ? "is closed" : "does not exist") + " here.";
    if (!document.folder.empty()) place.remark += " Its folder there was " + document.folder + ".";
    return place;
  }
  if (!who.may_change(storage::inherited_access_list(tx, std::nullopt, node->id))) {
    place.remark = "Its class there was " + name + ", where whoever took it in may not file.";
    return place;
  }
  place.class_id = node->id;
  if (document.folder.empty()) return place;
  const std::string title(core::cut(core::collapse_space(document.folder), kLongestName));
  auto folder = folder_titled(tx, node->id, title);
  if (!folder && who.may(Permission::manage_file_plan)) {
    folder = records::create_folder(tx, node->id, title, std::nullopt);
  }
  if (folder && who.may_change(storage::inherited_access_list(tx, folder, node->id))) {
    place.folder_id = folder;
    place.last = records::is_folder_held(tx, *folder);
    place.remark = mask_folder(tx, *folder, document.public_folder);
  } else {
    place.remark = "Its folder there was " + title + ".";
  }
  return place;
}

std::string shortened_in_words(const PackageImport::Shortened& shortened) {
  std::string words;
  for (const auto& [what, texts] : shortened) {
    for (const std::string& whole : texts) {
      words += (words.empty() ? "Cut or left out here: " : "; ") + what + ": " + whole;
    }
  }
  return words;
}

// What of a text in one line there is room for here; what is cut stands whole in `shortened`.
std::string fitting(std::string_view text, std::size_t most, const char* what, PackageImport::Shortened& shortened) {
  const std::string whole = core::collapse_space(core::to_nfc(text));
  if (whole.size() <= most) return whole;
  shortened[what].push_back(whole);
  return std::string(core::trim(core::cut(whole, most)));
}

std::optional<std::int64_t> entry_named(storage::Transaction& tx, storage::Vocabulary vocabulary,
                                        const std::string& name, PackageImport::Shortened& shortened) {
  const std::string clean = fitting(name, kLongestName, "name", shortened);
  if (clean.empty()) return std::nullopt;
  return storage::ensure_name(tx, vocabulary, clean).id;
}

bool is_language(std::string_view name) {
  return name.size() == 3 && std::ranges::all_of(name, [](char c) { return c >= 'a' && c <= 'z'; });
}

// Gives it the values of fields that this archive has too; returns in words what it has no place for.
std::string take_fields(storage::Transaction& tx, const Principal& who, std::int64_t id,
                        const std::vector<ListedField>& listed) {
  const auto fields = storage::list_custom_fields(tx);
  std::string rest;
  storage::DocumentChange change;
  for (const ListedField& one : listed) {
    const auto known = std::ranges::find(fields, one.key, &storage::CustomField::key);
    const bool refers = one.kind == "document" || one.kind == "person";
    if (known != fields.end() && !known->terms.closed && !refers &&
        storage::custom_field_kind_name(known->kind) == one.kind && who.may(Permission::edit_documents)) {
      const auto checked = storage::check_custom_value(tx, who, *known, one.value);
      if (checked.problem.empty()) {
        change.custom_fields.emplace_back(one.key, one.value);
        continue;
      }
    }
    rest += (rest.empty() ? "Fields there: " : "; ") + (one.name.empty() ? one.key : one.name) + ": " + one.value;
  }
  if (!change.custom_fields.empty()) {
    storage::change_document(tx, who, id, storage::find_document(tx, who, id).value().version, change);
  }
  return rest;
}

// What retention ran from there; here it runs by this archive's schedules, and on records only.
std::string events_in_words(const std::vector<ListedEvent>& events) {
  std::string words;
  for (const ListedEvent& event : events) {
    words += (words.empty() ? "Events there: " : "; ") + event.name + " " + event.date;
  }
  return words;
}

// Of whatever length: as many as it takes.
void add_notes_of(storage::Transaction& tx, const Principal& who, std::int64_t id, std::string_view text) {
  const std::string whole = core::to_nfc(text);
  for (std::string_view rest = whole; !rest.empty();) {
    const std::string_view piece = core::cut(rest, kLongestNote);
    if (const auto clean = core::trim(piece); !clean.empty()) storage::add_note(tx, who, id, clean);
    rest.remove_prefix(piece.size());
  }
}

void add_notes(storage::Transaction& tx, const Principal& who, std::int64_t id, const std::string& package_id,
               const ListedDocument& document, const std::string& remark) {
  std::string origin = "Taken in from package " + package_id;
  if (!document.id.empty()) origin += ", where it was document " + document.id;
  if (!document.captured.empty()) origin += ", captured " + document.captured;
  storage::add_note(tx, who, id, origin + "." + (remark.empty() ? "" : " " + remark));
  add_notes_of(tx, who, id, take_fields(tx, who, id, document.fields));
  add_notes_of(tx, who, id, events_in_words(document.events));
  for (const std::string& note : document.notes) add_notes_of(tx, who, id, note);
}

// Into a folder under hold. Its relations cannot be entered after that: a note tells them.
void file_for_good(storage::Transaction& tx, const Principal& who, std::int64_t id, std::int64_t folder_id,
                   const std::vector<ListedRelation>& relations) {
  std::string words;
  for (const ListedRelation& relation : relations) {
    words += (words.empty() ? "Relations there: " : "; ") + relation.kind + " " + relation.document;
  }
  add_notes_of(tx, who, id, words);
  const Principal maker = storage::system_principal(tx, who.client);
  storage::DocumentChange change;
  change.folder_id = folder_id;
  storage::change_document(tx, maker, id, storage::find_document(tx, maker, id).value().version, change);
}

void pack(const fs::path& directory, const core::TempFile& into) {
  const auto target = records::zip_target(into.descriptor());
  std::set<fs::path> paths;  // in order, because the versions of one document follow each other in it
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (entry.is_symlink() || (!entry.is_regular_file() && !entry.is_directory())) {
      throw Error(ErrorCode::bad_file, "this package is damaged: " + entry.path().filename().string() +
                                           " is neither a plain file nor a folder");
    }
    if (entry.is_regular_file()) paths.insert(entry.path());
  }
  for (const fs::path& path : paths) {
    const core::FileDescriptor file = core::open_for_reading(path);
    target->begin(fs::relative(path, directory).string(), core::size_of(file), core::Time{});
    core::digest_of(file, [&](std::span<const std::byte> piece) { target->append(piece); });
    target->end();
  }
  target->finish();
}

// Whether the document has had all of them, as versions.
bool has_files(storage::Session& session, const storage::Document& document, const std::vector<core::Sha256>& hashes) {
  const auto versions = storage::document_versions(session, document);
  return std::ranges::all_of(hashes, [&](const core::Sha256& hash) {
    return std::ranges::any_of(
        versions, [&](const storage::DocumentVersion& version) { return version.file && version.file->hash == hash; });
  });
}

// Its receipt would say that somebody else has what leaves here then.
void require_from_elsewhere(storage::Database& database, const std::string& package_id) {
  auto session = database.read();
  if (!records::waits_for_receipt(session, package_id)) return;
  throw Error(ErrorCode::conflict, "this archive made this package, and waits for the receipt of another archive");
}

// It was read and checked before; nothing but this very file may enter under that check.
Intake::Reader checked(const PackageReader::Bytes& bytes, const ListedFile& file) {
  const auto hash = std::make_shared<core::Sha256Stream>();
  return [&bytes, &file, hash](std::span<std::byte> buffer) {
    const std::size_t got = bytes(buffer);
    hash->add(buffer.first(got));
    if (got == 0 && hash->finish() != file.hash) {
      throw Error(ErrorCode::bad_file, "this package is damaged: " + file.path + " is not what it was a moment ago");
    }
    return got;
  };
}

Json files_json(const std::vector<ListedFile>& files) {
  Json listed = Json::array();
  for (const ListedFile& file : files) {
    listed.push_back({{"path", file.path}, {"sha256", file.hash.hex()}, {"size", file.size}});
  }
  return listed;
}

// As a person who made it here would have said it. A label stands once in a document, and `taken` has those that do.
Intake::VersionFile version_file(const ListedVersion& version, Intake::Spooled content, std::set<std::string>& taken,
                                 PackageImport::Shortened& shortened) {
  Intake::VersionFile made{version.filename.empty() ? version.path : version.filename, std::move(content), "", {}};
  std::string comment = version.created.empty() ? "" : "Made there " + version.created + ". ";
  comment = core::trim(comment + version.comment);
  made.comment = core::cut(comment, kLongestComment);
  if (made.comment.size() < comment.size()) shortened["comment"].push_back(comment);
  for (const std::string& label : version.labels) {
    std::string clean = fitting(label, kLongestLabel, "label", shortened);
    if (clean.empty()) continue;
    if (taken.size() < kMostLabels && taken.insert(core::fold_case(clean)).second) {
      made.labels.push_back(std::move(clean));
    } else {
      shortened["label"].push_back(label);
    }
  }
  return made;
}

}  // namespace

struct PackageImport::Taken {
  Receipt receipt;
  bool filed = false;
  Shortened shortened = {};
};

PackageImport::Taken PackageImport::enter(const Principal& who, const std::string& package_id,
                                          const ListedDocument& document, const std::vector<core::Sha256>& versions,
                                          Shortened shortened, const std::function<Receipt(Arrival)>& accept) const {
  Arrival arrival;
  arrival.counted = false;
  arrival.priority = storage::kBulk;
  storage::NewDocument& described = arrival.document;
  described.filename = document.filename.empty() ? document.path : document.filename;
  described.source = "api";
  described.title = fitting(document.title, kLongestTitle, "title", shortened);
  if (std::string masked = fitting(document.public_title, kLongestTitle, "title", shortened); !masked.empty()) {
    described.public_title = std::move(masked);
  }
  described.date = core::parse_iso_date(document.date);
  if (is_language(document.language)) described.language = document.language;
  Place place;
  {
    auto tx = database_.begin(who.actor());
    place = place_of(tx, who, document);
    described.type_id = entry_named(tx, storage::Vocabulary::type, document.type, shortened);
    described.correspondent_id = entry_named(tx, storage::Vocabulary::correspondent, document.correspondent, shortened);
    for (const std::string& tag : document.tags) {
      const auto id = entry_named(tx, storage::Vocabulary::tag, tag, shortened);
      if (id && std::ranges::find(described.tag_ids, *id) == described.tag_ids.end()) described.tag_ids.push_back(*id);
    }
    // Nobody has said here who may read it, as a class would.
    if (!place.class_id && !who.is_system()) described.access_list = list_of_one(tx, who);
    tx.commit();
  }
  // What the receipt is for has to stay: a twin in the trash would be destroyed with it.
  arrival.duplicate_test = [&versions](storage::Session& session, const storage::Document& twin) {
    return storage::is_out_of_trash(session, twin) && has_files(session, twin, versions);
  };
  described.class_id = place.class_id;
  if (!place.last) described.folder_id = place.folder_id;
  Taken taken;
  taken.receipt = accept(std::move(arrival));
  taken.filed = place.class_id.has_value();
  if (taken.receipt.duplicate) return taken;
  taken.shortened = std::move(shortened);
  auto tx = database_.begin(who.actor());
  const Principal taker = as_of_now(tx, who);
  const auto entered = storage::find_document(tx, taker, taken.receipt.document_id);
  if (!entered || !taker.may_change(entered->access_list)) return taken;
  add_notes(tx, taker, taken.receipt.document_id, package_id, document, place.remark);
  add_notes_of(tx, taker, taken.receipt.document_id, shortened_in_words(taken.shortened));
  if (place.last) file_for_good(tx, taker, taken.receipt.document_id, *place.folder_id, document.relations);
  tx.commit();
  return taken;
}

void PackageImport::relate(const Principal& asker, const std::vector<ListedDocument>& documents,
                           const std::map<std::string, std::int64_t>& ids) const {
  auto tx = database_.begin(asker.actor());
  const Principal who = as_of_now(tx, asker);
  bool any = false;
  for (const ListedDocument& document : documents) {
    const auto one = ids.find(document.id);
    for (const ListedRelation& relation : document.relations) {
      const auto kind = storage::parse_relation_kind(relation.kind);
      const auto other = ids.find(relation.document);
      if (!kind || one == ids.end() || other == ids.end() || one->second == other->second) continue;
      const auto here = storage::find_document(tx, who, one->second);
      if (!here || here->held || here->trashed_at || !who.may(Permission::edit_documents) ||
          !who.may_change(here->access_list) || !storage::find_document(tx, who, other->second)) {
        continue;
      }
      storage::relate(tx, who, one->second, *kind, other->second);
      any = true;
    }
  }
  if (any) tx.commit();
}

PackageImport::Result PackageImport::take_in(const Principal& who, const core::FileDescriptor& package) const {
  return take_in(who, package, true);
}

PackageImport::Result PackageImport::take_in_folder(const Principal& who, const fs::path& directory,
                                                    core::TempFile scratch) const {
  pack(directory, scratch);
  return take_in(who, scratch.descriptor(), false);
}

PackageImport::Result PackageImport::take_in(const Principal& who, const core::FileDescriptor& package,
                                             bool whole) const {
  who.require(Permission::transfer_records);
  who.require(Permission::capture);
  const core::FileDigest digest = core::digest_of(package);
  const Source source{package, digest.size, "package.zip"};
  const PackageListing listing = reader_.read_package(source, {});
  require_from_elsewhere(database_, listing.id);
  std::map<std::string, const ListedFile*> files;
  for (const ListedFile& file : listing.files) files.emplace(file.path, &file);
  std::map<std::string, const ListedDocument*> expected;  // by path, of its versions too
  for (const ListedDocument& document : listing.documents) {
    expected.emplace(document.path, &document);
    for (const ListedVersion& version : document.versions) expected.emplace(version.path, &document);
  }
  std::map<std::string, Intake::Spooled> waiting;  // by path, until all versions of a document are there

  std::map<std::string, std::int64_t> ids;  // here, by those there
  Json taken_in = Json::array();
  const auto entered = [&](const ListedDocument& document, const Taken& taken) {
    Json shortened = Json::array();
    for (const auto& [what, texts] : taken.shortened) shortened.push_back(what);
    taken_in.push_back({{"source_id", document.id},
                        {"path", document.path},
                        {"id", taken.receipt.document_id},
                        {"outcome", taken.receipt.duplicate ? "duplicate" : "taken-in"},
                        {"filed", taken.filed && !taken.receipt.duplicate},
                        {"shortened", std::move(shortened)}});
    ids.emplace(document.id, taken.receipt.document_id);
  };
  const auto each = [&](const std::string& path, const PackageReader::Bytes& bytes) {
    const auto found = expected.find(path);
    if (found == expected.end()) throw Error(ErrorCode::bad_file, "the file makes its reader answer nonsense");
    const ListedDocument& document = *found->second;
    expected.erase(found);
    const ListedFile& file = *files.at(path);
    if (document.versions.size() < 2) {
      entered(document, enter(who, listing.id, document, {file.hash}, {}, [&](Arrival arrival) {
                return intake_.accept(who, std::move(arrival), checked(bytes, file));
              }));
      return;
    }
    waiting.emplace(path, intake_.spool(checked(bytes, file)));
    if (!std::ranges::all_of(document.versions, [&](const auto& one) { return waiting.contains(one.path); })) return;
    std::vector<core::Sha256> hashes;
    std::vector<Intake::VersionFile> versions;
    std::set<std::string> labels;
    Shortened shortened;
    for (const ListedVersion& version : document.versions) {
      hashes.push_back(files.at(version.path)->hash);
      versions.push_back(version_file(version, std::move(waiting.extract(version.path).mapped()), labels, shortened));
    }
    entered(document, enter(who, listing.id, document, hashes, std::move(shortened), [&](Arrival arrival) {
              return intake_.accept_versions(who, std::move(arrival), std::move(versions));
            }));
  };
  reader_.unpack(source, each, {});
  if (!expected.empty()) throw Error(ErrorCode::bad_file, "the file makes its reader answer nonsense");
  relate(who, listing.documents, ids);

  auto tx = database_.begin(who.actor());
  Json receipt{
      {"format", records::kReceiptFormat},
      {"package", {{"id", listing.id}, {"sha256", whole ? Json(digest.hash.hex()) : Json()}, {"size", digest.size}}},
      {"received_by", organisation_},
      {"received_at", core::to_rfc3339(tx.now())},
      {"files", files_json(listing.files)},
      {"documents", std::move(taken_in)}};
  Result result;
  result.receipt = receipt.dump(2, ' ', false, Json::error_handler_t::replace);
  result.import_id = records::record_import(tx, listing.id, digest.hash, result.receipt);
  tx.commit();
  return result;
}

}  // namespace muniment::ingest
