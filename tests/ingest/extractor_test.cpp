// The client against muniment-extract with files that misbehave, and with sound ones.
#include "ingest/extractor.h"

#include <deque>
#include <future>
#include <mutex>
#include <sstream>
#include <streambuf>
#include <thread>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <leptonica/allheaders.h>
#include <signal.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/error.h"
#include "ingest/worker/pix.h"
#include "ingest/worker/sandbox.h"
#include "tests/ingest/formats_fixture.h"

namespace muniment::ingest {
namespace {

using core::ErrorCode;
using namespace std::chrono_literals;
using testing::HasSubstr;

ExtractorOptions test_options() {
  ExtractorOptions options;
  options.program = MISBEHAVING_EXTRACT;
  options.languages = {"eng"};
  options.minimum_level = worker::kSanitized ? SandboxLevel::none : SandboxLevel::limits;
  options.memory_bytes = 512ULL << 20;
  options.output_bytes = 8 << 20;
  options.page_deadline = 60s;
  return options;
}

class ExtractorTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    clock_ = std::make_unique<core::SystemClock>();
    printed_ = std::make_unique<std::ostringstream>();
    log_ = std::make_unique<core::Log>(*clock_, *printed_);
    extractor_ = std::make_unique<Extractor>(test_options(), *log_);
  }
  static void TearDownTestSuite() {
    extractor_.reset();
    log_.reset();
    printed_.reset();
    clock_.reset();
  }

  template <typename Call>
  static core::Error error_of(Call call) {
    try {
      call();
    } catch (const core::Error& error) {
      return error;
    }
    ADD_FAILURE() << "no error";
    return {ErrorCode::internal, ""};
  }

  static core::Error inspect_error(const std::string& how) {
    const File file("MISBEHAVE " + how);
    return error_of([&] { extractor_->inspect(file.source); });
  }

  static std::vector<storage::PageLayer> read(const Source& source, const ReadOptions& options = {}) {
    std::vector<storage::PageLayer> pages;
    extractor_->read_pages(source, 1, 1000, options, {[&](FileReader::ReadPage page) {
                             EXPECT_EQ(page.number, static_cast<std::int32_t>(pages.size()) + 1);
                             pages.push_back(std::move(page.layer));
                           }});
    return pages;
  }

  static void expect_still_works() {
    const File file("Fungerar fortfarande\n");
    EXPECT_EQ(read(file.source).at(0).text(), "Fungerar fortfarande");
  }

  static std::unique_ptr<core::SystemClock> clock_;
  static std::unique_ptr<std::ostringstream> printed_;
  static std::unique_ptr<core::Log> log_;
  static std::unique_ptr<Extractor> extractor_;
};

std::unique_ptr<core::SystemClock> ExtractorTest::clock_;
std::unique_ptr<std::ostringstream> ExtractorTest::printed_;
std::unique_ptr<core::Log> ExtractorTest::log_;
std::unique_ptr<Extractor> ExtractorTest::extractor_;

TEST_F(ExtractorTest, ACrashIsTheFilesFault) {
  if (worker::kSanitized) GTEST_SKIP() << "the sanitizer handles the signal";
  const auto error = inspect_error("crash");
  EXPECT_EQ(error.code(), ErrorCode::bad_file);
  EXPECT_THAT(error.message(), HasSubstr("crash"));
  expect_still_works();
}

TEST_F(ExtractorTest, AForbiddenSystemCallIsToldApart) {
  if (worker::kSanitized) GTEST_SKIP() << "no system call filter under a sanitizer";
  const auto error = inspect_error("forbidden");
  EXPECT_EQ(error.code(), ErrorCode::bad_file);
  EXPECT_THAT(error.message(), HasSubstr("attack"));
}

TEST_F(ExtractorTest, MemoryIsLimited) {
  if (worker::kSanitized) GTEST_SKIP() << "no memory limit under a sanitizer";
  const auto error = inspect_error("memory");
  EXPECT_EQ(error.code(), ErrorCode::bad_file);
  EXPECT_THAT(error.message(), HasSubstr("memory"));
  expect_still_works();
}

TEST_F(ExtractorTest, OutputIsLimited) {
  const File file("MISBEHAVE output");
  const core::FileDescriptor output = memory_file("");
  const auto error = error_of([&] {
    extractor_->write_archive(
        file.source, [](auto) { return std::nullopt; }, output);
  });
  EXPECT_EQ(error.code(), ErrorCode::too_large);
  EXPECT_LE(core::size_of(output), test_options().output_bytes);
}

