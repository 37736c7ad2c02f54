// What a page costs: bare libtesseract (bare_recognition, which must lie beside this program, with one thread of
// OpenMP's) and Recogniser read the same pictures in turn, the same models, CPU time.
//   ocr_throughput LANGUAGE[,LANGUAGE...] PICTURES
// Bare = the picture as Leptonica decodes it, page segmentation mode 3, text taken out, with the one model that ours
// found to be right (which bare has for nothing; the cache that ours has warmed too). Decoding counts in both. One JSON
// line a file and one for all: seconds of both, and `times` = bare / ours, the pages that ours reads while bare reads
// one.
#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "core/error.h"
#include "core/files.h"
#include "core/process.h"
#include "core/text.h"
#include "ingest/worker/mupdf.h"
#include "ingest/worker/picture_decoder.h"
#include "ingest/worker/picture_limits.h"
#include "ingest/worker/recogniser.h"

namespace {

namespace fs = std::filesystem;
using namespace muniment;
using namespace muniment::ingest::worker;

double cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

template <typename Work>
double cost_of(Work work) {
  const double before = cpu_seconds();
  work();
  return cpu_seconds() - before;
}

struct Cost {
  std::int64_t pages = 0;
  double seconds = 0;
};

// A process of the bare library, which answers each line that it is sent with one.
class BareRecognition {
 public:
  explicit BareRecognition(const fs::path& program) {
    std::array<int, 2> questions{};
    std::array<int, 2> answers{};
    if (::pipe2(questions.data(), O_CLOEXEC) != 0 || ::pipe2(answers.data(), O_CLOEXEC) != 0) {
      throw core::system_error("make a pipe", errno);
    }
    const core::FileDescriptor read_there(questions[0]);
    const core::FileDescriptor written_there(answers[1]);
    core::ProcessOptions options;
    options.arguments = {program.string(), "each"};
    options.environment = {{"OMP_THREAD_LIMIT", "1"}};
    options.descriptors = {{read_there.get(), 0}, {written_there.get(), 1}};
    questions_.reset(::fdopen(questions[1], "w"));
    answers_.reset(::fdopen(answers[0], "r"));
    process_ = core::Process::start(options);
  }

  Cost read(const std::string& language, const fs::path& picture) {
    std::fprintf(questions_.get(), "%s\t%s\n", language.c_str(), picture.c_str());
    std::fflush(questions_.get());
    std::string line(1000, '\0');
    if (std::fgets(line.data(), static_cast<int>(line.size()), answers_.get()) == nullptr) {
      throw core::Error(core::ErrorCode::unavailable, "bare_recognition ended at " + picture.string());
    }
    const auto answer = nlohmann::json::parse(line.c_str());
    return {answer.at("pages").get<std::int64_t>(), answer.at("cpu_seconds").get<double>()};
  }

 private:
  struct Closer {
    void operator()(FILE* file) const { std::fclose(file); }
  };
  std::unique_ptr<FILE, Closer> questions_;
  std::unique_ptr<FILE, Closer> answers_;
  std::optional<core::Process> process_;
};

void show(nlohmann::json line, double bare, double ours) {
  line["bare_cpu_seconds"] = bare;
  line["ours_cpu_seconds"] = ours;
  line["times"] = ours > 0 ? bare / ours : 0;
  std::cout << line.dump() << std::endl;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: ocr_throughput LANGUAGE[,LANGUAGE...] PICTURES\n";
    return 2;
  }
  std::vector<std::string> languages;
  for (const auto language : core::split(argv[1], ',')) languages.emplace_back(language);
  std::vector<fs::path> paths;
  for (const auto& entry : fs::recursive_directory_iterator(argv[2])) {
    if (entry.is_regular_file()) paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  const MupdfContext mupdf;
  Recogniser recogniser("", languages);
  BareRecognition bare(fs::read_symlink("/proc/self/exe").parent_path() / "bare_recognition");

  double bare_total = 0;
  double ours_total = 0;
  std::int64_t pages = 0;
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    const auto media_type = picture_media_type(bytes);
    if (media_type.empty()) continue;
    std::string language;
    const double ours_cost = cost_of([&] {
      const PictureDecoder decoder(bytes, media_type, mupdf.get());
      for (std::int32_t number = 1; number <= decoder.page_count(); ++number) {
        const DecodedPicture picture = decoder.decode(number, kMaxRecognisedPixels);
        RecogniseOptions options;
        options.expected = language;
        language = recogniser.recognise(picture.pix.get(), options).layer.language;
      }
    });
    const Cost bare_cost = bare.read(language.empty() ? languages.front() : language, path);
    if (bare_cost.pages == 0) continue;  // of a kind that Leptonica does not decode
    show({{"file", path.lexically_relative(argv[2]).string()}, {"pages", bare_cost.pages}}, bare_cost.seconds,
         ours_cost);
    bare_total += bare_cost.seconds;
    ours_total += ours_cost;
    pages += bare_cost.pages;
  }
  show({{"pages", pages}}, bare_total, ours_total);
  return 0;
}
