// PDF (ISO 32000), through MuPDF.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <leptonica/allheaders.h>

#include "core/error.h"
#include "core/text.h"
#include "ingest/worker/barcodes.h"
#include "ingest/worker/format.h"
#include "ingest/worker/formats.h"
#include "ingest/worker/mupdf.h"
#include "ingest/worker/page_survey.h"
#include "ingest/worker/pdf_text_layer.h"
#include "ingest/worker/picture_limits.h"
#include "ingest/worker/recogniser.h"

namespace muniment::ingest::worker {

namespace {

using core::Error;
using core::ErrorCode;
using storage::PageLayer;
using storage::TextSource;

constexpr std::string_view kMediaType = "application/pdf";
constexpr double kUnitsPerPoint = 10;  // a page layer's unit is 1/720 inch
constexpr float kPointsPerInch = 72;

// Text recognised from `pixels` picture of a page of `bounds` points, in page units.
void to_page_units(PageLayer& layer, fz_rect bounds) {
  double width = (bounds.x1 - bounds.x0) * kUnitsPerPoint;
  double height = (bounds.y1 - bounds.y0) * kUnitsPerPoint;
  if (layer.rotation % 180 != 0) std::swap(width, height);
  const double x = layer.width > 0 ? width / layer.width : 1;
  const double y = layer.height > 0 ? height / layer.height : 1;
  const auto scaled = [](std::int32_t value, double factor) {
    return static_cast<std::int32_t>(std::lround(value * factor));
  };
  for (auto& line : layer.lines) {
    for (auto& word : line.words) {
      word.box = {scaled(word.box.left, x), scaled(word.box.top, y), scaled(word.box.width, x),
                  scaled(word.box.height, y)};
    }
  }
  layer.width = static_cast<std::int32_t>(std::lround(width));
  layer.height = static_cast<std::int32_t>(std::lround(height));
  layer.units_per_inch = 720;
}

// What decides about a page's layer beside its picture.
std::string circumstances_of(const PageSurvey& page, const ReadOptions& options, const PageLayer* own) {
  std::string all = "pdf";
  for (const float edge : {page.bounds.x0, page.bounds.y0, page.bounds.x1, page.bounds.y1}) {
    all += ' ' + std::to_string(edge);
  }
  if (options.barcodes) all += " barcodes";
  for (const PageNote& note : page.notes) all += " note " + note.text;
  return own == nullptr ? all : all + ' ' + storage::encode(*own);
}

// The picture's own resolution on the page, in dots per inch.
double resolution_of(const PagePicture& picture) {
  const double width = std::hypot(picture.placement.a, picture.placement.b);
  return width <= 0 ? 0 : picture.image.get()->w * kPointsPerInch / width;
}

bool is_close(float a, float b) {
  constexpr float kPoints = 2;
  return std::abs(a - b) <= kPoints;
}

// The one picture that is the whole page as it stands, so that the page need not be rendered; or nothing.
const PagePicture* whole_page_picture(const PageSurvey& page) {
  if (page.pictures.size() != 1 || page.drawings > 0 || !page.shown.lines.empty()) return nullptr;
  const PagePicture& picture = page.pictures.front();
  const fz_matrix& m = picture.placement;
  const fz_rect placed = fz_transform_rect(fz_unit_rect, m);
  const bool upright = m.b == 0 && m.c == 0 && m.a > 0 && m.d > 0;
  const bool covers = is_close(placed.x0, page.bounds.x0) && is_close(placed.y0, page.bounds.y0) &&
                      is_close(placed.x1, page.bounds.x1) && is_close(placed.y1, page.bounds.y1);
  const double across = resolution_of(picture);
  const double down = m.d > 0 ? picture.image.get()->h * kPointsPerInch / m.d : 0;
  const bool square = std::abs(across - down) <= 0.02 * across;
  return picture.plain && upright && covers && square ? &picture : nullptr;
}

void paint_white(Pix* pix, const PageLayer& layer, double pixels_per_unit) {
  for (const auto& line : layer.lines) {
    for (const auto& word : line.words) {
      const auto pixel = [&](std::int32_t unit) { return static_cast<l_int32>(std::lround(unit * pixels_per_unit)); };
      BOX* box = boxCreate(pixel(word.box.left) - 1, pixel(word.box.top) - 1, pixel(word.box.width) + 2,
                           pixel(word.box.height) + 2);
      if (box == nullptr) continue;
      pixSetInRect(pix, box);  // white for grey
      boxDestroy(&box);
    }
  }
}

class PdfDocument final : public Document {
 public:
  PdfDocument(const Input& input, const Tools& tools)
      : context_(tools.mupdf),
        recogniser_(tools.recogniser),
        bytes_(input.bytes),
        stream_(context_),
        document_(context_) {
    guarded(context_, "read the PDF's structure", [&] {
      *stream_.out() = fz_open_memory(context_, reinterpret_cast<const unsigned char*>(bytes_.data()), bytes_.size());
      *document_.out() = pdf_open_document_with_stream(context_, stream_.get());
      locked_ = pdf_needs_password(context_, document_.get()) != 0;
    });
    if (locked_) unlock(input.password);
    guarded(context_, "count the PDF's pages", [&] { page_count_ = pdf_count_pages(context_, document_.get()); });
    if (page_count_ <= 0) throw Error(ErrorCode::bad_file, "the PDF has no pages");
  }

