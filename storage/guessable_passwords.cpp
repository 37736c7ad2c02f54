#include "storage/guessable_passwords.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <utility>
#include <vector>

#include "core/text.h"

namespace muniment::storage {

namespace {

// A character that belongs to nothing is a piece, two digits that do are one. What has fewer is tried early.
constexpr std::size_t kFewestPieces = 6;
constexpr std::size_t kShortestName = 3;
constexpr std::size_t kShortestWalk = 4;
constexpr std::size_t kShortestOrder = 3;

// What people begin a password with in English and Swedish, as they write it without accents.
constexpr std::array kWords = std::to_array<std::string_view>({"password",
                                                               "passwort",
                                                               "passwd",
                                                               "passphrase",
                                                               "losenord",
                                                               "losen",
                                                               "secret",
                                                               "hemlig",
                                                               "hemligt",
                                                               "welcome",
                                                               "valkommen",
                                                               "admin",
                                                               "administrator",
                                                               "root",
                                                               "user",
                                                               "guest",
                                                               "login",
                                                               "logon",
                                                               "letmein",
                                                               "changeme",
                                                               "change",
                                                               "default",
                                                               "master",
                                                               "system",
                                                               "server",
                                                               "service",
                                                               "computer",
                                                               "dator",
                                                               "internet",
                                                               "office",
                                                               "kontor",
                                                               "company",
                                                               "foretag",
                                                               "archive",
                                                               "arkiv",
                                                               "document",
                                                               "dokument",
                                                               "records",
                                                               "muniment",
                                                               "scanner",
                                                               "account",
                                                               "konto",
                                                               "test",
                                                               "testing",
                                                               "temp",
                                                               "temporary",
                                                               "standard",
                                                               "iloveyou",
                                                               "love",
                                                               "lovely",
                                                               "alskar",
                                                               "alskling",
                                                               "hello",
                                                               "hejsan",
                                                               "hej",
                                                               "summer",
                                                               "sommar",
                                                               "winter",
                                                               "vinter",
                                                               "spring",
                                                               "autumn",
                                                               "host",
                                                               "january",
                                                               "januari",
                                                               "february",
                                                               "februari",
                                                               "march",
                                                               "april",
                                                               "june",
                                                               "juni",
                                                               "july",
                                                               "juli",
                                                               "august",
                                                               "augusti",
                                                               "september",
                                                               "october",
                                                               "oktober",
                                                               "november",
                                                               "december",
                                                               "monday",
                                                               "mandag",
                                                               "tuesday",
                                                               "tisdag",
                                                               "wednesday",
                                                               "onsdag",
                                                               "thursday",
                                                               "torsdag",
                                                               "friday",
                                                               "fredag",
                                                               "saturday",
                                                               "lordag",
                                                               "sunday",
                                                               "sondag",
                                                               "sverige",
                                                               "sweden",
                                                               "stockholm",
                                                               "goteborg",
                                                               "dragon",
                                                               "monkey",
                                                               "football",
                                                               "fotboll",
                                                               "hockey",
                                                               "princess",
                                                               "prinsessa",
                                                               "sunshine",
                                                               "superman",
                                                               "batman",
                                                               "starwars",
                                                               "correcthorsebatterystaple",
                                                               "correcthorse",
                                                               "batterystaple",
                                                               "trustno"});

// Case-folded, with the letters of ASCII alone where an accent is all that differs.
std::string plain(std::string_view text) {
  std::string folded = core::fold_case(text);
  constexpr std::array<std::pair<std::string_view, char>, 6> kAccents{
      {{"å", 'a'}, {"ä", 'a'}, {"ö", 'o'}, {"é", 'e'}, {"ü", 'u'}, {"ø", 'o'}}};
  for (const auto& [accented, letter] : kAccents) {
    for (std::size_t at = 0; (at = folded.find(accented, at)) != std::string::npos;) {
      folded.replace(at, accented.size(), 1, letter);
    }
  }
  return folded;
}

bool stands_for(char written, char letter) {
  if (written == letter) return true;
  switch (letter) {
    case 'a':
      return written == '4' || written == '@';
    case 'e':
      return written == '3';
    case 'i':
    case 'l':
      return written == '1' || written == '!';
    case 'o':
      return written == '0';
    case 's':
      return written == '5' || written == '$';
    case 't':
      return written == '7';
    default:
      return false;
  }
}

bool begins_with(std::string_view text, std::string_view word) {
  return text.size() >= word.size() &&
         std::equal(word.begin(), word.end(), text.begin(),
                    [](char letter, char written) { return stands_for(written, letter); });
}

struct Key {
  int row;
  int column;
};
std::optional<Key> key_of(char c) {
  constexpr std::array<std::string_view, 4> kRows = {"1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"};
  for (std::size_t row = 0; row < kRows.size(); ++row) {
    const std::size_t column = kRows[row].find(c);
    if (column != std::string_view::npos) return Key{static_cast<int>(row), static_cast<int>(column)};
  }
  return std::nullopt;
}

bool side_by_side(char a, char b) {
  const auto one = key_of(a);
  const auto other = key_of(b);
  return a != b && one && other && std::abs(one->row - other->row) <= 1 && std::abs(one->column - other->column) <= 1;
}

// How much of the beginning of `text` are keys side by side.
std::size_t walk_at(std::string_view text) {
  std::size_t length = 1;
  while (length < text.size() && side_by_side(text[length - 1], text[length])) ++length;
  return length;
}

bool is_ordered(char c) {
  return core::is_digit(c) || (c >= 'a' && c <= 'z');
}

// How much of it goes up, or down, by one.
std::size_t order_at(std::string_view text) {
  for (const int step : {1, -1}) {
    std::size_t length = 1;
    while (length < text.size() && is_ordered(text[length - 1]) && is_ordered(text[length]) &&
           text[length] - text[length - 1] == step) {
      ++length;
    }
    if (length >= kShortestOrder) return length;
  }
  return 1;
}

bool is_year(std::string_view text) {
  return text.size() >= 4 && (text.starts_with("19") || text.starts_with("20")) && core::is_digit(text[2]) &&
         core::is_digit(text[3]);
}

// The parts of names that are long enough to say anything.
std::vector<std::string> name_words(std::span<const std::string> names) {
  std::vector<std::string> words;
  for (const std::string& name : names) {
    std::string word;
    for (const char c : plain(name) + " ") {
      const bool ends = std::string_view(" .-_@,").find(c) != std::string_view::npos;
      if (!ends) word += c;
      if (ends && word.size() >= kShortestName) words.push_back(word);
      if (ends) word.clear();
    }
  }
  return words;
}

}  // namespace

bool is_guessable(std::string_view password, std::span<const std::string> names) {
  const std::string text = plain(password);
  const std::vector<std::string> own = name_words(names);
  // How few pieces the first so many bytes are put together of.
  std::vector<std::size_t> pieces(text.size() + 1, text.size());
  pieces[0] = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::string_view rest = std::string_view(text).substr(at);
    const auto reach = [&](std::size_t length, std::size_t more) {
      pieces[at + length] = std::min(pieces[at + length], pieces[at] + more);
    };
    reach(1, 1);
    if (rest.size() >= 2 && core::is_digit(rest[0]) && core::is_digit(rest[1])) reach(2, 1);
    if (is_year(rest)) reach(4, 1);
    if (const std::size_t length = walk_at(rest); length >= kShortestWalk) reach(length, 1);
    if (const std::size_t length = order_at(rest); length >= kShortestOrder) reach(length, 1);
    for (const std::string_view word : kWords) {
      if (begins_with(rest, word)) reach(word.size(), 1);
    }
    for (const std::string& word : own) {
      if (begins_with(rest, word)) reach(word.size(), 1);
    }
    // Said again at once.
    for (std::size_t length = 1; length <= std::min(at, rest.size()); ++length) {
      if (rest.substr(0, length) == std::string_view(text).substr(at - length, length)) reach(length, 0);
    }
  }
  return pieces.back() < kFewestPieces;
}

}  // namespace muniment::storage
