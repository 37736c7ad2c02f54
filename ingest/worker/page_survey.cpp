#include "ingest/worker/page_survey.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "core/text.h"

namespace muniment::ingest::worker {

namespace {

using storage::Box;
using storage::PageLayer;

constexpr float kUnitsPerPoint = 10;
constexpr double kCovering = 0.8;  // share of the page from which a picture hides the page
constexpr std::size_t kMaxWordBytes = 4096;

// Passes text on to MuPDF's text device and counts the rest. Its functions are called from C, so they throw nothing.
struct SurveyDevice {
  fz_device base;
  fz_device* shown;
  fz_device* hidden;
  bool shows_text;
  PageSurvey* survey;
  // Text pages that a covering picture has hidden.
  std::vector<fz_stext_page*>* covered;
  fz_stext_page** shown_page;
};

SurveyDevice& self(fz_device* device) {
  return *reinterpret_cast<SurveyDevice*>(device);
}

fz_device* new_text_device(fz_context* context, fz_stext_page* page) {
  fz_stext_options options{};
  options.flags = FZ_STEXT_MEDIABOX_CLIP;
  return fz_new_stext_device(context, page, &options);
}

double area_of(fz_rect rect) {
  return fz_is_empty_rect(rect) ? 0 : double{rect.x1 - rect.x0} * double{rect.y1 - rect.y0};
}

void fill_text(fz_context* context, fz_device* device, const fz_text* text, fz_matrix ctm, fz_colorspace* colorspace,
               const float* color, float alpha, fz_color_params params) {
  self(device).shows_text = true;
  fz_fill_text(context, self(device).shown, text, ctm, colorspace, color, alpha, params);
}

void stroke_text(fz_context* context, fz_device* device, const fz_text* text, const fz_stroke_state* stroke,
                 fz_matrix ctm, fz_colorspace* colorspace, const float* color, float alpha, fz_color_params params) {
  self(device).shows_text = true;
  fz_stroke_text(context, self(device).shown, text, stroke, ctm, colorspace, color, alpha, params);
}

void clip_text(fz_context* context, fz_device* device, const fz_text* text, fz_matrix ctm, fz_rect scissor) {
  self(device).shows_text = true;
  fz_clip_text(context, self(device).shown, text, ctm, scissor);
}

void ignore_text(fz_context* context, fz_device* device, const fz_text* text, fz_matrix ctm) {
  fz_ignore_text(context, self(device).hidden, text, ctm);
}

void count_drawing(fz_context* context, fz_device* device, fz_colorspace* colorspace, const float* color, float alpha,
                   fz_color_params params) {
  float grey = 0;
  if (colorspace != nullptr && color != nullptr) {
    fz_convert_color(context, colorspace, color, fz_device_gray(context), &grey, nullptr, params);
  }
  constexpr float kAlmostWhite = 0.97F;
  if (grey < kAlmostWhite && alpha > 0) ++self(device).survey->drawings;
}

// How many outlines a path has: a barcode may be a path of a hundred bars.
void count_outlines(fz_context* context, fz_device* device, const fz_path* path) {
  static const fz_path_walker kWalker = {[](fz_context*, void* count, float, float) { ++*static_cast<int*>(count); },
                                         [](fz_context*, void*, float, float) {},
                                         [](fz_context*, void*, float, float, float, float, float, float) {},
                                         [](fz_context*, void*) {},
                                         nullptr,
                                         nullptr,
                                         nullptr,
                                         nullptr};
  fz_walk_path(context, path, &kWalker, &self(device).survey->outlines);
}

void fill_path(fz_context* context, fz_device* device, const fz_path* path, int, fz_matrix, fz_colorspace* colorspace,
               const float* color, float alpha, fz_color_params params) {
  count_drawing(context, device, colorspace, color, alpha, params);
  count_outlines(context, device, path);
}

void stroke_path(fz_context* context, fz_device* device, const fz_path* path, const fz_stroke_state*, fz_matrix,
                 fz_colorspace* colorspace, const float* color, float alpha, fz_color_params params) {
  count_drawing(context, device, colorspace, color, alpha, params);
  count_outlines(context, device, path);
}

void add_picture(fz_context* context, fz_device* device, fz_image* image, fz_matrix ctm, bool plain) {
  PageSurvey& survey = *self(device).survey;
  const fz_rect scissor = fz_device_current_scissor(context, device);
  const fz_rect area =
      fz_intersect_rect(fz_intersect_rect(fz_transform_rect(fz_unit_rect, ctm), survey.bounds), scissor);
  const double share = area_of(area) / std::max(1.0, area_of(survey.bounds));
  if (share <= 0) return;
  survey.picture_share = std::min(1.0, survey.picture_share + share);
  survey.pictures.push_back({ImageHandle(context, fz_keep_image(context, image)), ctm, area, plain});
  if (plain && share >= kCovering && self(device).shows_text) {
    // What stands below can be found but not seen. Text goes on in a new text page.
    SurveyDevice& state = self(device);
    fz_close_device(context, state.shown);
    fz_drop_device(context, state.shown);
    state.shown = nullptr;
    state.covered->push_back(*state.shown_page);
    *state.shown_page = nullptr;
    *state.shown_page = fz_new_stext_page(context, survey.bounds);
    state.shown = new_text_device(context, *state.shown_page);
    state.shows_text = false;
  }
}

void fill_image(fz_context* context, fz_device* device, fz_image* image, fz_matrix ctm, float alpha, fz_color_params) {
  add_picture(context, device, image, ctm, alpha >= 1 && image->mask == nullptr);
}

void fill_image_mask(fz_context* context, fz_device* device, fz_image* image, fz_matrix ctm, fz_colorspace*,
                     const float*, float, fz_color_params) {
  add_picture(context, device, image, ctm, false);
}

void fill_shade(fz_context*, fz_device* device, fz_shade*, fz_matrix, float, fz_color_params) {
  ++self(device).survey->drawings;
}

Box box_of(fz_rect rect, fz_point origin) {
  const auto unit = [](float points) { return static_cast<std::int32_t>(std::lround(points * kUnitsPerPoint)); };
  const std::int32_t left = unit(rect.x0 - origin.x);
  const std::int32_t top = unit(rect.y0 - origin.y);
  return {left, top, unit(rect.x1 - origin.x) - left, unit(rect.y1 - origin.y) - top};
}

bool is_space(int c) {
  return c <= 0x20 || c == 0xA0 || (c >= 0x2000 && c <= 0x200B) || c == 0x3000 || c == 0xFEFF;
}

// Collects the words of one text page, and how its lines run.
class LayerBuilder {
 public:
  LayerBuilder(PageLayer& layer, fz_rect bounds) : layer_(layer), bounds_(bounds) {}

