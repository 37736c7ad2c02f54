#include "ingest/filing_model.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <unordered_map>

#include "core/text.h"

namespace muniment::ingest {

using storage::FilingExample;
using storage::FilingFeatures;
using storage::FilingField;
using storage::FilingLabel;

namespace {

// Weights are kept in whole steps, so that what is forgotten leaves nothing behind.
constexpr double kStep = 1.0 / 4096;
constexpr double kSmoothing = 0.3;
constexpr double kCosineWeight = 20;
constexpr double kBayesWeight = 2;
// Below this cosine a text is like no document of the label, however much less it is like others.
constexpr double kLikeness = 0.15;
constexpr std::size_t kMostOfAField = 3;
constexpr std::size_t kMostWords = 5;
constexpr std::size_t kLongestWord = 40;
constexpr std::size_t kMostViews = 8;
// Lengths of sums are counted anew when more than one in so many examples has changed.
constexpr std::size_t kStaleness = 100;

std::uint32_t hash_of(std::string_view word) {
  std::uint32_t hash = 2166136261U;  // FNV-1a
  for (const char c : word) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return hash;
}

using Sum = std::vector<std::pair<std::uint32_t, std::uint32_t>>;  // ascending

std::uint32_t at(const Sum& sum, std::uint32_t feature) {
  const auto found = std::lower_bound(sum.begin(), sum.end(), std::pair(feature, std::uint32_t{0}));
  return found != sum.end() && found->first == feature ? found->second : 0;
}

enum class Sign { add, subtract };

std::uint32_t changed(std::uint32_t had, std::uint32_t weight, Sign sign) {
  return sign == Sign::add ? had + weight : had - std::min(had, weight);
}

// What one document adds to what many have: nearly all of its words are there already, and are found without passing
// all the others.
void merge_few(Sum& sum, const Sum& few, Sign sign) {
  const auto known = static_cast<std::ptrdiff_t>(sum.size());
  bool some_gone = false;
  Sum::difference_type position = 0;
  for (const auto& [feature, weight] : few) {
    position = std::lower_bound(sum.begin() + position, sum.begin() + known, std::pair(feature, std::uint32_t{0})) -
               sum.begin();
    if (position < known && sum[static_cast<std::size_t>(position)].first == feature) {
      std::uint32_t& had = sum[static_cast<std::size_t>(position)].second;
      had = changed(had, weight, sign);
      some_gone = some_gone || had == 0;
    } else if (sign == Sign::add) {
      sum.emplace_back(feature, weight);
    }
  }
  std::inplace_merge(sum.begin(), sum.begin() + known, sum.end());
  if (some_gone) std::erase_if(sum, [](const auto& one) { return one.second == 0; });
}

void merge(Sum& sum, const Sum& other, Sign sign) {
  constexpr std::size_t kFew = 16;  // times shorter
  if (other.size() * kFew < sum.size()) {
    merge_few(sum, other, sign);
    return;
  }
  Sum merged;
  merged.reserve(sum.size() + other.size());
  auto left = sum.begin();
  for (const auto& [feature, weight] : other) {
    for (; left != sum.end() && left->first < feature; ++left) merged.push_back(*left);
    const bool both = left != sum.end() && left->first == feature;
    const std::uint32_t had = both ? left->second : 0;
    if (both) ++left;
    const std::uint32_t now = changed(had, weight, sign);
    if (now > 0) merged.emplace_back(feature, now);
  }
  merged.insert(merged.end(), left, sum.end());
  sum = std::move(merged);
}

// Of length one, before rounding.
Sum weights_of(const FilingFeatures& features) {
  double length = 0;
  const auto weight = [](std::uint8_t count) { return 1 + std::log(std::max<double>(count, 1)); };
  for (const auto& [feature, count] : features) length += weight(count) * weight(count);
  Sum weights;
  for (const auto& [feature, count] : features) {
    weights.emplace_back(feature, static_cast<std::uint32_t>(std::lround(weight(count) / std::sqrt(length) / kStep)));
  }
  return weights;
}

struct LabelSum {
  std::size_t documents = 0;
  Sum weights;
};

// What is learned of the documents of one access list.
struct ListSums {
  LabelSum all;
  Sum occurrences;  // in how many documents
  std::map<FilingLabel, LabelSum> labels;
};

// How the sums of some access lists together measure, weighted by how unusual each word is.
struct Measure {
  double documents = 0;
  double total = 0;     // of the weights
  double length = 0;    // Euclidean
  double with_all = 0;  // inner product with the sum of all documents
};

struct View {
  std::vector<std::int64_t> readable;
  std::vector<const ListSums*> lists;
  std::size_t made_at = 0;  // of the model's changes
  Sum occurrences;
  Measure all;
  std::map<FilingLabel, Measure> labels;