  Inspection inspect() override {
    Inspection inspection;
    inspection.media_type = kMediaType;
    inspection.kind = FileKind::pdf;
    inspection.page_count = page_count_;
    inspection.encrypted = is_encrypted();
    inspection.has_signature = is_signed();
    inspection.title = metadata(FZ_META_INFO_TITLE);
    inspection.author = metadata(FZ_META_INFO_AUTHOR);
    inspection.created = creation_date();
    guarded(context_, "read the PDF's structure",
            [&] { inspection.repaired = pdf_was_repaired(context_, document_.get()) != 0; });
    return inspection;
  }

  std::int32_t page_count() override { return page_count_; }

  PageLayer read_page(std::int32_t number, const ReadOptions& options, const KnownPage& known) override {
    const PageHandle page = load(number);
    PageSurvey found = survey(context_, page.get());
    PageLayer layer = text_of(page.get(), number, found, options, known);
    add_notes(layer, found.notes);
    return layer;
  }

  PixPointer render_page(std::int32_t number, std::int32_t width, std::int32_t rotation) override {
    const PageHandle page = load(number);
    fz_rect bounds{};
    guarded(context_, "read a page", [&] { bounds = fz_bound_page(context_, page.get()); });
    const float across = rotation % 180 == 0 ? bounds.x1 - bounds.x0 : bounds.y1 - bounds.y0;
    const float scale = static_cast<float>(width) / std::max(1.0F, across);
    return rendered(page.get(), bounds, scale, static_cast<float>(rotation), fz_device_rgb(context_));
  }

  bool write_archive(const LayerSupplier& layers, const core::FileDescriptor& output) override {
    if (is_encrypted() || is_signed()) return false;
    PdfTextLayer text(context_, document_.get());
    for (std::int32_t number = 1; number <= page_count_; ++number) {
      const auto layer = layers(number);
      if (!layer || layer->lines.empty() || layer->source == TextSource::native) continue;
      const PageHandle page = load(number);
      // Words that the page has itself are there already.
      const PageSurvey own = survey(context_, page.get());
      text.add(reinterpret_cast<pdf_page*>(page.get()), without_words_of(*layer, own.shown));
      empty_store();
    }
    if (text.pages() == 0) return false;
    text.save(bytes_, output);
    return true;
  }