TEST_F(ExtractorTest, NonsenseIsNotBelieved) {
  for (const auto* how : {"nonsense", "huge", "endless"}) {
    const auto error = inspect_error(how);
    EXPECT_EQ(error.code(), ErrorCode::bad_file) << how;
    EXPECT_THAT(error.message(), HasSubstr("nonsense")) << how;
  }
  const File asking("MISBEHAVE late asking");
  EXPECT_EQ(error_of([&] { read(asking.source); }).code(), ErrorCode::bad_file);
  const File late("MISBEHAVE late endless");
  EXPECT_EQ(error_of([&] { read(late.source); }).code(), ErrorCode::bad_file);
  EXPECT_EQ(inspect_error("silent").code(), ErrorCode::bad_file);
  expect_still_works();
}

TEST_F(ExtractorTest, APageWhoseReaderComplainedOfLostMemoryHasFailed) {
  const File file("MISBEHAVE complain");
  const auto error = error_of([&] { read(file.source); });
  EXPECT_EQ(error.code(), ErrorCode::bad_file);
  EXPECT_THAT(error.cause(), HasSubstr("pixd not made"));
}

TEST_F(ExtractorTest, ADeadlineEndsTheChild) {
  auto options = test_options();
  options.page_deadline = 300ms;
  const Extractor impatient(options, *log_);
  impatient.sandbox();
  for (const auto* how : {"MISBEHAVE hang", "MISBEHAVE spin"}) {
    const File file(how);
    EXPECT_EQ(error_of([&] { impatient.inspect(file.source); }).code(), ErrorCode::timed_out);
  }
}

TEST_F(ExtractorTest, AStopRequestEndsTheCall) {
  const File file("MISBEHAVE hang");
  std::stop_source stop;
  auto call = std::async(std::launch::async,
                         [&] { return error_of([&] { extractor_->inspect(file.source, stop.get_token()); }).code(); });
  stop.request_stop();
  EXPECT_EQ(call.get(), ErrorCode::cancelled);
}

TEST_F(ExtractorTest, CallsRunSideBySide) {
  std::vector<std::future<ErrorCode>> calls;
  std::stop_source stop;
  for (int i = 0; i < 4; ++i) {
    calls.push_back(std::async(std::launch::async, [&stop] {
      const File file("MISBEHAVE hang");
      return error_of([&] { extractor_->inspect(file.source, stop.get_token()); }).code();
    }));
  }
  expect_still_works();
  stop.request_stop();
  for (auto& call : calls) EXPECT_EQ(call.get(), ErrorCode::cancelled);
}

// A log that can be read while it is written.
class ReadableLog : public std::streambuf {
 public:
  std::string text() const {
    const std::scoped_lock lock(mutex_);
    return text_;
  }

 private:
  std::streamsize xsputn(const char* bytes, std::streamsize size) override {
    const std::scoped_lock lock(mutex_);
    text_.append(bytes, static_cast<std::size_t>(size));
    return size;
  }
  int_type overflow(int_type c) override {
    const std::scoped_lock lock(mutex_);
    text_ += static_cast<char>(c);
    return c;
  }
  mutable std::mutex mutex_;
  std::string text_;
};

// The process that the log says was started last.
pid_t last_started(const std::string& log) {
  const auto at = log.rfind("\"process\":");
  return at == std::string::npos ? -1 : std::stoi(log.substr(at + 10));
}

