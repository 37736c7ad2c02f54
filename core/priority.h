// Work that nobody waits for gives way to work that somebody does.
#pragma once

#include <functional>

namespace muniment::core {

// For a thread that does nothing else: lowers the calling thread's priority for good (nice 10; Linux lets an ordinary
// process only go down). Children that it starts inherit it.
void give_way();

// Runs `work` on a thread of its own that gives way, and waits for it. Throws what it throws.
void run_giving_way(const std::function<void()>& work);

}  // namespace muniment::core