 private:
  void unlock(const std::optional<std::string>& password) {
    int opened = 0;
    guarded(context_, "try the password",
            [&] { opened = password ? pdf_authenticate_password(context_, document_.get(), password->c_str()) : 0; });
    if (opened != 0) return;
    throw Error(ErrorCode::password_needed, password ? "this is not the PDF's password"
                                                     : "the PDF is encrypted; its password is needed to read it");
  }

  PageHandle load(std::int32_t number) {
    PageHandle page(context_);
    guarded(context_, "read a page", [&] {
      *page.out() = fz_load_page(context_, &document_.get()->super, number - 1);
      // Draws the fields of forms that came without an appearance.
      if (pdf_first_widget(context_, reinterpret_cast<pdf_page*>(page.get())) != nullptr) {
        pdf_update_page(context_, reinterpret_cast<pdf_page*>(page.get()));
      }
    });
    return page;
  }

  bool is_encrypted() {
    bool encrypted = false;
    guarded(context_, "read the PDF's structure", [&] {
      encrypted = pdf_dict_get(context_, pdf_trailer(context_, document_.get()), PDF_NAME(Encrypt)) != nullptr;
    });
    return encrypted;
  }

  bool is_signed() {
    bool found = false;
    guarded(context_, "read the PDF's form", [&] {
      pdf_obj* root = pdf_dict_get(context_, pdf_trailer(context_, document_.get()), PDF_NAME(Root));
      pdf_obj* form = pdf_dict_get(context_, root, PDF_NAME(AcroForm));
      constexpr int kSignaturesExist = 1;  // ISO 32000-1 table 219
      found = (pdf_to_int(context_, pdf_dict_get(context_, form, PDF_NAME(SigFlags))) & kSignaturesExist) != 0 ||
              pdf_count_signatures(context_, document_.get()) > 0;
    });
    return found;
  }

  std::string metadata(const char* key) {
    char text[2048] = "";
    guarded(context_, "read the PDF's metadata",
            [&] { fz_lookup_metadata(context_, &document_.get()->super, key, text, sizeof text); });
    return core::collapse_space(core::to_nfc(text));
  }

  std::optional<core::Time> creation_date() {
    std::int64_t seconds = -1;
    guarded(context_, "read the PDF's metadata", [&] {
      pdf_obj* info = pdf_dict_get(context_, pdf_trailer(context_, document_.get()), PDF_NAME(Info));
      pdf_obj* date = pdf_dict_get(context_, info, PDF_NAME(CreationDate));
      if (date != nullptr) seconds = pdf_to_date(context_, date);
    });
    constexpr std::int64_t kLast = 253'402'300'799;  // the end of the year 9999
    if (seconds <= 0 || seconds > kLast) return std::nullopt;
    return core::from_microseconds(seconds * 1'000'000);
  }

  PixPointer rendered(fz_page* page, fz_rect bounds, float scale, float rotation, fz_colorspace* colours) {
    PixmapHandle pixmap(context_);
    DeviceHandle device(context_);
    fz_cookie cookie{};  // errors inside a page are counted there: the rest of the page is drawn
    const fz_matrix turn = fz_concat(fz_scale(scale, scale), fz_rotate(rotation));
    const fz_irect area = fz_round_rect(fz_transform_rect(bounds, turn));
    constexpr int kBitsPerPixel = 32;
    if (!fits_in_memory(area.x1 - area.x0, area.y1 - area.y0, kBitsPerPixel)) {
      throw Error(ErrorCode::bad_file, "a page is too large to be drawn");
    }
    guarded(context_, "draw a page", [&] {
      *pixmap.out() = fz_new_pixmap_with_bbox(context_, colours, area, nullptr, 0);
      fz_clear_pixmap_with_value(context_, pixmap.get(), 0xFF);
      *device.out() = fz_new_draw_device(context_, turn, pixmap.get());
      fz_run_page(context_, page, device.get(), fz_identity, &cookie);
      fz_close_device(context_, device.get());
    });
    return to_pix(context_, pixmap.get());
  }

