// What passes between the service and muniment-extract, on SOCK_SEQPACKET sockets.
//
// Control socket (service and the warm process): one Request packet a call, with descriptors: the reply socket, then
// the input files, then the output file when there is one. Once, first of all, the warm process sends a `ready`
// message. Reply socket (service and one child): the warm process sends `started` with the child's pidfd and, when it
// has ended, `exited`; between them stand the child's own messages. A message is cut into packets of at most
// kMaxPacketBytes.
//
// The service takes whatever a child sends as hostile: MessageReader and the decoders accept any bytes and throw
// core::Error(corrupt) for those that are not well-formed within the limits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/files.h"
#include "core/hash.h"
#include "ingest/extraction.h"
#include "ingest/package_reader.h"

namespace muniment::ingest {

inline constexpr std::size_t kMaxPacketBytes = 60 * 1024;
inline constexpr std::size_t kMaxFilesPerRequest = 64;

enum class Task : std::uint8_t {
  inspect = 1,
  read_pages = 2,
  read_text_files = 3,
  render = 4,
  write_archive = 5,
  read_package = 6,
  unpack = 7,
  assemble = 8,
  read_members = 9,
  add_notes = 10  // of a presentation, the first file, to the PDF of its pages, the second one and the output
};

struct RequestFile {
  std::uint64_t size = 0;
  std::string filename;
  bool operator==(const RequestFile&) const = default;
};

struct Request {
  Task task = Task::inspect;
  std::vector<RequestFile> files;  // one, but for read_text_files, assemble and add_notes
  std::optional<std::string> password;
  std::int32_t first = 1;  // page
  std::int32_t count = 1;
  ReadOptions read;
  RenderOptions render;
  std::vector<PageChoice> pages;  // for assemble
  MemberLimits members;
  std::uint64_t memory_bytes = 0;
  std::uint64_t output_bytes = 0;
  std::uint32_t cpu_seconds = 0;
  bool operator==(const Request&) const;
};

std::string encode(const Request& request);
Request decode_request(std::string_view bytes);

enum class MessageKind : std::uint8_t {
  ready = 1,       // SandboxReport
  started = 2,     // nothing; the packet carries the pidfd
  exited = 3,      // int32, as waitpid(2) gives it
  inspection = 4,  // Inspection
  page = 5,        // PageMessage
  picture = 6,     // the bytes of a WebP file
  need_layer = 7,  // int32 page number; answered by `layer`
  layer = 8,       // the bytes of a page layer, or nothing; the only message from the service to a child
  archive = 9,     // one byte: 1 = written, 0 = the original is enough
  text_file = 10,  // TextFileMessage; its pages came before it
  failure = 11,    // FailureMessage; the last one
  done = 12,       // nothing; the last one
  // Of packages: every file as it was found to be sound, then the documents, then the package's identifier.
  listed_file = 13,      // ListedFile
  listed_document = 14,  // ListedDocument
  package = 15,          // its identifier
  // Of unpacking and of members: for each file its path, then its bytes in pieces, and an empty piece at its end.
  file_begins = 16,  // the path
  file_bytes = 17,   // at most kMaxPieceBytes
  // Of reading pages: the hash of a picture that is to be recognised; answered by `layer`.
  need_known = 18,
  opened = 19,  // nothing; what was asked for is open, the pages follow
};

inline constexpr std::size_t kMaxPieceBytes = 256 * 1024;

struct Message {
  MessageKind kind = MessageKind::done;
  std::string body;
};

struct PageMessage {
  std::int32_t number = 0;
  std::string layer;  // storage::encode
  std::optional<core::Sha256> picture;
  std::string problem = {};  // why the layer is not all of the page
};

struct TextFileMessage {
  std::uint32_t index = 0;
  Inspection inspection;
  std::string problem;
};

struct FailureMessage {
  core::ErrorCode code = core::ErrorCode::internal;
  std::string message;
  std::string cause;
};

// The longest body that a message of this kind may have; 0 for kinds that do not exist.
std::size_t max_body_bytes(MessageKind kind);

std::string encode(const Inspection& inspection);
std::string encode(const PageMessage& page);
std::string encode(const TextFileMessage& file);
std::string encode(const FailureMessage& failure);
std::string encode(const SandboxReport& report);
std::string encode(std::int32_t number);
std::string encode(const core::Sha256& hash);
std::string encode(const ListedFile& file);
std::string encode(const ListedDocument& document);
ListedFile decode_listed_file(std::string_view body);
ListedDocument decode_listed_document(std::string_view body);
Inspection decode_inspection(std::string_view body);
PageMessage decode_page(std::string_view body);
TextFileMessage decode_text_file(std::string_view body);
// A code that a child has no business to report becomes bad_file.
FailureMessage decode_failure(std::string_view body);
SandboxReport decode_report(std::string_view body);
std::int32_t decode_number(std::string_view body);
core::Sha256 decode_hash(std::string_view body);

// Puts packets together to messages. Holds at most one message, within the limit of its kind.
class MessageReader {
 public:
  // A message when this packet completes one.
  std::optional<Message> add(std::string_view packet);

 private:
  Message message_;
  std::size_t expected_ = 0;  // bytes of the whole body; meaningless outside a message
  bool inside_ = false;
};

// The packets of a message, each at most kMaxPacketBytes.
std::vector<std::string> packets_of(MessageKind kind, std::string_view body);

// Sends one packet, waiting while the socket is full. False when the other end is gone.
bool send_packet(int socket, std::string_view packet, std::span<const int> descriptors = {});
bool send_message(int socket, MessageKind kind, std::string_view body, std::span<const int> descriptors = {});

struct Packet {
  std::string bytes;
  std::vector<core::FileDescriptor> descriptors;
};
// The next packet; waits unless `flags` holds MSG_DONTWAIT. Empty at the end of the stream (also after a reset) and,
// with MSG_DONTWAIT, when there is nothing yet: `ended` tells which. More descriptors than `most` are closed.
std::optional<Packet> receive_packet(int socket, std::size_t most, int flags, bool* ended = nullptr);

}  // namespace muniment::ingest
