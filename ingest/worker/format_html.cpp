// HTML (text only), through libxml2.
#include <algorithm>
#include <array>
#include <string>

#include "core/text.h"
#include "ingest/worker/formats.h"
#include "ingest/worker/html_text.h"
#include "ingest/worker/laid_out_document.h"
#include "ingest/worker/text_encoding.h"

namespace muniment::ingest::worker {

namespace {

constexpr std::string_view kMediaType = "text/html";

std::string_view recognise(const Input& input) {
  const std::string start = start_of_html(input.bytes);
  std::string_view text = start;
  if (text.starts_with("\xEF\xBB\xBF") || text.starts_with("\xFF\xFE")) text.remove_prefix(text[0] == '\xEF' ? 3 : 2);
  text = core::trim(text);
  if (!text.starts_with('<')) return {};
  // Either the tags that only HTML has stand somewhere at the start, or a fragment begins with one of its common ones.
  constexpr std::array<std::string_view, 4> kCertain = {"<!doctype html", "<html", "<head", "<body"};
  constexpr std::array<std::string_view, 12> kFirst = {"<h1",     "<h2",    "<div", "<p>",   "<p ",    "<table",
                                                       "<script", "<style", "<ul",  "<span", "<meta ", "<center"};
  const auto occurs = [text](std::string_view tag) { return text.find(tag) != std::string_view::npos; };
  const auto begins = [text](std::string_view tag) { return text.starts_with(tag); };
  if (!std::ranges::any_of(kCertain, occurs) && !std::ranges::any_of(kFirst, begins)) return {};
  return text_encoding(input.bytes).empty() ? std::string_view() : kMediaType;
}

std::unique_ptr<Document> open(const Input& input, std::string_view media_type, const Tools& tools) {
  HtmlText html = html_text(utf8_html(input.bytes));
  return std::make_unique<LaidOutDocument>(media_type, std::move(html.title), std::move(html.text), tools.mupdf);
}

}  // namespace

const Format kHtmlFormat{recognise, open};

}  // namespace muniment::ingest::worker
