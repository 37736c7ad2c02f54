// Resumable uploads: tus 1.0.0 with creation, termination, expiration and checksum.
#include "storage/uploads.h"

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include "core/error.h"
#include "core/text.h"
#include "webui/api/api.h"
#include "webui/arrival.h"
#include "webui/problem.h"
#include "webui/tus.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using storage::Permission;
using storage::Upload;

namespace {

constexpr std::size_t kCopyBytes = 256 * 1024;
constexpr std::chrono::seconds kTakeover{10};

// One request at a time works on an upload. Who comes later is the one that the client still listens to: the earlier
// one, perhaps stuck on a dead connection, is interrupted. Thread-safe.
class UploadLocks {
 public:
  class Held {
   public:
    Held(UploadLocks& locks, std::string id) : locks_(locks), id_(std::move(id)) {}
    ~Held() {
      const std::lock_guard lock(locks_.mutex_);
      locks_.holders_.erase(id_);
      locks_.freed_.notify_all();
    }
    Held(const Held&) = delete;

   private:
    UploadLocks& locks_;
    std::string id_;
  };

  std::unique_ptr<Held> take(const std::string& id, Exchange& exchange) {
    std::unique_lock lock(mutex_);
    const auto holder = holders_.find(id);
    if (holder != holders_.end()) {
      holder->second->interrupt();
      if (!freed_.wait_for(lock, kTakeover, [&] { return !holders_.contains(id); })) {
        throw Error(ErrorCode::conflict, "another request still works on this upload; try again");
      }
    }
    holders_.emplace(id, &exchange);
    return std::make_unique<Held>(*this, id);
  }

 private:
  std::mutex mutex_;
  std::condition_variable freed_;
  std::map<std::string, Exchange*> holders_;
};

class Uploads {
 public:
  explicit Uploads(Api& api) : api_(api) {}

  void describe(Call& call) const {
    say_version(call);
    call.http.set_header("Tus-Version", std::string(tus::kVersion));
    call.http.set_header("Tus-Extension", std::string(tus::kExtensions));
    call.http.set_header("Tus-Max-Size", std::to_string(api_.services.intake.options().max_file_bytes));
    call.http.set_header("Tus-Checksum-Algorithm", std::string(tus::kChecksumAlgorithms));
    call.http.send_empty(204);
  }

  void create(Call& call) const {
    if (!speaks_tus(call)) return;
    if (call.who.is_system())
      throw Error(ErrorCode::forbidden, "an upload needs an account; use POST /api/v1/documents");
    const std::uint64_t length = number_header(call, "Upload-Length");
    const auto metadata = tus::parse_metadata(call.http.header("Upload-Metadata").value_or(""));
    if (!metadata) {
      throw Error(ErrorCode::invalid_argument, "Upload-Metadata is not well-formed",
                  {{"Upload-Metadata", "must be pairs of a key and a base64 value, separated by commas"}});
    }
    // Refuses now what would be refused at the end.
    if (const auto purpose = metadata->find("purpose"); purpose != metadata->end()) {
      require_archive(call, purpose->second, length);
    } else {
      api_.services.intake.require_room(call.who, length);
      require_language(api_.options.languages, fields_of(*metadata).document().language);
    }
    Upload upload;
    upload.id = api_.services.random.token(24);
    upload.account_id = call.who.account_id;
    upload.length = length;
    Json stored = Json::object();
    for (const auto& [key, value] : *metadata) stored[key] = core::to_utf8(value);
    upload.metadata = stored.dump();
    upload.expires_at = expiry();
    create_file(upload.id);
    auto tx = api_.services.database.begin(call.who.actor());
    storage::create_upload(tx, upload);
    tx.commit();
    say_version(call);
    call.http.set_header("Location", "/api/v1/uploads/" + upload.id);
    call.http.set_header("Upload-Expires", http_date(upload.expires_at));
    call.http.send_empty(201);
  }

  void tell(Call& call) {
    if (!speaks_tus(call)) return;
    const auto held = locks_.take(call.text("upload"), call.http);
    auto upload = find(call);
    if (!upload) return;
    if (upload->received == upload->length) finish(call, *upload);
    say_state(call, *upload);
    call.http.set_header("Upload-Length", std::to_string(upload->length));
    call.http.set_header("Cache-Control", "no-store");
    call.http.send_empty(200);
  }

