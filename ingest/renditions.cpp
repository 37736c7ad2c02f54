#include "ingest/renditions.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <semaphore>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>

#include "core/error.h"
#include "core/hash.h"
#include "core/text.h"
#include "ingest/internal/joined_pages.h"
#include "ingest/made_up_name.h"
#include "ingest/office_types.h"
#include "storage/mail_parts.h"
#include "storage/pages.h"

namespace muniment::ingest {

namespace fs = std::filesystem;
using core::Error;
using core::ErrorCode;

namespace {

constexpr std::array<std::int32_t, 6> kWidths{200, 400, 800, 1200, 1600, 2400};
constexpr std::int32_t kThumbnailWidth = 400;
constexpr int kMostParallel = 64;
constexpr std::string_view kPagePrefix = "page-";
constexpr std::string_view kThumbnail = "thumbnail.webp";

std::int32_t rounded_width(std::int32_t width) {
  const auto found = std::ranges::lower_bound(kWidths, width);
  return found == kWidths.end() ? kWidths.back() : *found;
}

bool is_page_image(const fs::path& file) {
  return file.filename().string().starts_with(kPagePrefix);
}

// Files are used without their access time being kept, so the modification time says when a picture was last asked for.
void mark_used(const core::FileDescriptor& file) {
  const struct timespec now[2] = {{0, UTIME_NOW}, {0, UTIME_NOW}};
  ::futimens(file.get(), now);
}

std::optional<core::FileDescriptor> open_existing(const fs::path& path) {
  try {
    return core::open_for_reading(path);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::not_found) return std::nullopt;
    throw;
  }
}

// By all that is known of a part without a hash: names with a number differ when another was counted before them.
bool may_be(const storage::MailPart& part, std::string_view filename, std::uint64_t size) {
  const bool same_name = part.filename == filename || (is_made_up_name(part.filename) && is_made_up_name(filename));
  return same_name && part.size == size;
}

}  // namespace

struct Renditions::State {
  fs::path root;
  storage::Database& database;
  const storage::BlobStore& blobs;
  const FileReader& reader;
  Passwords& passwords;
  core::Log& log;
  const RenditionOptions options;
  std::counting_semaphore<kMostParallel> free_slots;
  std::atomic<std::uint64_t> cached_bytes = 0;
  std::mutex evicting;
  std::array<std::mutex, 16> archiving;  // by the first byte of the original's hash
  std::mutex paging;                     // LibreOffice takes one document at a time anyway

  fs::path directory(const storage::Document& document) const {
    return directory(storage::require_file(document).hash);
  }
  fs::path directory(const core::Sha256& component) const {
    const std::string name = component.hex();
    return root / name.substr(0, 2) / name.substr(2, 2) / name;
  }

  // Named by component too: its text layer holds what people corrected in this document, and another one with the same
  // bytes may have other readers.
  fs::path archive_path(const storage::Document& document, std::string_view extension) const {
    return directory(document) /
           ("archive-" + std::to_string(storage::require_file(document).id) + std::string(extension));
  }

  // Named by the original's bytes alone: nothing that people do to a document changes it.
  fs::path pages_path(const storage::Document& document) const { return directory(document) / "pages.pdf"; }

  static bool is_office_file(const storage::Document& document) {
    return find_office_type(storage::require_file(document).media_type) != nullptr;
  }

  // Whether its pages are those of a PDF that is made of the original.
  bool has_made_pages(const storage::Document& document) const {
    return is_office_file(document) || is_joined(document);
  }

  bool is_joined(const storage::Document& document) const {
    const storage::Component& component = storage::require_file(document);
    if (!storage::is_mail(component.media_type)) return false;
    auto session = database.read();
    return storage::is_joined_mail(session, component.id);
  }

  // Another document with the same bytes may have had them made.
  bool knows_parts(const storage::Component& mail) const {
    auto session = database.read();
    return storage::knows_mail_parts(session, mail.id);
  }

