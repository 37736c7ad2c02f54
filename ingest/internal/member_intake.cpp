#include "ingest/internal/member_intake.h"

#include <algorithm>
#include <array>
#include <string>

#include "core/error.h"
#include "records/file_plan.h"
#include "storage/documents.h"
#include "storage/mail_parts.h"
#include "storage/members.h"

namespace muniment::ingest {

using core::Error;
using core::ErrorCode;

namespace {

// The intake's answers that concern this one file.
bool is_refusal(ErrorCode code) {
  constexpr std::array kRefusals = {ErrorCode::unsupported_type, ErrorCode::too_large, ErrorCode::invalid_argument,
                                    ErrorCode::conflict};
  return std::ranges::find(kRefusals, code) != kRefusals.end();
}

bool accepts_more(storage::Session& session, std::int64_t class_id, std::optional<std::int64_t> folder_id) {
  if (!storage::class_accepts(session, class_id)) return false;
  const auto folder = folder_id ? records::find_folder(session, *folder_id) : std::nullopt;
  return !folder || folder->status == records::Status::open;
}

void file_as_container(storage::Session& session, const storage::Document& container, Arrival& arrival) {
  storage::NewDocument& document = arrival.document;
  document.correspondent_id.reset();
  if (container.correspondent) document.correspondent_id = container.correspondent->id;
  document.tag_ids.clear();
  for (const storage::NamedEntry& tag : container.tags) document.tag_ids.push_back(tag.id);
  document.class_id = container.class_id;
  document.folder_id = container.folder_id;
  document.access_list = container.own_access_list;
  arrival.duplicate_list = container.access_list;
  if (container.class_id && !accepts_more(session, *container.class_id, container.folder_id)) {
    document.class_id.reset();
    document.folder_id.reset();
    // Which the place would have handed down.
    if (container.access_list != storage::kEveryoneList) document.access_list = container.access_list;
  }
}

MemberLimits left_of(const MemberLimits& limits, const storage::ContainerPlace& place) {
  if (place.depth >= limits.depth) {
    throw Error(ErrorCode::too_large, "it lies in more mails and archives within each other than the " +
                                          std::to_string(limits.depth) + " that may be (members.depth)");
  }
  MemberLimits left = limits;
  left.count -= static_cast<std::uint32_t>(std::min<std::int64_t>(place.count, limits.count));
  left.bytes -= std::min(place.bytes, limits.bytes);
  return left;
}

}  // namespace

bool MemberIntake::joins(std::int64_t document_id, std::int64_t component_id, std::string_view media_type) const {
  if (!storage::is_mail(media_type)) return false;
  {
    auto session = database_.read();
    if (storage::is_joined_mail(session, component_id)) return true;
    if (!join_mails_ || !storage::member_positions(session, component_id).empty()) return false;
  }
  auto tx = database_.begin(storage::Actor::system("pipeline"));
  storage::join_mail(tx, document_id);
  const bool joined = storage::is_joined_mail(tx, component_id);  // unless another version has come meanwhile
  tx.commit();
  return joined;
}

void MemberIntake::take(std::int64_t container_id, std::int64_t component_id, const Source& source, int priority,
                        std::stop_token stop) const {
  std::optional<storage::Principal> who;
  std::optional<storage::Document> container;
  storage::ContainerPlace place;
  std::set<std::int64_t> taken;
  {
    auto session = database_.read();
    who = storage::system_principal(session, "pipeline");
    container = storage::find_document(session, *who, container_id);
    place = storage::container_place(session, container_id);
    taken = storage::member_positions(session, component_id);
  }
  if (!container) return;
  std::int64_t position = 0;
  const auto each = [&](const std::string& path, const FileReader::Bytes& bytes) {
    if (taken.contains(++position)) return;
    storage::NewMember member{container_id, component_id, position, path, {}, 0, ""};
    Arrival arrival;
    arrival.document.filename = path;
    arrival.document.source = "member";
    arrival.priority = priority;
    // It may take minutes to come here, in which the container is filed elsewhere, and what it has is deleted or
    // closed.
    arrival.filing = [&](storage::Session& session, Arrival& coming) {
      const auto now = storage::find_document(session, storage::system_principal(session, who->client), container_id);
      file_as_container(session, now ? *now : *container, coming);
    };
    arrival.with = [&](storage::Transaction& tx, const Receipt& receipt) {
      member.document_id = receipt.document_id;
      storage::record_member(tx, place, member);
    };
    try {
      intake_.accept(*who, std::move(arrival), [&](std::span<std::byte> buffer) {
        const std::size_t got = bytes(buffer);
        member.size += got;
        return got;
      });
    } catch (const Error& error) {
      if (!is_refusal(error.code())) throw;
      member.document_id.reset();
      member.problem = error.message();
      auto tx = database_.begin(who->actor());
      storage::record_member(tx, place, member);
      tx.commit();
    }
  };
  reader_.read_members(source, left_of(limits_, place), each, stop);
}

}  // namespace muniment::ingest