  void append(Call& call) {
    if (!speaks_tus(call)) return;
    if (core::fold_case(call.http.header("Content-Type").value_or("")) != "application/offset+octet-stream") {
      throw Error(ErrorCode::unsupported_type, "send the bytes as application/offset+octet-stream");
    }
    const std::uint64_t offset = number_header(call, "Upload-Offset");
    const auto checksum_header = call.http.header("Upload-Checksum");
    const auto checksum = checksum_header ? tus::parse_checksum(*checksum_header) : std::nullopt;
    if (checksum_header && !checksum) {
      throw Error(ErrorCode::invalid_argument, "Upload-Checksum is not well-formed",
                  {{"Upload-Checksum", "must be sha256 or sha1 and the base64 digest"}});
    }
    const auto held = locks_.take(call.text("upload"), call.http);
    auto upload = find(call);
    if (!upload) return;
    if (offset != upload->received) {
      say_state(call, *upload);
      throw Error(ErrorCode::conflict, "the upload stands at byte " + std::to_string(upload->received) +
                                           "; ask with HEAD and continue there");
    }
    if (!receive(call, *upload, checksum)) {
      send_problem(call.http, "checksum_mismatch",
                   "the bytes do not have the checksum that came with them; send them again");
      return;
    }
    if (upload->received == upload->length) finish(call, *upload);
    say_state(call, *upload);
    call.http.send_empty(204);
  }

  void end(Call& call) {
    if (!speaks_tus(call)) return;
    const auto held = locks_.take(call.text("upload"), call.http);
    const auto upload = find(call);
    if (!upload) return;
    forget(*upload, call.who.actor());
    say_version(call);
    call.http.send_empty(204);
  }

 private:
  static void say_version(Call& call) { call.http.set_header("Tus-Resumable", std::string(tus::kVersion)); }

  static bool speaks_tus(Call& call) {
    if (call.http.header("Tus-Resumable") == tus::kVersion) return true;
    call.http.set_header("Tus-Version", std::string(tus::kVersion));
    send_problem(call.http, "unsupported_version", "send Tus-Resumable: 1.0.0");
    return false;
  }

  static std::uint64_t number_header(const Call& call, const std::string& name) {
    const auto number = core::parse_integer(core::trim(call.http.header(name).value_or("")));
    if (!number || *number < 0) {
      throw Error(ErrorCode::invalid_argument, name + " must be a whole number of bytes",
                  {{name, "must be a whole number"}});
    }
    return static_cast<std::uint64_t>(*number);
  }

  // An archive that is brought in is no document, and has limits of its own.
  void require_archive(const Call& call, std::string_view purpose, std::uint64_t length) const {
    if (purpose != tus::kArchiveImport) {
      throw Error(ErrorCode::invalid_argument, "an upload has no such purpose",
                  {{"Upload-Metadata", "purpose must be archive-import, or missing"}});
    }
    call.who.require(Permission::operate);
    const std::uint64_t most = api_.services.archive_imports.options().limits.bytes;
    if (length > most) {
      throw Error(ErrorCode::too_large, "the archive is larger than the " + std::to_string(most >> 20) +
                                            " MiB that may be (import.size); send it in parts");
    }
    const core::DiskSpace space = core::disk_space(api_.options.upload_directory);
    // Twice: the archive and what comes out of it.
    if (space.free_bytes < 2 * length + api_.services.intake.options().free_floor(space.total_bytes)) {
      throw Error(ErrorCode::storage_full, "the archive's disk is too full for this; free some space first");
    }
  }

  static ArrivalFields fields_of(const std::map<std::string, std::string>& metadata) {
    ArrivalFields fields;
    for (const auto& [key, value] : metadata) {
      if (key == "filename") {
        fields.set_filename(value);
      } else if (key != "filetype" && key != "lastmodified") {
        fields.take(key, value);
      }
    }
    return fields;
  }

  core::Time expiry() const { return api_.services.clock.now() + api_.options.upload_lifetime; }
  std::filesystem::path path_of(const std::string& id) const { return api_.options.upload_directory / id; }

  void create_file(const std::string& id) const {
    const core::FileDescriptor file(::open(path_of(id).c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640));
    if (!file) throw core::system_error("begin an upload", errno);
    core::sync_directory(api_.options.upload_directory);
  }

  // Empty after it has answered that there is none, or that it has expired.
  std::optional<Upload> find(Call& call) const {
    auto session = api_.services.database.read();
    auto upload = storage::find_upload(session, call.who.account_id, call.text("upload"), api_.services.clock.now());
    if (!upload) throw Error(ErrorCode::not_found, "there is no such upload, or it has expired; begin anew");
    return upload;
  }