  void write_pages(const storage::Component& component, const Source& source, const core::FileDescriptor& output,
                   std::stop_token stop) const {
    if (!storage::is_mail(component.media_type)) return reader.write_pages(source, component.media_type, output, stop);
    const auto parts =
        write_joined_pages(reader, source, options.members, blobs.temp_directory(), output, std::move(stop));
    auto tx = database.begin(storage::Actor::system("pipeline"));
    storage::record_mail_parts(tx, component.id, parts);
    tx.commit();
  }

  PageFile page_file(const storage::Document& document, std::optional<std::string> password, std::stop_token stop) {
    const storage::Component& component = storage::require_file(document);
    if (!has_made_pages(document)) return {blobs.open(component.hash), component.size};
    const fs::path path = pages_path(document);
    const auto existing = [&]() -> std::optional<PageFile> {
      if (storage::is_mail(component.media_type) && !knows_parts(component)) return std::nullopt;
      auto file = open_existing(path);
      if (!file) return std::nullopt;
      const std::uint64_t size = core::size_of(*file);
      return PageFile{std::move(*file), size};
    };
    if (auto made = existing()) return std::move(*made);
    const std::scoped_lock lock(paging);
    if (auto made = existing()) return std::move(*made);
    const core::FileDescriptor original = blobs.open(component.hash);
    const Source source{original, component.size, component.filename, std::move(password)};
    core::TempFile output(blobs.temp_directory());
    write_pages(component, source, output.descriptor(), stop);
    output.publish(path, core::TempFile::Existing::replace);
    auto made = existing();
    if (!made) throw Error(ErrorCode::not_found, "this document is no more there");
    return std::move(*made);
  }

  // One of those that may have the reader at work for people who look; waits for one.
  class Slot {
   public:
    explicit Slot(State& state) : state_(state) { state_.free_slots.acquire(); }
    ~Slot() { state_.free_slots.release(); }
    Slot(const Slot&) = delete;

   private:
    State& state_;
  };
  Slot take_slot() { return Slot(*this); }

  // The picture of a page, turned as its reader found it to be upright.
  std::string render(const storage::Document& document, std::int64_t page, std::int32_t width, std::stop_token stop) {
    if (page < 1 || page > document.page_count) {
      throw Error(ErrorCode::not_found, "this document has no page " + std::to_string(page));
    }
    const storage::Component& component = storage::require_file(document);
    RenderOptions how;
    how.width = width;
    {
      auto session = database.read();
      if (const auto layer = storage::find_page(session, document, page)) how.rotation = layer->rotation;
    }
    const PageFile pages = page_file(document, passwords.find(document.id), stop);
    const Source source{pages.file, pages.size, component.filename, passwords.find(document.id)};
    const auto slot = take_slot();
    return reader.render_page(source, static_cast<std::int32_t>(page), how, stop);
  }

  core::FileDescriptor picture(const storage::Document& document, std::int64_t page, std::int32_t width,
                               const fs::path& path, std::stop_token stop) {
    if (auto existing = open_existing(path)) {
      mark_used(*existing);
      return std::move(*existing);
    }
    const std::string webp = render(document, page, width, stop);
    core::TempFile file(blobs.temp_directory());
    file.append(std::as_bytes(std::span(webp.data(), webp.size())));
    core::FileDescriptor answer = core::open_for_reading(file.path());
    file.publish(path, core::TempFile::Existing::replace);
    if (is_page_image(path)) {
      cached_bytes += webp.size();
      evict();
    }
    return answer;
  }

  struct Cached {
    fs::file_time_type used;
    fs::path path;
    std::uint64_t size;
  };

  std::vector<Cached> cached_page_images() const {
    std::vector<Cached> found;
    std::error_code gone;  // another thread may remove what is being listed
    for (fs::recursive_directory_iterator entry(root, gone), end; !gone && entry != end; entry.increment(gone)) {
      if (!is_page_image(entry->path())) continue;
      std::error_code vanished;
      const auto used = entry->last_write_time(vanished);
      const auto size = vanished ? 0 : entry->file_size(vanished);
      if (!vanished) found.push_back({used, entry->path(), size});
    }
    return found;
  }