  double rarity_of(std::uint32_t documents) const { return std::log((1 + all.documents) / (1.0 + documents)) + 1; }
};

Sum together(const std::vector<const Sum*>& sums) {
  Sum result;
  for (const Sum* sum : sums) merge(result, *sum, Sign::add);
  return result;
}

Measure measured(const View& view, const Sum& sum, const Sum& all, std::size_t documents) {
  Measure measure;
  measure.documents = static_cast<double>(documents);
  double squares = 0;
  auto beside = all.begin();
  auto spread = view.occurrences.begin();
  const auto ahead = [](const auto& from, const Sum& in, std::uint32_t feature) {
    return std::lower_bound(from, in.end(), std::pair(feature, std::uint32_t{0}));
  };
  for (const auto& [feature, steps] : sum) {
    spread = ahead(spread, view.occurrences, feature);
    const double rarity =
        view.rarity_of(spread != view.occurrences.end() && spread->first == feature ? spread->second : 0);
    const double weight = steps * kStep * rarity;
    beside = ahead(beside, all, feature);
    if (beside != all.end() && beside->first == feature) measure.with_all += weight * beside->second * kStep * rarity;
    measure.total += weight;
    squares += weight * weight;
  }
  measure.length = std::sqrt(squares);
  return measure;
}

// A word of the text that the model knows.
struct Term {
  std::uint32_t feature = 0;
  double weight = 0;  // of a text of length one
  double rarity = 0;
  double all = 0;  // its weight in the sum of all documents
  const std::string* word = nullptr;
};

std::vector<Term> terms_of(const View& view, const TextFeatures& text) {
  std::vector<Term> terms;
  double squares = 0;
  for (std::size_t i = 0; i < text.counts.size(); ++i) {
    const auto& [feature, count] = text.counts[i];
    const std::uint32_t documents = at(view.occurrences, feature);
    if (documents == 0) continue;
    Term term{feature, 0, view.rarity_of(documents), 0, &text.words[i]};
    term.weight = (1 + std::log(std::max<double>(count, 1))) * term.rarity;
    for (const ListSums* list : view.lists) term.all += at(list->all.weights, feature) * kStep * term.rarity;
    squares += term.weight * term.weight;
    terms.push_back(term);
  }
  for (Term& term : terms) term.weight /= std::sqrt(squares);
  return terms;
}

// One label, and what the text's words weigh in it.
struct Candidate {
  FilingLabel label;
  const Measure* measure = nullptr;
  std::vector<double> weights;  // by term
  double cosine = 0;
  double confidence = 0;
};

Candidate candidate_of(const View& view, const std::vector<Term>& terms, FilingLabel label, const Measure& measure) {
  Candidate candidate{label, &measure, std::vector<double>(terms.size()), 0, 0};
  for (const ListSums* list : view.lists) {
    const auto found = list->labels.find(label);
    if (found == list->labels.end()) continue;
    for (std::size_t i = 0; i < terms.size(); ++i) {
      candidate.weights[i] += at(found->second.weights, terms[i].feature) * kStep * terms[i].rarity;
    }
  }
  for (std::size_t i = 0; i < terms.size(); ++i) {
    candidate.cosine += terms[i].weight * candidate.weights[i] / std::max(measure.length, kStep);
  }
  return candidate;
}

// Complement naive Bayes: how little the text is like everything outside, whose words weigh `others`, `total` in all.
double unlikeness(const View& view, const std::vector<Term>& terms, const std::vector<double>& others, double total) {
  const double whole = std::max(total, 0.0) + kSmoothing * static_cast<double>(view.occurrences.size());
  double score = 0;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    score -= terms[i].weight * std::log((std::max(others[i], 0.0) + kSmoothing) / whole);
  }
  return score;
}

// One document is little to go by, and so is a text that is like none of them.
double tempered(const Candidate& candidate, double share) {
  return share * candidate.measure->documents / (candidate.measure->documents + 1) *
         std::min(1.0, candidate.cosine / kLikeness);
}

// The labels of one field against each other.
void weigh_against_each_other(const View& view, const std::vector<Term>& terms, std::vector<Candidate>& candidates) {
  std::vector<double> field(terms.size());
  double total = 0;
  for (const Candidate& candidate : candidates) {
    total += candidate.measure->total;
    for (std::size_t i = 0; i < terms.size(); ++i) field[i] += candidate.weights[i];
  }
  std::vector<double> scores;
  for (const Candidate& candidate : candidates) {
    std::vector<double> others = field;
    for (std::size_t i = 0; i < terms.size(); ++i) others[i] -= candidate.weights[i];
    scores.push_back(kCosineWeight * candidate.cosine +
                     kBayesWeight * unlikeness(view, terms, others, total - candidate.measure->total));
  }
  const double best = *std::max_element(scores.begin(), scores.end());
  double sum = 0;
  for (double& score : scores) sum += score = std::exp(score - best);
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    candidates[i].confidence = tempered(candidates[i], scores[i] / sum);
  }
}