  void add(const fz_stext_page* page) {
    for (const fz_stext_block* block = page->first_block; block != nullptr; block = block->next) {
      if (block->type != FZ_STEXT_BLOCK_TEXT) continue;
      bool first = true;
      for (const fz_stext_line* line = block->u.t.first_line; line != nullptr; line = line->next) {
        if (add_line(line, first)) first = false;
      }
    }
  }

  // Turns the layer when nearly all its text runs in another direction than from left to right.
  void finish() {
    const int all = directions_[0] + directions_[1] + directions_[2] + directions_[3];
    for (int quarter = 1; quarter < 4; ++quarter) {
      if (directions_[quarter] * 10 > all * 9) turn(quarter);
    }
    const bool any = !layer_.lines.empty();
    layer_.mean_confidence = any ? 100 : 0;
    layer_.source = any ? storage::TextSource::native : storage::TextSource::none;
  }

 private:
  bool add_line(const fz_stext_line* line, bool starts_paragraph) {
    storage::Line words;
    words.starts_paragraph = starts_paragraph;
    storage::Word word;
    fz_rect area = fz_empty_rect;
    const auto end_word = [&] {
      if (!word.text.empty()) {
        word.text = core::cut(core::to_nfc(word.text), kMaxWordBytes);
        word.box = box_of(area, {bounds_.x0, bounds_.y0});
        words.words.push_back(std::move(word));
      }
      word = {};
      area = fz_empty_rect;
    };
    int characters = 0;
    for (const fz_stext_char* c = line->first_char; c != nullptr; c = c->next) {
      if (is_space(c->c)) {
        end_word();
        continue;
      }
      char bytes[8];
      word.text.append(bytes, static_cast<std::size_t>(fz_runetochar(bytes, c->c)));
      area = fz_is_empty_rect(area) ? fz_rect_from_quad(c->quad) : fz_union_rect(area, fz_rect_from_quad(c->quad));
      ++characters;
    }
    end_word();
    if (words.words.empty()) return false;
    directions_[quarter_of(line->dir)] += characters;
    layer_.lines.push_back(std::move(words));
    return true;
  }

  // How many quarter turns clockwise make this direction run from left to right; y grows downwards.
  static int quarter_of(fz_point direction) {
    if (std::abs(direction.x) >= std::abs(direction.y)) return direction.x >= 0 ? 0 : 2;
    return direction.y < 0 ? 1 : 3;
  }

