#include "ingest/page_organiser.h"

#include <algorithm>
#include <set>

#include "core/error.h"
#include "storage/jobs.h"

namespace muniment::ingest {

using core::Error;
using core::ErrorCode;
using storage::Document;
using storage::PageOrigin;
using storage::Principal;

namespace {

void require_free(const Document& document) {
  const char* why = nullptr;
  if (document.is_record) why = "is a record: its pages stay together";
  if (document.held) why = "cannot be changed now";
  if (document.trashed_at) why = "is in the trash";
  if (document.replaced_at) why = "was put together anew already";
  if (document.state != storage::DocumentState::ready) why = "is not read yet";
  if (document.components.empty()) why = "is on paper only";
  if (why == nullptr) return;
  throw Error(ErrorCode::conflict, "document " + std::to_string(document.id) + " " + why);
}

const Document& source_of(const std::vector<Document>& sources, const PageOrigin& page) {
  return *std::ranges::find(sources, page.document_id, &Document::id);
}

void check_pages(const std::vector<Document>& sources, std::span<const PageOrganiser::Wanted> documents) {
  std::set<std::pair<std::int64_t, std::int64_t>> taken;
  for (const PageOrganiser::Wanted& wanted : documents) {
    if (wanted.pages.empty()) throw Error(ErrorCode::invalid_argument, "a document needs at least one page");
    const std::int64_t access_list = source_of(sources, wanted.pages.front()).access_list;
    for (const PageOrigin& page : wanted.pages) {
      const Document& source = source_of(sources, page);
      if (page.page < 1 || page.page > source.page_count) {
        throw Error(ErrorCode::invalid_argument,
                    "document " + std::to_string(source.id) + " has no page " + std::to_string(page.page));
      }
      if (page.turn % 90 != 0 || page.turn < 0 || page.turn > 270) {
        throw Error(ErrorCode::invalid_argument, "pages are turned by 0, 90, 180 or 270 degrees");
      }
      if (!taken.emplace(page.document_id, page.page).second) {
        throw Error(ErrorCode::invalid_argument, "a page can stand in one place only");
      }
      if (source.access_list != access_list) {
        throw Error(ErrorCode::conflict, "these documents have different access lists; give them the same one first");
      }
    }
  }
}

// The title that a person gave the document of its first page, unless pages of that go into several.
std::string title_of(const std::vector<Document>& sources, std::span<const PageOrganiser::Wanted> documents,
                     const PageOrganiser::Wanted& wanted) {
  if (!wanted.title.empty()) return wanted.title;
  const Document& source = source_of(sources, wanted.pages.front());
  if (source.title_source != storage::ValueSource::person) return "";
  const auto takes_of_it = [&](const PageOrganiser::Wanted& other) {
    return std::ranges::find(other.pages, source.id, &PageOrigin::document_id) != other.pages.end();
  };
  return std::ranges::count_if(documents, takes_of_it) == 1 ? source.title : "";
}

std::vector<Document> load_sources(storage::Session& session, const Principal& who,
                                   std::span<const PageOrganiser::Wanted> documents) {
  std::vector<Document> sources;
  for (const PageOrganiser::Wanted& wanted : documents) {
    for (const PageOrigin& page : wanted.pages) {
      if (std::ranges::find(sources, page.document_id, &Document::id) != sources.end()) continue;
      sources.push_back(storage::changeable_document(session, who, page.document_id));
      require_free(sources.back());
    }
  }
  return sources;
}

}  // namespace

std::vector<std::int64_t> PageOrganiser::put_together(const Principal& who, std::span<const Wanted> documents) const {
  who.require(storage::Permission::capture);
  if (documents.empty()) throw Error(ErrorCode::invalid_argument, "there is nothing to put together");
  std::vector<Document> sources;
  {
    auto session = database_.read();
    sources = load_sources(session, who, documents);
  }
  check_pages(sources, documents);
  std::vector<std::vector<PageOrigin>> pages;
  for (const Wanted& wanted : documents) pages.push_back(wanted.pages);
  const std::vector<PageAssembly::NewFile> files = assembly_.write(sources, pages);

  auto tx = database_.begin(who.actor());
  for (const Document& source : load_sources(tx, who, documents)) {
    if (source.version != source_of(sources, {source.id}).version) {
      throw Error(ErrorCode::stale,
                  "somebody else has changed document " + std::to_string(source.id) + " meanwhile; look at it again");
    }
  }
  std::vector<std::int64_t> made;
  for (std::size_t i = 0; i < files.size(); ++i) {
    assembly_.require_stored(files[i]);
    storage::NewDocument document = made_from(source_of(sources, documents[i].pages.front()), "");
    document.title = title_of(sources, documents, documents[i]);
    document.hash = files[i].hash;
    document.size = files[i].size;
    made.push_back(storage::create_document_of_pages(tx, document, documents[i].pages));
    storage::enqueue_job(tx, "read", made.back(), storage::kInteractive);
  }
  for (const Document& source : sources) storage::replace_document(tx, source.id, made);
  tx.after_commit(queued_);
  tx.commit();
  return made;
}

std::vector<PageOrigin> PageOrganiser::collated(const Document& fronts, const Document& backs) {
  if (backs.page_count > fronts.page_count) {
    throw Error(ErrorCode::invalid_argument, "there are more backs than fronts; are they the other way round?");
  }
  std::vector<PageOrigin> pages;
  for (std::int64_t sheet = 1; sheet <= fronts.page_count; ++sheet) {
    pages.push_back({fronts.id, sheet, 0});
    if (sheet <= backs.page_count) pages.push_back({backs.id, backs.page_count - sheet + 1, 0});
  }
  return pages;
}

std::vector<std::int64_t> PageOrganiser::undo(const Principal& who, std::int64_t document_id) const {
  auto tx = database_.begin(who.actor());
  const Document document = storage::changeable_document(tx, who, document_id);
  std::set<std::int64_t> before, made;
  const auto add_origins = [&](std::int64_t id) {
    for (const PageOrigin& page : storage::page_origins(tx, id)) before.insert(page.document_id);
  };
  // One that was made so and then replaced itself: the later change is undone.
  if (document.replaced_at) {
    before.insert(document_id);
  } else {
    add_origins(document_id);
  }
  const Principal system = storage::system_principal(tx, who.client);
  // Pages of one document may have gone into several, and these may have pages of others.
  for (std::size_t known = 0; known < before.size();) {
    known = before.size();
    for (const std::int64_t id : std::set(before)) {
      for (const std::int64_t part : storage::documents_made_of(tx, system, id)) {
        made.insert(part);
        add_origins(part);
      }
    }
  }
  if (made.empty()) throw Error(ErrorCode::conflict, "nothing was made of this document's pages");
  for (const std::int64_t id : made) {
    if (storage::changeable_document(tx, who, id).replaced_at) {
      throw Error(ErrorCode::conflict,
                  "document " + std::to_string(id) + " was put together anew itself; undo that first");
    }
    storage::trash_document(tx, who, id);
  }
  std::vector<std::int64_t> back;
  for (const std::int64_t id : before) {
    if (!storage::find_document(tx, system, id)) continue;  // destroyed since
    if (!storage::changeable_document(tx, who, id).replaced_at) continue;
    storage::undo_replacement(tx, id);
    back.push_back(id);
  }
  if (back.empty()) throw Error(ErrorCode::conflict, "what was there before is there no more");
  tx.commit();
  return back;
}

}  // namespace muniment::ingest
