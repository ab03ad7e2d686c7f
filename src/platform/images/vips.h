// For this folder alone: libvips, loaded when the first picture comes. It brings about eighty libraries,
// which cost a tenth of a second and ten megabytes at every start when they are linked, and most runs never
// see a picture.
#pragma once

#include <vips/vips.h>

#include <memory>

namespace braid::images {

// Its functions, by their own types.
struct Vips {
    decltype(&::vips_init) init;
    decltype(&::vips_concurrency_set) concurrency_set;
    decltype(&::vips_cache_set_max) cache_set_max;
    decltype(&::vips_block_untrusted_set) block_untrusted_set;
    decltype(&::vips_operation_block_set) operation_block_set;
    decltype(&::vips_error_buffer) error_buffer;
    decltype(&::vips_error_clear) error_clear;
    decltype(&::vips_foreign_find_load) foreign_find_load;
    decltype(&::vips_image_new_from_file) image_new_from_file;
    decltype(&::vips_image_get_width) image_get_width;
    decltype(&::vips_image_get_height) image_get_height;
    decltype(&::vips_image_hasalpha) image_hasalpha;
    decltype(&::vips_image_get_fields) image_get_fields;
    decltype(&::vips_image_get_n_pages) image_get_n_pages;
    decltype(&::vips_image_remove) image_remove;
    decltype(&::vips_copy) copy;
    decltype(&::vips_pdfload) pdfload;
    decltype(&::vips_thumbnail) thumbnail;
    decltype(&::vips_array_double_newv) array_double_newv;
    decltype(&::vips_area_unref) area_unref;
    decltype(&::vips_flatten) flatten;
    decltype(&::vips_colourspace) colourspace;
    decltype(&::vips_webpsave_buffer) webpsave_buffer;
    decltype(&::g_object_unref) object_unref;
    decltype(&::g_strfreev) strfreev;
    decltype(&::g_free) free;
};

struct Unref {
    void operator()(VipsImage* image) const;
};
using Image = std::unique_ptr<VipsImage, Unref>;

// Loads and starts it at the first call: one thread per picture (requests are many already), no cache of
// finished operations, and no loader that its authors call untrusted (PDF, SVG, ImageMagick's many). Throws
// std::runtime_error saying what is missing. Threads: any.
const Vips& vips();

}  // namespace braid::images
