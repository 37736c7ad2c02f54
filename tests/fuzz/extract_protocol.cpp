// What a hostile child of muniment-extract may send: put together and decoded, or refused, and nothing else.
#include "ingest/internal/extract_protocol.h"

#include <cstdlib>
#include <string_view>

namespace {

using namespace muniment::ingest;

void decode(const Message& message) {
  if (message.body.size() > max_body_bytes(message.kind)) std::abort();
  switch (message.kind) {
    case MessageKind::ready:
      decode_report(message.body);
      break;
    case MessageKind::inspection: {
      const auto inspection = decode_inspection(message.body);
      if (!(decode_inspection(encode(inspection)) == inspection)) std::abort();
      break;
    }
    case MessageKind::page:
      decode_page(message.body);
      break;
    case MessageKind::text_file:
      decode_text_file(message.body);
      break;
    case MessageKind::failure:
      decode_failure(message.body);
      break;
    case MessageKind::exited:
    case MessageKind::need_layer:
      decode_number(message.body);
      break;
    case MessageKind::need_known:
      decode_hash(message.body);
      break;
    default:
      break;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  std::string_view left(reinterpret_cast<const char*>(data), size);
  MessageReader reader;
  try {
    // A length byte before every packet.
    while (!left.empty()) {
      const auto length = static_cast<unsigned char>(left.front());
      left.remove_prefix(1);
      const auto packet = left.substr(0, length);
      left.remove_prefix(packet.size());
      if (const auto message = reader.add(packet)) decode(*message);
    }
  } catch (const muniment::core::Error& error) {
    if (error.code() != muniment::core::ErrorCode::corrupt) std::abort();
  }
  return 0;
}