  void turn(int quarters) {
    layer_.rotation = 90 * quarters;
    for (int i = 0; i < quarters; ++i) {
      for (auto& line : layer_.lines) {
        for (auto& word : line.words) {
          const Box b = word.box;
          word.box = {layer_.height - b.top - b.height, b.left, b.height, b.width};
        }
      }
      std::swap(layer_.width, layer_.height);
    }
  }

  PageLayer& layer_;
  const fz_rect bounds_;
  std::array<int, 4> directions_{};
};

PageLayer layer_of(const std::vector<const fz_stext_page*>& pages, fz_rect bounds) {
  PageLayer layer;
  const Box page = box_of(bounds, {bounds.x0, bounds.y0});
  layer.width = page.width;
  layer.height = page.height;
  LayerBuilder builder(layer, bounds);
  for (const auto* text : pages) builder.add(text);
  builder.finish();
  return layer;
}

}  // namespace

PageSurvey survey(fz_context* context, fz_page* page) {
  PageSurvey result;
  TextPageHandle shown(context);
  TextPageHandle hidden(context);
  std::vector<fz_stext_page*> covered;
  DeviceHandle device(context);
  fz_cookie cookie{};
  guarded(context, "read a page", [&] {
    result.bounds = fz_bound_page(context, page);
    *shown.out() = fz_new_stext_page(context, result.bounds);
    *hidden.out() = fz_new_stext_page(context, result.bounds);
    *device.out() = fz_new_device_of_size(context, sizeof(SurveyDevice));
    SurveyDevice* state = &self(device.get());
    state->survey = &result;
    state->covered = &covered;
    state->shown_page = shown.out();
    state->shown = new_text_device(context, shown.get());
    state->hidden = new_text_device(context, hidden.get());
    state->base.fill_text = fill_text;
    state->base.stroke_text = stroke_text;
    state->base.clip_text = clip_text;
    state->base.ignore_text = ignore_text;
    state->base.fill_path = fill_path;
    state->base.stroke_path = stroke_path;
    state->base.fill_image = fill_image;
    state->base.fill_image_mask = fill_image_mask;
    state->base.fill_shade = fill_shade;
    fz_run_page(context, page, device.get(), fz_identity, &cookie);
    fz_close_device(context, device.get());
    fz_close_device(context, state->shown);
    fz_close_device(context, state->hidden);
  });
  fz_drop_device(context, self(device.get()).shown);
  fz_drop_device(context, self(device.get()).hidden);
  result.shown = layer_of({shown.get()}, result.bounds);
  std::vector<const fz_stext_page*> unseen{hidden.get()};
  unseen.insert(unseen.end(), covered.begin(), covered.end());
  result.hidden = layer_of(unseen, result.bounds);
  for (auto* text : covered) fz_drop_stext_page(context, text);
  result.notes = notes_on(context, page, result.bounds);
  return result;
}

bool is_readable(const PageLayer& layer) {
  std::size_t characters = 0;
  std::size_t letters = 0;
  std::size_t meaningless = 0;
  std::size_t words = 0;
  std::size_t single = 0;
  for (const auto& line : layer.lines) {
    for (const auto& word : line.words) {
      const std::size_t letters_before = letters;
      std::size_t length = 0;
      for (const char* at = word.text.data(); at < word.text.data() + word.text.size(); ++length) {
        int c = 0;
        at += std::max(1, fz_chartorune(&c, at));
        const bool letter = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
                            (c >= 0xC0 && c < 0x2000) || (c >= 0x2C00 && c < 0xD800) || (c >= 0xF900 && c < 0xFE00) ||
                            c >= 0x10000;
        letters += letter ? 1 : 0;
        meaningless += c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xFFFD || (c >= 0xE000 && c < 0xF900) ? 1 : 0;
        // Leaders, rules and bullets say nothing either way.
        const bool neutral =
            c < 0x80 && std::string_view(".,_-:;=*|").find(static_cast<char>(c)) != std::string_view::npos;
        characters += neutral ? 0 : 1;
      }
      if (letters == letters_before) continue;
      ++words;
      single += length == 1 ? 1 : 0;
    }
  }
  if (letters == 0) return false;
  if (meaningless * 5 > characters) return false;
  constexpr std::size_t kEnoughToJudge = 60;
  if (characters < kEnoughToJudge) return true;
  if (letters * 2 < characters) return false;
  return layer.source != storage::TextSource::native || single * 10 < words * 7;
}

}  // namespace muniment::ingest::worker
