#include "webui/share_page.h"

#include <array>

#include "core/base64.h"
#include "core/hash.h"
#include "core/text.h"
#include "webui/dav/xml.h"

namespace muniment::webui {

using storage::SharedFiles;

namespace {

// By its hash in the policy: the page needs nothing but itself.
constexpr std::string_view kStyle =
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem;color:#1c1b1a;"
    "background:#fff}h1{font-size:1.4rem;overflow-wrap:anywhere}p.quiet{color:#5a5752}p.notice{border-left:.25rem "
    "solid #a4262c;padding:.25rem .75rem}label{display:block;margin:1rem 0 .25rem}input,button{font:inherit;"
    "padding:.5rem .75rem}button{margin:1rem .5rem 0 0;cursor:pointer}@media(prefers-color-scheme:dark){body{color:"
    "#eceae6;background:#1c1b1a}p.quiet{color:#b0aca5}}";

struct ShareWords {
  std::string_view language;
  std::string_view shared_with_you;
  std::string_view asks_password;
  std::string_view password;
  std::string_view original;
  std::string_view pdf;
  std::string_view until;
  std::string_view wrong_password;
  std::string_view too_many;
  std::string_view no_pdf;
  std::string_view gone;
  std::string_view gone_help;
};

constexpr ShareWords kEnglish{"en",
                              "A document has been shared with you",
                              "Enter the password that you were given.",
                              "Password",
                              "Download the original",
                              "Download as PDF",
                              "This link is good until",
                              "The password is wrong.",
                              "Too many failed attempts. Try again later.",
                              "There is no PDF of this document.",
                              "There is nothing at this link",
                              "It may have ended or been copied incompletely. Ask whoever sent it to you."};

constexpr ShareWords kSwedish{"sv",
                              "Ett dokument har delats med dig",
                              "Ange lösenordet som du har fått.",
                              "Lösenord",
                              "Hämta originalet",
                              "Hämta som PDF",
                              "Länken gäller till",
                              "Lösenordet är fel.",
                              "För många misslyckade försök. Försök igen senare.",
                              "Det finns ingen PDF av dokumentet.",
                              "Det finns inget på den här länken",
                              "Den kan ha upphört eller kopierats ofullständigt. Fråga den som skickade den."};

// The first language that is asked for and spoken here.
const ShareWords& words_for(const Exchange& exchange) {
  const std::string asked = exchange.header("Accept-Language").value_or("");
  for (const std::string_view part : core::split(asked, ',')) {
    const std::string_view tag = core::trim(part);
    if (tag.starts_with("sv")) return kSwedish;
    if (tag.starts_with("en")) return kEnglish;
  }
  return kEnglish;
}

std::string_view notice_text(const ShareWords& words, ShareNotice notice) {
  switch (notice) {
    case ShareNotice::none:
      return "";
    case ShareNotice::wrong_password:
      return words.wrong_password;
    case ShareNotice::too_many_attempts:
      return words.too_many;
    case ShareNotice::no_pdf:
      return words.no_pdf;
  }
  return "";
}

std::string element(std::string_view tag, std::string_view text) {
  const std::string name(tag.substr(0, tag.find(' ')));
  return "<" + std::string(tag) + ">" + dav::escaped(text) + "</" + name + ">\n";
}

void send_page(Exchange& exchange, int status, const ShareWords& words, const std::string& title,
               const std::string& body) {
  static const std::string kPolicy = "default-src 'none'; style-src 'sha256-" +
                                     core::to_base64(core::Sha256::of(kStyle).bytes) +
                                     "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
  set_share_headers(exchange);
  exchange.set_header("Content-Security-Policy", kPolicy);
  exchange.set_header("Vary", "Accept-Language");
  exchange.send(status, "text/html; charset=utf-8",
                "<!doctype html>\n<html lang=\"" + std::string(words.language) +
                    "\">\n<meta charset=\"utf-8\">\n"
                    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                    "<meta name=\"robots\" content=\"noindex, nofollow\">\n" +
                    element("title", title) + "<style>" + std::string(kStyle) + "</style>\n<main>\n" +
                    element("h1", title) + body + "</main>\n</html>\n");
}

}  // namespace

void set_share_headers(Exchange& exchange) {
  exchange.set_header("Cache-Control", "private, no-store");
  // With "no-referrer" browsers would hide where the form for the password is from.
  exchange.set_header("Referrer-Policy", "same-origin");
  exchange.set_header("X-Robots-Tag", "noindex, nofollow, noarchive");
}

void send_share_page(Exchange& exchange, int status, const std::string& token, const storage::SharedDocument& shared,
                     ShareNotice notice) {
  const ShareWords& words = words_for(exchange);
  const bool asks = !shared.terms.password_hash.empty();
  std::string body;
  if (notice != ShareNotice::none) body += element("p class=\"notice\" role=\"alert\"", notice_text(words, notice));
  body += element("p", asks ? std::string(words.asks_password) : storage::require_file(shared.document).filename);
  body += "<form method=\"post\">\n";
  if (asks) {
    body +=
        element("label for=\"password\"", words.password) +
        "<input id=\"password\" name=\"password\" type=\"password\" autocomplete=\"off\" required autofocus>\n<br>\n";
  }
  const auto button = [&](std::string_view file, std::string_view text) {
    const std::string target = "/share/" + dav::escaped(token) + "/" + std::string(file);
    body += element("button formaction=\"" + target + "\"", text);
  };
  if (shared.terms.files != SharedFiles::archive) button("original", words.original);
  if (shared.terms.files != SharedFiles::original) button("archive", words.pdf);
  body += "</form>\n";
  const std::string until = core::to_rfc3339(shared.terms.expires_at);
  body += element("p class=\"quiet\"",
                  std::string(words.until) + " " + until.substr(0, 10) + " " + until.substr(11, 5) + " UTC.");
  send_page(exchange, status, words, asks ? std::string(words.shared_with_you) : shared.document.title, body);
}

void send_share_gone(Exchange& exchange) {
  const ShareWords& words = words_for(exchange);
  send_page(exchange, 404, words, std::string(words.gone), element("p", words.gone_help));
}

}  // namespace muniment::webui