  // The resolution that shows all of the page's pictures without making pixels up.
  static double best_resolution(const PageSurvey& page) {
    constexpr double kUsual = 300;
    constexpr double kLeast = 150;
    double resolution = page.drawings > 0 || !page.shown.lines.empty() ? kUsual : 0;
    for (const auto& picture : page.pictures) resolution = std::max(resolution, resolution_of(picture));
    resolution = resolution > 0 ? std::clamp(resolution, kLeast, kUsual) : kUsual;
    const double inches =
        (page.bounds.x1 - page.bounds.x0) * (page.bounds.y1 - page.bounds.y0) / (kPointsPerInch * kPointsPerInch);
    return std::min(resolution, std::sqrt(kMaxRecognisedPixels / std::max(inches, 1e-6)));
  }

  PixPointer embedded(const PagePicture& picture) {
    fz_image* image = picture.image.get();
    if (std::int64_t{image->w} * image->h > kMaxRecognisedPixels) return nullptr;
    PixmapHandle pixmap(context_);
    guarded(context_, "read a picture",
            [&] { *pixmap.out() = fz_get_pixmap_from_image(context_, image, nullptr, nullptr, nullptr, nullptr); });
    if (pixmap.get()->colorspace == nullptr) return nullptr;
    auto pix = to_pix(context_, pixmap.get());
    constexpr int kMiddle = 128;
    if (image->bpc == 1 && image->n == 1 && pixGetDepth(pix.get()) == 8) {
      pix = owned(pixThresholdToBinary(pix.get(), kMiddle), "read a picture");
    }
    return pix;
  }

  PageLayer text_of(fz_page* page, std::int32_t number, PageSurvey& found, const ReadOptions& options,
                    const KnownPage& known) {
    if (options.force_ocr) return recognised(page, found, options, known).layer;
    const bool looked_at = options.barcodes && may_bear_barcodes(number, found);
    PageLayer layer;
    if (is_readable(found.shown)) {
      layer = with_text_beside(page, found, options, known);
    } else if (is_readable(found.hidden)) {
      layer = std::move(found.hidden);
    } else if (!found.pictures.empty() || found.drawings > 0 || !found.shown.lines.empty()) {
      return recognised(page, found, options, known).layer;
    } else {
      layer = std::move(found.shown);
      layer.source = TextSource::blank;
    }
    if (looked_at) layer.barcodes = barcodes_of(page, found);
    return layer;
  }

  // OCR of the page; of what is left of it when the words of `own` are taken away.
  Recognised recognised(fz_page* page, const PageSurvey& found, const ReadOptions& options, const KnownPage& known,
                        const PageLayer* own = nullptr) {
    PixPointer pix;
    double resolution = 0;
    if (const PagePicture* whole = own == nullptr ? whole_page_picture(found) : nullptr; whole != nullptr) {
      pix = embedded(*whole);
      resolution = resolution_of(*whole);
    }
    if (pix == nullptr) {
      resolution = best_resolution(found);
      pix = rendered(page, found.bounds, static_cast<float>(resolution / kPointsPerInch), 0, fz_device_gray(context_));
    }
    if (own != nullptr) paint_white(pix.get(), *own, resolution / (kPointsPerInch * kUnitsPerPoint));
    RecogniseOptions recognise;
    recognise.resolution = static_cast<int>(std::lround(resolution));
    recognise.language = options.language;
    recognise.expected = language_before_;
    recognise.circumstances = circumstances_of(found, options, own);
    Recognised read = recogniser_.recognise(pix.get(), recognise, known);
    language_before_ = read.layer.language;
    if (read.known) return read;
    to_page_units(read.layer, found.bounds);
    if (options.barcodes && own == nullptr) read.layer.barcodes = read_barcodes(pix.get());
    return read;
  }

