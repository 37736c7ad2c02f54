// Links to one document for people without an account. A link is a secret of 256 random bits, of which only the SHA-256
// is kept. It shows what its maker may read at the moment of asking: who may no longer read or share, leaves no open
// links behind.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/random.h"
#include "storage/documents.h"

namespace muniment::storage {

enum class SharedFiles { original, archive, both };
std::string_view shared_files_name(SharedFiles files);
std::optional<SharedFiles> parse_shared_files(std::string_view name);

enum class ShareState {
  open,
  expired,
  used_up,
  revoked,
  closed,  // its maker may not read or share the document, or nobody can: it lies in the trash, or is restricted
};
std::string_view share_state_name(ShareState state);  // "used-up"

struct ShareTerms {
  std::string label;  // for whom or what, at most 200 bytes
  SharedFiles files = SharedFiles::original;
  core::Time expires_at;
  std::string password_hash;  // empty: none is asked for
  std::optional<std::int64_t> most_downloads;
};

struct ShareLink {
  std::int64_t id = 0;
  std::int64_t document_id = 0;
  std::string document_title;
  std::int64_t account_id = 0;
  std::string maker;  // display name
  ShareTerms terms;
  std::int64_t downloads = 0;
  core::Time created_at;
  std::optional<core::Time> last_used_at;
  ShareState state = ShareState::open;
};

struct MadeShareLink {
  ShareLink link;
  std::string token;  // the only time that it is known
};
// Needs Permission::share_documents and an account. Error(not_found) for a document that `who` may not read,
// Error(conflict) for one that cannot be shared (ShareState::closed, or on paper only), Error(invalid_argument) for an
// end that is past or later than `longest` from now.
MadeShareLink create_share_link(Transaction& tx, core::Random& random, const Principal& who, std::int64_t document_id,
                                const ShareTerms& terms, std::chrono::days longest);
// The newest first; of documents that `who` may read only.
std::vector<ShareLink> share_links_of(Session& session, const Principal& who, std::int64_t document_id, core::Time now);
// One's own, or with Permission::manage_access everybody's.
std::vector<ShareLink> list_share_links(Session& session, const Principal& who, core::Time now);
// By its maker, or with Permission::manage_access. Doing it twice is not an error. Error(not_found).
void revoke_share_link(Transaction& tx, const Principal& who, std::int64_t id);

// For whoever holds a token ------------------------------------------------------------------------------------------

struct SharedDocument {
  std::int64_t link_id = 0;
  std::int64_t maker_id = 0;
  ShareTerms terms;
  Document document;
};
// Empty unless the link is open: whether there ever was such a link cannot be told.
std::optional<SharedDocument> find_shared_document(Session& session, std::string_view token, core::Time now);
// To be called before anything is told. The actor's client is the stranger's address.
void note_share_opened(Transaction& tx, const SharedDocument& shared);
void note_share_refused(Transaction& tx, const SharedDocument& shared);  // a wrong password
// Counts a download before its first byte; false when the link has been used up, or ended, since it was found.
bool count_share_download(Transaction& tx, const SharedDocument& shared, std::string_view what);

}  // namespace muniment::storage
