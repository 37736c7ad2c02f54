// MuPDF in C++: its errors as core::Error, its objects dropped when they go out of scope.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include <mupdf/fitz.h>
#include <mupdf/pdf.h>

#include "ingest/worker/pix.h"

namespace muniment::ingest::worker {

// The library's state, one for the process.
class MupdfContext {
 public:
  MupdfContext();
  ~MupdfContext();
  MupdfContext(const MupdfContext&) = delete;
  MupdfContext& operator=(const MupdfContext&) = delete;
  fz_context* get() const { return context_; }

 private:
  fz_context* context_;
};

// Throws the error that MuPDF has just reported: "could not <doing>".
[[noreturn]] void throw_mupdf_error(fz_context* context, const char* doing);

// Runs `body`, in which MuPDF may fail. MuPDF leaves it by longjmp, so it must hold no C++ object with a destructor of
// importance, and it must not throw.
template <typename Body>
void guarded(fz_context* context, const char* doing, Body&& body) {
  fz_try(context) {
    body();
  }
  fz_catch(context) {
    throw_mupdf_error(context, doing);
  }
}

// Owns an object with one of the fz_drop_ or pdf_drop_ functions.
template <typename Object, auto drop>
class Dropped {
 public:
  explicit Dropped(fz_context* context, Object* object = nullptr) : context_(context), object_(object) {}
  ~Dropped() { drop(context_, object_); }
  Dropped(Dropped&& other) noexcept : context_(other.context_), object_(std::exchange(other.object_, nullptr)) {}
  Dropped& operator=(Dropped&& other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  Object* get() const { return object_; }
  Object** out() { return &object_; }  // for assignment in `guarded`

 private:
  fz_context* context_;
  Object* object_;
};

using StreamHandle = Dropped<fz_stream, fz_drop_stream>;
using PdfHandle = Dropped<pdf_document, pdf_drop_document>;
using PageHandle = Dropped<fz_page, fz_drop_page>;
using DeviceHandle = Dropped<fz_device, fz_drop_device>;
using PixmapHandle = Dropped<fz_pixmap, fz_drop_pixmap>;
using ImageHandle = Dropped<fz_image, fz_drop_image>;
using BufferHandle = Dropped<fz_buffer, fz_drop_buffer>;
using TextPageHandle = Dropped<fz_stext_page, fz_drop_stext_page>;

// Grey (8 bits) or colour (32 bits); converts from other colour spaces.
PixPointer to_pix(fz_context* context, fz_pixmap* pixmap);

}  // namespace muniment::ingest::worker
