// muniment-extract with one format more: a file that begins with MISBEHAVE and a word takes its reader over. It stands
// for what a file could do that exploits a parser.
#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include <leptonica/allheaders.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/error.h"
#include "ingest/internal/extract_protocol.h"
#include "ingest/worker/format.h"
#include "ingest/worker/warm.h"

namespace {

using namespace muniment::ingest;
using namespace muniment::ingest::worker;

constexpr std::string_view kMark = "MISBEHAVE ";
constexpr int kFirst = 3, kLast = 16;  // descriptors that may be the reply socket

void send_everywhere(std::string_view packet) {
  for (int descriptor = kFirst; descriptor < kLast; ++descriptor) {
    iovec data{const_cast<char*>(packet.data()), packet.size()};
    msghdr message{};
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    [[maybe_unused]] const auto ignored = ::sendmsg(descriptor, &message, MSG_NOSIGNAL);
  }
}

void take_all_memory() {
  constexpr std::size_t kStep = 64 << 20;
  std::vector<std::string> taken;
  for (;;) taken.emplace_back(kStep, 'x');
}

void misbehave(std::string_view how) {
  if (how == "crash") ::raise(SIGSEGV), std::abort();
  if (how == "hang") {
    for (;;) ::pause();
  }
  if (how == "spin") {
    for (volatile bool go = true; go;) {
    }
  }
  if (how == "memory") take_all_memory();
  if (how == "silent") ::_exit(0);
  if (how == "forbidden") ::socket(AF_INET, SOCK_STREAM, 0);
  if (how == "nonsense") send_everywhere("\xFF\xFF\xFF\xFF\xFF nonsense");
  if (how == "endless") {
    for (;;) send_everywhere(packets_of(MessageKind::page, encode(PageMessage{1, "not a layer", {}})).front());
  }
  if (how == "asking") {
    for (;;) send_everywhere(packets_of(MessageKind::need_known, encode(muniment::core::Sha256::of("x"))).front());
  }
  if (how == "huge") send_everywhere(std::string("\x05\xFF\xFF\xFF\xFF", 5) + std::string(1000, 'x'));
  // As Leptonica does when memory runs out and Tesseract goes on.
  if (how == "complain") [[maybe_unused]]
    const auto ignored = ::write(2, "Error in pixCreateNoInit: pixd not made\n", 40);
}

class Misbehaving final : public Document {
 public:
  explicit Misbehaving(std::string how) : how_(std::move(how)) {}
  Inspection inspect() override {
    Inspection inspection;
    inspection.media_type = "text/plain";
    inspection.kind = FileKind::text;
    inspection.page_count = 1;
    if (how_.starts_with("late ")) return inspection;
    misbehave(how_);
    return inspection;
  }
  std::int32_t page_count() override { return 1; }
  muniment::storage::PageLayer read_page(std::int32_t, const ReadOptions&, const KnownPage&) override {
    misbehave(how_.starts_with("late ") ? std::string_view(how_).substr(5) : how_);
    return {};
  }
  PixPointer render_page(std::int32_t, std::int32_t width, std::int32_t) override {
    misbehave(how_);
    return owned(pixCreate(width, width, 8), "make a picture");
  }
  bool write_archive(const LayerSupplier&, const muniment::core::FileDescriptor& output) override {
    const std::string block(1 << 20, 'x');
    for (;;) muniment::core::write_all(output, block);
  }

 private:
  std::string how_;
};

const Format kMisbehaving{[](const Input& input) {
                            return input.bytes.starts_with(kMark) ? std::string_view("text/plain") : std::string_view();
                          },
                          [](const Input& input, std::string_view, const Tools&) -> std::unique_ptr<Document> {
                            return std::make_unique<Misbehaving>(std::string(input.bytes.substr(kMark.size())));
                          }};

}  // namespace

int main(int argc, char** argv) {
  std::vector<const Format*> all{&kMisbehaving};
  std::ranges::copy(formats(), std::back_inserter(all));
  return serve(argc, argv, all);
}