  // Down to nine tenths of the limit, so that the folder is not walked for every new picture.
  void evict() {
    if (cached_bytes <= options.page_image_bytes) return;
    const std::unique_lock lock(evicting, std::try_to_lock);
    if (!lock) return;
    auto images = cached_page_images();
    std::ranges::sort(images, {}, &Cached::used);
    std::uint64_t total = 0;
    for (const Cached& image : images) total += image.size;
    const std::uint64_t target = options.page_image_bytes / 10 * 9;
    std::size_t evicted = 0;
    for (const Cached& image : images) {
      if (total <= target) break;
      std::error_code failed;
      if (fs::remove(image.path, failed)) ++evicted;
      total -= image.size;
    }
    cached_bytes = total;
    log.debug("page_images_evicted", {{"count", evicted}, {"left_bytes", total}});
  }

  void write_archive(const storage::Document& document, const fs::path& path, const fs::path& none,
                     std::stop_token stop) {
    const storage::Component& component = storage::require_file(document);
    const PageFile pages = page_file(document, passwords.find(document.id), stop);
    const Source source{pages.file, pages.size, component.filename, passwords.find(document.id)};
    core::TempFile output(blobs.temp_directory());
    const auto layers = [&](std::int32_t number) {
      auto session = database.read();
      return storage::find_page(session, document, number);
    };
    if (reader.write_archive(source, layers, output.descriptor(), stop) == FileReader::Archive::written) {
      output.publish(path, core::TempFile::Existing::replace);
    } else {
      core::TempFile(blobs.temp_directory()).publish(none, core::TempFile::Existing::replace);
    }
  }
};

Renditions::Renditions(fs::path root, storage::Database& database, const storage::BlobStore& blobs,
                       const FileReader& reader, Passwords& passwords, core::Log& log, RenditionOptions options)
    : state_(new State{std::move(root),
                       database,
                       blobs,
                       reader,
                       passwords,
                       log,
                       options,
                       std::counting_semaphore<kMostParallel>(std::clamp(options.parallel, 1, kMostParallel)),
                       0,
                       {},
                       {},
                       {}}) {
  core::create_directories_durably(state_->root);
  for (const auto& image : state_->cached_page_images()) state_->cached_bytes += image.size;
}

Renditions::~Renditions() = default;

Renditions::PageFile Renditions::page_file(const storage::Document& document, std::stop_token stop) {
  return state_->page_file(document, state_->passwords.find(document.id), stop);
}

core::TempFile Renditions::mail_part(const storage::Document& document, std::int64_t position, std::stop_token stop) {
  const storage::Component& component = storage::require_file(document);
  std::vector<storage::MailPart> parts;
  {
    auto session = state_->database.read();
    parts = storage::mail_parts(session, component.id);
  }
  const auto part = std::ranges::find(parts, position, &storage::MailPart::position);
  if (part == parts.end()) {
    throw Error(ErrorCode::not_found, "no attachment " + std::to_string(position) + " is part of this document");
  }
  // Without a hash, those that are alike by all that is known are told apart by their order.
  auto alike_before = std::count_if(
      parts.begin(), part, [&](const storage::MailPart& other) { return may_be(*part, other.filename, other.size); });
  const core::FileDescriptor mail = state_->blobs.open(component.hash);
  std::optional<core::TempFile> found;
  core::Sha256 hash;
  const auto slot = state_->take_slot();
  state_->reader.read_members(
      {mail, component.size, component.filename}, state_->options.members,
      [&](const std::string& path, const FileReader::Bytes& bytes) {
        if (found) return;
        core::TempFile file(state_->blobs.temp_directory());
        core::Sha256Stream stream;
        std::vector<std::byte> buffer(1 << 16);
        while (const std::size_t got = bytes(buffer)) {
          if (file.size() + got > part->size) return;  // another one
          stream.add(std::span(buffer).first(got));
          file.append(std::span(buffer).first(got));
        }
        hash = stream.finish();
        const bool is_it = part->hash ? hash == *part->hash
                                      : may_be(*part, core::display_filename(path), file.size()) && alike_before-- == 0;
        if (is_it) found.emplace(std::move(file));
      },
      std::move(stop));
  if (!found) {
    throw Error(ErrorCode::corrupt, "attachment " + std::to_string(position) +
                                        " cannot be taken out of this mail as it was; download the mail itself");
  }
  if (!part->hash) {
    auto tx = state_->database.begin(storage::Actor::system("renditions"));
    storage::note_mail_part_hash(tx, component.id, position, hash);
    tx.commit();
  }
  return std::move(*found);
}