  // Looking costs many times what reading a page's own text does. Labels are on a first page, separator sheets have few
  // words, and what was scanned is a large picture.
  static bool may_bear_barcodes(std::int32_t number, const PageSurvey& found) {
    constexpr std::size_t kMostWordsOfASheet = 60;
    std::size_t words = 0;
    for (const storage::Line& line : found.shown.lines) words += line.words.size();
    return number == 1 || words <= kMostWordsOfASheet || has_large_picture(found);
  }

  // Barcodes are pictures, or drawn with many strokes; a page that has neither is not drawn for their sake.
  std::vector<storage::Barcode> barcodes_of(fz_page* page, const PageSurvey& found) {
    constexpr int kFewestOutlines = 20;
    constexpr double kResolution = 200;
    std::vector<storage::Barcode> barcodes;
    bool draw = found.outlines >= kFewestOutlines;
    for (auto picture = found.pictures.begin(); picture != found.pictures.end() && !draw; ++picture) {
      const PixPointer pix = embedded(*picture);
      if (pix == nullptr) {
        draw = true;
      } else {
        add_barcodes(barcodes, read_barcodes(pix.get()));
      }
    }
    if (!draw) return barcodes;
    const auto scale = static_cast<float>(std::min(kResolution, best_resolution(found)) / kPointsPerInch);
    return read_barcodes(rendered(page, found.bounds, scale, 0, fz_device_gray(context_)).get());
  }

  // Text that the page shows; a picture among it may hold more, and where somebody has read it before, that is used.
  PageLayer with_text_beside(fz_page* page, PageSurvey& found, const ReadOptions& options, const KnownPage& known) {
    if (is_readable(found.hidden)) return joined(std::move(found.shown), found.hidden, TextSource::native);
    return has_large_picture(found) ? with_text_of_pictures(page, found, options, known) : std::move(found.shown);
  }

  static bool has_large_picture(const PageSurvey& page) {
    constexpr double kLarge = 0.2;  // of the page
    constexpr int kLeastPixels = 300;
    return page.picture_share >= kLarge && std::ranges::any_of(page.pictures, [](const PagePicture& picture) {
             return picture.image.get()->w >= kLeastPixels && picture.image.get()->h >= kLeastPixels / 2;
           });
  }

  PageLayer with_text_of_pictures(fz_page* page, PageSurvey& found, const ReadOptions& options,
                                  const KnownPage& known) {
    // Boxes in two orientations would not fit together.
    if (found.shown.rotation != 0) return std::move(found.shown);
    auto [read, is_known] = recognised(page, found, options, known, &found.shown);
    if (is_known) return std::move(read);
    if (read.rotation != 0 || !is_readable(read)) return std::move(found.shown);
    PageLayer both = joined(std::move(found.shown), read, TextSource::ocr);
    both.mean_confidence = read.mean_confidence;
    return both;
  }

  static PageLayer joined(PageLayer first, const PageLayer& second, TextSource source) {
    if (first.rotation != second.rotation) return first;
    PageLayer added = without_words_of(second, first);
    if (added.lines.empty()) return first;
    first.lines.insert(first.lines.end(), added.lines.begin(), added.lines.end());
    first.source = source;
    return first;
  }

  void empty_store() { fz_empty_store(context_); }

  fz_context* context_;
  Recogniser& recogniser_;
  std::string language_before_;  // of the page recognised before
  std::string_view bytes_;
  StreamHandle stream_;
  PdfHandle document_;
  std::int32_t page_count_ = 0;
  bool locked_ = false;
};

// The header may stand behind up to 1024 bytes of something else, and often enough does.
std::string_view recognise(const Input& input) {
  const auto start = input.bytes.substr(0, 1024);
  return start.find("%PDF-") != std::string_view::npos ? kMediaType : std::string_view();
}

std::unique_ptr<Document> open(const Input& input, std::string_view, const Tools& tools) {
  return std::make_unique<PdfDocument>(input, tools);
}

}  // namespace

const Format kPdfFormat{recognise, open};

}  // namespace muniment::ingest::worker