// A tag against all documents without it.
void weigh_against_the_rest(const View& view, const std::vector<Term>& terms, Candidate& tag) {
  std::vector<double> rest(terms.size());
  double inner = 0;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    rest[i] = terms[i].all - tag.weights[i];
    inner += terms[i].weight * rest[i];
  }
  const Measure& own = *tag.measure;
  const double squares = view.all.length * view.all.length - 2 * own.with_all + own.length * own.length;
  const double cosine = squares > kStep ? inner / std::sqrt(squares) : 0;
  const double difference = kCosineWeight * (tag.cosine - cosine) +
                            kBayesWeight * (unlikeness(view, terms, rest, view.all.total - own.total) -
                                            unlikeness(view, terms, tag.weights, own.total));
  tag.confidence = tempered(tag, 1 / (1 + std::exp(-difference)));
}

// The words that weigh more in the label than in everything.
std::vector<std::string> reasons(const View& view, const std::vector<Term>& terms, const Candidate& candidate) {
  std::vector<std::pair<double, const std::string*>> weighed;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    if (candidate.weights[i] <= 0) continue;
    const double lift = std::log(candidate.weights[i] / candidate.measure->total * view.all.total / terms[i].all);
    weighed.emplace_back(terms[i].weight * candidate.weights[i] * (std::max(lift, 0.0) + 0.05), terms[i].word);
  }
  const std::size_t count = std::min(weighed.size(), kMostWords);
  std::partial_sort(weighed.begin(), weighed.begin() + static_cast<std::ptrdiff_t>(count), weighed.end(),
                    [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<std::string> words;
  for (std::size_t i = 0; i < count; ++i) words.push_back(*weighed[i].second);
  return words;
}

}  // namespace

TextFeatures features_of(std::string_view text) {
  std::unordered_map<std::uint32_t, std::pair<std::uint8_t, std::string>> found;
  std::string word;
  bool has_digit = false;
  const auto take = [&] {
    if (!has_digit && word.size() > 1 && word.size() <= kLongestWord) {
      const std::uint32_t hash = hash_of(word);
      const auto known = found.find(hash);
      if (known != found.end()) {
        if (known->second.first < 255) ++known->second.first;
      } else if (found.size() < kMostFeatures) {
        found.emplace(hash, std::pair(std::uint8_t{1}, word));
      }
    }
    word.clear();
    has_digit = false;
  };
  for (const char c : core::fold_case(text)) {
    const auto byte = static_cast<unsigned char>(c);
    const bool digit = byte >= '0' && byte <= '9';
    if (digit || byte >= 0x80 || (byte >= 'a' && byte <= 'z')) {
      word += c;
      has_digit = has_digit || digit;
    } else {
      take();
    }
  }
  take();
  std::map<std::uint32_t, std::pair<std::uint8_t, std::string>> ordered(found.begin(), found.end());
  TextFeatures features;
  for (auto& [hash, entry] : ordered) {
    features.counts.emplace_back(hash, entry.first);
    features.words.push_back(std::move(entry.second));
  }
  return features;
}

struct FilingModel::State {
  mutable std::mutex mutex;
  std::map<std::int64_t, ListSums> lists;
  std::size_t examples = 0;
  std::size_t changes = 0;
  mutable std::vector<std::shared_ptr<View>> views;  // the last used first

  void change(const FilingExample& example, Sign sign);
  std::shared_ptr<View> view_of(std::span<const std::int64_t> readable) const;
};