core::FileDescriptor Renditions::page_image(const storage::Document& document, std::int64_t page, std::int32_t width,
                                            std::stop_token stop) {
  const std::int32_t rounded = rounded_width(width);
  const std::string name = std::string(kPagePrefix) + std::to_string(page) + "-" + std::to_string(rounded) + ".webp";
  return state_->picture(document, page, rounded, state_->directory(document) / name, stop);
}

core::FileDescriptor Renditions::thumbnail(const storage::Document& document, std::stop_token stop) {
  return state_->picture(document, 1, kThumbnailWidth, state_->directory(document) / kThumbnail, stop);
}

std::optional<core::FileDescriptor> Renditions::archive(const storage::Document& document, std::stop_token stop) {
  if (document.page_count == 0) return std::nullopt;
  const fs::path path = state_->archive_path(document, ".pdf");
  const fs::path none = state_->archive_path(document, ".none");
  // So that two who wait for the same one do not both make it.
  auto& archiving = state_->archiving;
  const std::scoped_lock lock(archiving[storage::require_file(document).hash.bytes.front() % archiving.size()]);
  if (auto existing = open_existing(path)) return existing;
  if (!open_existing(none)) state_->write_archive(document, path, none, stop);
  if (auto made = open_existing(path)) return made;
  if (state_->has_made_pages(document)) return page_file(document, stop).file;
  return std::nullopt;
}

bool Renditions::is_locked(const storage::Document& document) const {
  if (document.components.empty()) return false;
  const storage::Component& component = document.components.front();
  if (!component.encrypted || document.page_count == 0 || state_->passwords.knows(document.id)) return false;
  if (State::is_office_file(document)) return !open_existing(state_->pages_path(document));
  try {
    const core::FileDescriptor file = state_->blobs.open(component.hash);
    if (state_->reader.inspect({file, component.size, component.filename, {}}, {}).needs_password) return true;
  } catch (const Error& error) {
    // Something else is wrong, which whoever wants a page is told.
    state_->log.debug("lock_not_known", {{"document_id", document.id}, {"code", core::code_name(error.code())}});
    return false;
  }
  state_->passwords.remember(document.id, std::nullopt);
  return false;
}

bool Renditions::opens(const storage::Document& document, const std::string& password) const {
  if (!State::is_office_file(document)) {
    const storage::Component& component = storage::require_file(document);
    const core::FileDescriptor file = state_->blobs.open(component.hash);
    return !state_->reader.inspect({file, component.size, component.filename, password}, {}).needs_password;
  }
  try {
    state_->page_file(document, password, {});
    return true;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::password_needed) return false;
    throw;
  }
}

void Renditions::forget_archive(const storage::Document& document) {
  std::error_code failed;
  for (const char* extension : {".pdf", ".none"}) {
    fs::remove(state_->archive_path(document, extension), failed);
    if (failed) throw core::system_error("remove a rendition", failed.value());
  }
}

void Renditions::forget_pictures(const storage::Document& document) {
  std::error_code gone;  // nothing was drawn yet
  for (const auto& entry : fs::directory_iterator(state_->directory(document), gone)) {
    if (!is_page_image(entry.path()) && entry.path().filename().string() != kThumbnail) continue;
    std::error_code failed;
    fs::remove(entry.path(), failed);
    if (failed) throw core::system_error("remove a rendition", failed.value());
  }
}

void Renditions::forget(const storage::Document& document) {
  forget(storage::require_file(document).hash);
}

void Renditions::forget(const core::Sha256& component) {
  std::error_code failed;
  fs::remove_all(state_->directory(component), failed);
  if (failed) throw core::system_error("remove renditions", failed.value());
}

bool Renditions::has(const core::Sha256& component) const {
  return fs::exists(state_->directory(component));
}

std::uint64_t Renditions::page_image_bytes() const {
  return state_->cached_bytes;
}

}  // namespace muniment::ingest
