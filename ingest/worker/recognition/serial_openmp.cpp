// What libtesseract asks OpenMP for, done by the one thread that asks. A line of text enters a parallel region
// thousands of times, and libgomp makes a team each time, though of one thread only (OMP_THREAD_LIMIT=1): a sixth of
// the processor time of recognition goes there. Nothing here starts a thread, so a child can be forked at any time.
//
// These definitions come before libgomp's wherever muniment_recogniser is linked (its linker option keeps them). They
// are the whole of what GCC calls for `parallel`, `parallel for` with a fixed schedule, and `parallel sections`
// (https://gcc.gnu.org/onlinedocs/libgomp/The-libgomp-ABI.html); other calls find libgomp, which takes them for those
// of a program's first thread alone.
namespace {

struct Sections {
  unsigned count = 0;
  unsigned begun = 0;
};
thread_local Sections sections;

}  // namespace

extern "C" {

void GOMP_parallel(void (*work)(void*), void* data, unsigned /*threads*/, unsigned /*flags*/) {
  work(data);
}

void GOMP_parallel_sections(void (*work)(void*), void* data, unsigned /*threads*/, unsigned count, unsigned /*flags*/) {
  const Sections outer = sections;
  sections = {count, 0};
  work(data);
  sections = outer;
}

// The section to do next, counted from 1; 0 when all are done.
unsigned GOMP_sections_next() {
  return sections.begun < sections.count ? ++sections.begun : 0;
}

void GOMP_sections_end_nowait() {}

int omp_get_num_threads() {
  return 1;
}

int omp_get_thread_num() {
  return 0;
}

}  // extern "C"