void FilingModel::State::change(const FilingExample& example, Sign sign) {
  const Sum weights = weights_of(example.features);
  Sum once = weights;
  for (auto& [feature, count] : once) count = 1;
  const std::lock_guard lock(mutex);
  ListSums& list = lists[example.access_list];
  const auto apply = [&](LabelSum& sum) {
    sum.documents = sign == Sign::add ? sum.documents + 1 : sum.documents - std::min<std::size_t>(sum.documents, 1);
    merge(sum.weights, weights, sign);
  };
  apply(list.all);
  merge(list.occurrences, once, sign);
  for (const FilingLabel& label : example.labels) {
    LabelSum& sum = list.labels[label];
    apply(sum);
    if (sum.documents == 0) list.labels.erase(label);
  }
  examples = sign == Sign::add ? examples + 1 : examples - std::min<std::size_t>(examples, 1);
  ++changes;
}

std::shared_ptr<View> FilingModel::State::view_of(std::span<const std::int64_t> readable) const {
  const auto known = std::find_if(views.begin(), views.end(), [&](const std::shared_ptr<View>& view) {
    return std::equal(view->readable.begin(), view->readable.end(), readable.begin(), readable.end());
  });
  if (known != views.end() && changes - (*known)->made_at <= examples / kStaleness) {
    std::rotate(views.begin(), known, known + 1);
    return views.front();
  }
  if (known != views.end()) views.erase(known);
  auto view = std::make_shared<View>();
  view->readable.assign(readable.begin(), readable.end());
  view->made_at = changes;
  std::size_t documents = 0;
  std::vector<const Sum*> all, occurrences;
  std::map<FilingLabel, std::pair<std::size_t, std::vector<const Sum*>>> labels;
  for (const std::int64_t id : readable) {
    const auto list = lists.find(id);
    if (list == lists.end()) continue;
    view->lists.push_back(&list->second);
    documents += list->second.all.documents;
    all.push_back(&list->second.all.weights);
    occurrences.push_back(&list->second.occurrences);
    for (const auto& [label, sum] : list->second.labels) {
      labels[label].first += sum.documents;
      labels[label].second.push_back(&sum.weights);
    }
  }
  view->occurrences = together(occurrences);
  view->all.documents = static_cast<double>(documents);
  const Sum whole = together(all);
  view->all = measured(*view, whole, whole, documents);
  for (const auto& [label, sums] : labels) {
    view->labels.emplace(label, measured(*view, together(sums.second), whole, sums.first));
  }
  views.insert(views.begin(), view);
  if (views.size() > kMostViews) views.pop_back();
  return view;
}

FilingModel::FilingModel() : state_(std::make_unique<State>()) {}
FilingModel::~FilingModel() = default;

void FilingModel::learn(const FilingExample& example) {
  state_->change(example, Sign::add);
}

void FilingModel::forget(const FilingExample& example) {
  state_->change(example, Sign::subtract);
}

std::size_t FilingModel::examples() const {
  const std::lock_guard lock(state_->mutex);
  return state_->examples;
}

std::vector<LearnedSuggestion> FilingModel::suggest(const TextFeatures& text,
                                                    std::span<const std::int64_t> readable) const {
  const std::lock_guard lock(state_->mutex);
  const auto view = state_->view_of(readable);
  const std::vector<Term> terms = terms_of(*view, text);
  std::vector<LearnedSuggestion> suggestions;
  if (terms.empty()) return suggestions;
  for (const FilingField field :
       {FilingField::type, FilingField::correspondent, FilingField::tag, FilingField::class_, FilingField::folder}) {
    std::vector<Candidate> candidates;
    for (auto it = view->labels.lower_bound({field, 0}); it != view->labels.end() && it->first.field == field; ++it) {
      candidates.push_back(candidate_of(*view, terms, it->first, it->second));
    }
    if (candidates.empty()) continue;
    if (field == FilingField::tag) {
      for (Candidate& candidate : candidates) weigh_against_the_rest(*view, terms, candidate);
    } else {
      weigh_against_each_other(*view, terms, candidates);
    }
    std::sort(candidates.begin(), candidates.end(),
              [](const Candidate& a, const Candidate& b) { return a.confidence > b.confidence; });
    for (std::size_t i = 0; i < candidates.size() && i < kMostOfAField; ++i) {
      suggestions.push_back({candidates[i].label, candidates[i].confidence, reasons(*view, terms, candidates[i])});
    }
  }
  return suggestions;
}

}  // namespace muniment::ingest
