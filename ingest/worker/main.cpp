#include "ingest/worker/format.h"
#include "ingest/worker/warm.h"

int main(int argc, char** argv) {
  return muniment::ingest::worker::serve(argc, argv, muniment::ingest::worker::formats());
}
