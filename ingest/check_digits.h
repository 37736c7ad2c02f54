// Check digits of numbers that people copy by hand. Anything but digits (and for an IBAN letters) makes them false.
#pragma once

#include <string_view>

namespace muniment::ingest {

// Modulus 10: Swedish organisation numbers, giros and payment references. At least two digits.
bool passes_luhn(std::string_view digits);
// ISO 13616: an IBAN without spaces, in capitals, as long as its country's are.
bool passes_mod_97(std::string_view iban);

}  // namespace muniment::ingest
