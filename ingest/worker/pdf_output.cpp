#include "ingest/worker/pdf_output.h"

#include <cerrno>

#include <unistd.h>

namespace muniment::ingest::worker {

namespace {

// fz_output on a descriptor. Called from C.
struct DescriptorOutput {
  int descriptor;
  std::int64_t position;
};

void write_output(fz_context* context, void* state, const void* data, std::size_t size) {
  auto& output = *static_cast<DescriptorOutput*>(state);
  const char* bytes = static_cast<const char*>(data);
  while (size > 0) {
    const ssize_t written = ::pwrite(output.descriptor, bytes, size, output.position);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fz_throw(context, FZ_ERROR_GENERIC, "cannot write the PDF");
    bytes += written;
    size -= static_cast<std::size_t>(written);
    output.position += written;
  }
}

void seek_output(fz_context*, void* state, std::int64_t offset, int whence) {
  auto& output = *static_cast<DescriptorOutput*>(state);
  if (whence == SEEK_SET) output.position = offset;
  if (whence == SEEK_CUR) output.position += offset;
  if (whence == SEEK_END) output.position = ::lseek(output.descriptor, 0, SEEK_END) + offset;
}

std::int64_t tell_output(fz_context*, void* state) {
  return static_cast<DescriptorOutput*>(state)->position;
}

void truncate_output(fz_context* context, void* state) {
  const auto& output = *static_cast<DescriptorOutput*>(state);
  if (::ftruncate(output.descriptor, output.position) != 0) fz_throw(context, FZ_ERROR_GENERIC, "cannot write the PDF");
}

// MuPDF reads back what it has written.
struct DescriptorInput {
  int descriptor;
  unsigned char buffer[1 << 14];
};

int read_more(fz_context* context, fz_stream* stream, std::size_t) {
  auto& input = *static_cast<DescriptorInput*>(stream->state);
  const ssize_t got = ::pread(input.descriptor, input.buffer, sizeof input.buffer, stream->pos);
  if (got < 0) fz_throw(context, FZ_ERROR_GENERIC, "cannot read the PDF back");
  stream->rp = input.buffer;
  stream->wp = input.buffer + got;
  stream->pos += got;
  return got == 0 ? EOF : *stream->rp++;
}

void seek_input(fz_context*, fz_stream* stream, std::int64_t offset, int whence) {
  const int descriptor = static_cast<DescriptorInput*>(stream->state)->descriptor;
  if (whence == SEEK_CUR) offset += stream->pos - (stream->wp - stream->rp);
  if (whence == SEEK_END) offset += ::lseek(descriptor, 0, SEEK_END);
  stream->pos = offset;
  stream->rp = stream->wp = nullptr;
}

fz_stream* read_back(fz_context* context, void* state) {
  auto* input = fz_malloc_struct(context, DescriptorInput);
  input->descriptor = static_cast<DescriptorOutput*>(state)->descriptor;
  fz_stream* stream = fz_new_stream(context, input, read_more, fz_free);
  stream->seek = seek_input;
  return stream;
}

}  // namespace

void save_pdf(fz_context* context, pdf_document* document, pdf_write_options options,
              const core::FileDescriptor& output) {
  DescriptorOutput state{output.get(), 0};
  guarded(context, "write a PDF", [&] {
    fz_output* out = fz_new_output(context, 1 << 16, &state, write_output, nullptr, nullptr);
    out->seek = seek_output;
    out->tell = tell_output;
    out->as_stream = read_back;
    out->truncate = truncate_output;
    pdf_write_document(context, document, out, &options);
    fz_close_output(context, out);
    fz_drop_output(context, out);
  });
}

}  // namespace muniment::ingest::worker
