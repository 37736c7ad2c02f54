// One request to muniment-extract and what its child answers.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string_view>

#include "core/clock.h"
#include "core/files.h"
#include "ingest/internal/extract_protocol.h"
#include "ingest/internal/warm_process.h"

namespace muniment::ingest {

// Not thread-safe. The child is killed when this object dies, whatever it was doing.
class ExtractCall {
 public:
  // `step` is how long each message may take. Error(unavailable) when the program is not there.
  ExtractCall(std::shared_ptr<const WarmProcess::Connection> connection, const Request& request,
              std::span<const int> descriptors, std::chrono::milliseconds step, std::stop_token stop);
  ~ExtractCall();
  ExtractCall(const ExtractCall&) = delete;
  ExtractCall& operator=(const ExtractCall&) = delete;

  // The child's next message; empty after `done`. Every other end is an Error as Extractor documents it.
  std::optional<Message> next();
  // Like `next`, for a message that must be of this kind.
  Message expect(MessageKind kind);
  // Answers `need_layer` and `need_known`, within the time of a message.
  void send_layer(std::string_view layer);

 private:
  // Until the reply socket is ready. Throws when time is up or the caller wants to stop.
  void wait_for(short event, const core::Deadline& deadline);
  // A packet, or nothing at the end of the stream.
  std::optional<Packet> wait_for_packet(const core::Deadline& deadline);
  [[noreturn]] void fail_for_end() const;

  std::shared_ptr<const WarmProcess::Connection> connection_;
  core::FileDescriptor reply_;
  core::FileDescriptor child_;  // pidfd
  core::FileDescriptor stop_event_;
  std::stop_token stop_;
  std::optional<std::stop_callback<std::function<void()>>> on_stop_;
  std::chrono::milliseconds step_;
  MessageReader reader_;
  std::optional<std::int32_t> exit_status_;
  bool done_ = false;
};

}  // namespace muniment::ingest
