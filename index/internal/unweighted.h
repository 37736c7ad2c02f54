// What counts for nothing in the order of the hits.
//
// Where no weight asks how often a word stands in a document, and each document of a shard has the word, Xapian 1.4
// takes the list of all documents for that of the word. As soon as this list is longer than a block it does not find
// its end, and says that the database is corrupt. What is here is not taken so.
#pragma once

#include <string>

#include <xapian.h>

namespace muniment::index {

// In place of Xapian::BoolWeight.
class Unweighted : public Xapian::Weight {
 public:
  Unweighted() { need_stat(WDF); }
  std::string name() const override { return "Unweighted"; }
  double get_sumpart(Xapian::termcount, Xapian::termcount, Xapian::termcount) const override { return 0; }
  double get_maxpart() const override { return 0; }
  double get_sumextra(Xapian::termcount, Xapian::termcount) const override { return 0; }
  double get_maxextra() const override { return 0; }

 private:
  Unweighted* clone() const override { return new Unweighted; }  // Xapian deletes it
  void init(double) override {}
};

// The same documents, in place of `query` as a condition: what follows OP_FILTER.
Xapian::Query condition(const Xapian::Query& query);

}  // namespace muniment::index