TEST_F(ExtractorTest, TheProgramIsStartedAgainWhenItDies) {
  ReadableLog printed;
  std::ostream stream(&printed);
  core::Log log(*clock_, stream);
  const Extractor extractor(test_options(), log);
  extractor.sandbox();
  const pid_t first = last_started(printed.text());
  ASSERT_GT(first, 0);
  ASSERT_EQ(::kill(first, SIGKILL), 0);
  // Whoever calls in between learns that it is not the file's fault; soon it works again.
  const File good("Hej\n");
  for (int tries = 0;; ++tries) {
    try {
      EXPECT_EQ(extractor.inspect(good.source).media_type, "text/plain");
      if (last_started(printed.text()) != first) break;
    } catch (const core::Error& error) {
      ASSERT_EQ(error.code(), ErrorCode::unavailable) << error.what();
    }
    ASSERT_LT(tries, 10'000);
    std::this_thread::sleep_for(5ms);
  }
}

TEST_F(ExtractorTest, TheProgramOutlivesTheThreadThatCreatedItsClient) {
  std::unique_ptr<Extractor> extractor;
  std::thread([&] { extractor = std::make_unique<Extractor>(test_options(), *log_), extractor->sandbox(); }).join();
  const File file("Hej\n");
  EXPECT_EQ(extractor->inspect(file.source).page_count, 1);
}

TEST_F(ExtractorTest, WithoutTheProgramTheFileIsNotBlamed) {
  auto options = test_options();
  options.program = "/nowhere/muniment-extract";
  const Extractor extractor(options, *log_);
  const File file("Hej\n");
  EXPECT_EQ(error_of([&] { extractor.inspect(file.source); }).code(), ErrorCode::unavailable);
}

TEST_F(ExtractorTest, BelowTheRequiredLevelNothingIsParsed) {
  if (extractor_->sandbox().level == SandboxLevel::complete) {
    // Nothing is above S3 here, so a program that reports less stands in: a shell would not answer at all.
    auto options = test_options();
    options.minimum_level = static_cast<SandboxLevel>(4);
    const Extractor extractor(options, *log_);
    const File file("Hej\n");
    const auto error = error_of([&] { extractor.inspect(file.source); });
    EXPECT_EQ(error.code(), ErrorCode::unavailable);
    EXPECT_THAT(error.message(), HasSubstr("awaiting safe processing"));
  }
}

TEST_F(ExtractorTest, BadArgumentsAreRefusedHere) {
  const File file("Hej\n");
  EXPECT_EQ(error_of([&] { extractor_->render_page(file.source, 1, {.width = 5}); }).code(),
            ErrorCode::invalid_argument);
  EXPECT_EQ(error_of([&] { extractor_->render_page(file.source, 1, {.rotation = 45}); }).code(),
            ErrorCode::invalid_argument);
  EXPECT_EQ(error_of([&] { extractor_->render_page(file.source, 2, {}); }).code(), ErrorCode::invalid_argument);
  EXPECT_EQ(error_of([&] { extractor_->read_pages(file.source, 0, 1, {}, {}); }).code(), ErrorCode::invalid_argument);
}

TEST_F(ExtractorTest, SaysWhenTheFileIsOpenBeforeItsFirstPage) {
  const File file("One\n\fTwo\n");
  std::string order;
  extractor_->read_pages(file.source, 1, 1000, {},
                         {[&](const FileReader::ReadPage& page) { order += std::to_string(page.number); },
                          {},
                          [&] { order += "opened "; }});
  EXPECT_EQ(order, "opened 12");
}

TEST_F(ExtractorTest, ManySmallTextsInOneCallAndABadOneAmongThem) {
  std::deque<File> files;
  for (int i = 0; i < 152; ++i) {
    if (i == 10) {
      files.emplace_back("MISBEHAVE silent");
    } else if (i == 20) {
      files.emplace_back(
          std::string_view("\x7F"
                           "ELF\0\0\0\0",
                           8));
    } else {
      files.emplace_back("Brev nummer " + std::to_string(i) + "\n", "brev.txt");
    }
  }
  std::vector<Source> sources;
  for (const auto& file : files) sources.push_back(file.source);
  const auto results = extractor_->read_text_files(sources);
  ASSERT_EQ(results.size(), sources.size());
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (i == 10) {
      EXPECT_FALSE(results[i].problem.empty());
      EXPECT_TRUE(results[i].pages.empty());
    } else if (i == 20) {
      EXPECT_EQ(results[i].inspection.kind, FileKind::other);
    } else {
      ASSERT_EQ(results[i].pages.size(), 1U) << i;
      EXPECT_EQ(results[i].pages[0].text(), "Brev nummer " + std::to_string(i));
    }
  }
}

TEST_F(ExtractorTest, OtherFilesAreNamedAndNotRead) {
  const File sound("OggS and so on");
  const auto inspection = extractor_->inspect(sound.source);
  EXPECT_EQ(inspection.kind, FileKind::other);
  EXPECT_EQ(inspection.media_type, "audio/ogg");
  EXPECT_EQ(error_of([&] { read(sound.source); }).code(), ErrorCode::unsupported_type);
}

}  // namespace
}  // namespace muniment::ingest
