// What a share link shows to whoever has it. Nobody signs in here; openings and downloads are in the audit log.
#include "core/error.h"
#include "core/text.h"
#include "storage/share_links.h"
#include "storage/sign_in_throttle.h"
#include "webui/api/api.h"
#include "webui/download.h"
#include "webui/share_page.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using storage::SharedDocument;
using storage::SharedFiles;

namespace {

constexpr std::size_t kLongestForm = 4096;

storage::Actor stranger(const Call& call) {
  return {0, call.http.client_address() + " by a link"};
}

std::optional<SharedDocument> find_shared(Call& call, Api& api) {
  if (api.options.longest_share.count() == 0) return std::nullopt;
  auto session = api.services.database.read();
  return storage::find_shared_document(session, call.text("token"), api.services.clock.now());
}

void send_shared_page(Call& call, Api& api) {
  const auto shared = find_shared(call, api);
  if (!shared) return send_share_gone(call.http);
  api.reads.opened(stranger(call), *shared);
  send_share_page(call.http, 200, call.text("token"), *shared, ShareNotice::none);
}

std::string given_password(Call& call) {
  for (const auto& [name, value] : parse_query(call.http.read_all(kLongestForm))) {
    if (name == "password") return value;
  }
  return "";
}

// Guessing is as slow as at signing in, for the link and for the network.
ShareNotice check_password(Call& call, Api& api, const SharedDocument& shared, const std::string& password) {
  if (shared.terms.password_hash.empty()) return ShareNotice::none;
  const std::string by_link = "share:" + std::to_string(shared.link_id);
  const std::string by_network = SignIn::network_subject(call.http);
  try {
    api.sign_in.require_patience(call.http, by_link);
    api.sign_in.require_patience(call.http, by_network);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::too_many_requests) throw;
    return ShareNotice::too_many_attempts;
  }
  const bool right = api.services.passwords.verify(password, shared.terms.password_hash);
  auto tx = api.services.database.begin(stranger(call));
  if (right) {
    storage::forget_sign_in_failures(tx, by_link);
  } else {
    storage::note_sign_in_failure(tx, by_link);
    storage::note_sign_in_failure(tx, by_network);
    storage::note_share_refused(tx, shared);
  }
  tx.commit();
  return right ? ShareNotice::none : ShareNotice::wrong_password;
}

struct SharedFile {
  core::FileDescriptor bytes;
  Download download;
};

// Empty when there is no such file of the document.
std::optional<SharedFile> file_of(Api& api, const storage::Document& document, SharedFiles which) {
  const storage::Component& original = storage::require_file(document);
  if (which == SharedFiles::original) {
    return SharedFile{api.services.blobs.open(original.hash),
                      {original.media_type, original.filename, original.hash.hex()}};
  }
  const std::string name = std::string(core::file_stem(original.filename)) + ".pdf";
  if (auto rendition = api.services.renditions.archive(document)) {
    const std::string etag = rendition_etag(*rendition);
    return SharedFile{std::move(*rendition), {"application/pdf", name, etag}};
  }
  if (original.media_type != "application/pdf") return std::nullopt;
  return SharedFile{api.services.blobs.open(original.hash), {original.media_type, name, original.hash.hex()}};
}

void send_shared(Call& call, Api& api, SharedFiles which) {
  const std::string password = given_password(call);
  const auto shared = find_shared(call, api);
  const bool offered = shared && (shared->terms.files == SharedFiles::both || shared->terms.files == which);
  if (!offered) return send_share_gone(call.http);
  const std::string& token = call.text("token");
  const ShareNotice refused = check_password(call, api, *shared, password);
  if (refused != ShareNotice::none) {
    const int status = refused == ShareNotice::too_many_attempts ? 429 : 403;
    return send_share_page(call.http, status, token, *shared, refused);
  }
  auto file = file_of(api, shared->document, which);
  if (!file) return send_share_page(call.http, 404, token, *shared, ShareNotice::no_pdf);
  {
    auto tx = api.services.database.begin(stranger(call));
    if (!storage::count_share_download(tx, *shared, storage::shared_files_name(which))) {
      return send_share_gone(call.http);
    }
    tx.commit();
  }
  set_share_headers(call.http);
  send_download(call.http, file->bytes, file->download);
}

}  // namespace

void add_shared_documents(Router& router, Api& api) {
  const std::string page = "/share/{token}";
  router.add("GET", page, Anyone{}, [&api](Call& call) { send_shared_page(call, api); });
  router.add("POST", page + "/original", Anyone{},
             [&api](Call& call) { send_shared(call, api, SharedFiles::original); });
  router.add("POST", page + "/archive", Anyone{}, [&api](Call& call) { send_shared(call, api, SharedFiles::archive); });
}

}  // namespace muniment::webui::api