  // Writes the body behind what is there. What is durable when the connection breaks is kept, unless a checksum covers
  // all of it. False when the checksum does not agree.
  bool receive(Call& call, Upload& upload, const std::optional<tus::Checksum>& checksum) const {
    const core::FileDescriptor file(::open(path_of(upload.id).c_str(), O_WRONLY | O_CLOEXEC));
    if (!file) throw core::system_error("continue an upload", errno);
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    if (checksum) EVP_DigestInit_ex(digest.get(), checksum->algorithm == "sha1" ? EVP_sha1() : EVP_sha256(), nullptr);
    std::uint64_t at = upload.received;
    std::optional<Error> broken;
    try {
      std::vector<std::byte> buffer(kCopyBytes);
      while (const std::size_t got = call.http.read(buffer)) {
        if (got > upload.length - at) throw Error(ErrorCode::too_large, "more bytes than Upload-Length said");
        write_at(file, at, std::span(buffer).first(got));
        if (checksum) EVP_DigestUpdate(digest.get(), buffer.data(), got);
        at += got;
      }
    } catch (const Error& error) {
      if (checksum || (error.code() != ErrorCode::cancelled && error.code() != ErrorCode::timed_out)) throw;
      broken = error;
    }
    if (checksum) {
      unsigned char bytes[EVP_MAX_MD_SIZE];
      unsigned size = 0;
      EVP_DigestFinal_ex(digest.get(), bytes, &size);
      if (std::string_view(reinterpret_cast<char*>(bytes), size) != checksum->digest) return false;
    }
    if (::fsync(file.get()) != 0) throw core::system_error("keep an upload", errno);
    upload.received = at;
    upload.expires_at = expiry();
    auto tx = api_.services.database.begin(call.who.actor());
    storage::record_received(tx, upload.id, upload.received, upload.expires_at);
    tx.commit();
    if (broken) throw *broken;
    return true;
  }

  static void write_at(const core::FileDescriptor& file, std::uint64_t offset, std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
      const ssize_t written = ::pwrite(file.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) throw core::system_error("write an upload", errno);
      bytes = bytes.subspan(static_cast<std::size_t>(written));
      offset += static_cast<std::uint64_t>(written);
    }
  }

  // The file enters the archive, and in the same step the upload has its document: whoever asks again is told of it.
  void finish(Call& call, Upload& upload) {
    if (upload.document_id) return;
    std::map<std::string, std::string> metadata;
    const Json stored = Json::parse(upload.metadata);  // items() only refers to it
    for (const auto& [key, value] : stored.items()) metadata[key] = value.get<std::string>();
    if (metadata.contains("purpose")) return;  // it waits for whoever begins to bring it in
    try {
      accept_file(api_.services, call, fields_of(metadata), path_of(upload.id),
                  [&](storage::Transaction& tx, const ingest::Receipt& receipt) {
                    upload.document_id = receipt.document_id;
                    upload.job_id = receipt.duplicate ? std::nullopt : receipt.job_id;
                    storage::record_upload_result(tx, upload.id, receipt.document_id, upload.job_id);
                  });
    } catch (const Error& error) {
      // What is refused for what it is will be refused again.
      if (error.code() == ErrorCode::unsupported_type || error.code() == ErrorCode::invalid_argument) {
        forget(upload, call.who.actor());
      }
      throw;
    }
    core::remove_durably(path_of(upload.id));
  }

  void forget(const Upload& upload, storage::Actor actor) const {
    auto tx = api_.services.database.begin(std::move(actor));
    storage::remove_upload(tx, upload.id);
    tx.commit();
    core::remove_durably(path_of(upload.id));
  }

  static void say_state(Call& call, const Upload& upload) {
    say_version(call);
    call.http.set_header("Upload-Offset", std::to_string(upload.received));
    call.http.set_header("Upload-Expires", http_date(upload.expires_at));
    if (!upload.document_id) return;
    call.http.set_header("Muniment-Document", std::to_string(*upload.document_id));
    if (upload.job_id) {
      call.http.set_header("Muniment-Job", std::to_string(*upload.job_id));
    } else {
      call.http.set_header("Muniment-Duplicate-Of", std::to_string(*upload.document_id));
    }
  }

  Api& api_;
  UploadLocks locks_;
};

}  // namespace

void add_uploads(Router& router, Api& api) {
  const auto uploads = std::make_shared<Uploads>(api);
  const std::string all = "/api/v1/uploads";
  const std::string one = all + "/{upload}";
  router.add("OPTIONS", all, Anyone{}, [uploads](Call& call) { uploads->describe(call); });
  router.add("POST", all, Permission::capture, [uploads](Call& call) { uploads->create(call); });
  router.add("HEAD", one, Permission::capture, [uploads](Call& call) { uploads->tell(call); });
  router.add("PATCH", one, Permission::capture, [uploads](Call& call) { uploads->append(call); });
  router.add("DELETE", one, Permission::capture, [uploads](Call& call) { uploads->end(call); });
}

}  // namespace muniment::webui::api
