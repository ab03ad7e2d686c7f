#include "platform/images/vips.h"

#include <dlfcn.h>

#include <stdexcept>
#include <string>

namespace braid::images {

namespace {

// The interface this was compiled against; 42 is that of every libvips since 8.0.
constexpr const char* kLibrary = "libvips.so.42";

template <class Function>
void find(void* library, const char* name, Function*& into) {
    // Its own libraries (GLib) are searched too.
    into = reinterpret_cast<Function*>(::dlsym(library, name));
    if (into == nullptr) throw std::runtime_error(std::string(kLibrary) + " lacks " + name);
}

Vips load() {
    void* library = ::dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL);  // stays for the life of the process
    if (library == nullptr) throw std::runtime_error(std::string("libvips cannot be loaded: ") + ::dlerror());
    Vips v{};
    find(library, "vips_init", v.init);
    find(library, "vips_concurrency_set", v.concurrency_set);
    find(library, "vips_cache_set_max", v.cache_set_max);
    find(library, "vips_block_untrusted_set", v.block_untrusted_set);
    find(library, "vips_operation_block_set", v.operation_block_set);
    find(library, "vips_error_buffer", v.error_buffer);
    find(library, "vips_error_clear", v.error_clear);
    find(library, "vips_foreign_find_load", v.foreign_find_load);
    find(library, "vips_image_new_from_file", v.image_new_from_file);
    find(library, "vips_image_get_width", v.image_get_width);
    find(library, "vips_image_get_height", v.image_get_height);
    find(library, "vips_image_hasalpha", v.image_hasalpha);
    find(library, "vips_image_get_fields", v.image_get_fields);
    find(library, "vips_image_get_n_pages", v.image_get_n_pages);
    find(library, "vips_image_remove", v.image_remove);
    find(library, "vips_copy", v.copy);
    find(library, "vips_pdfload", v.pdfload);
    find(library, "vips_thumbnail", v.thumbnail);
    find(library, "vips_array_double_newv", v.array_double_newv);
    find(library, "vips_area_unref", v.area_unref);
    find(library, "vips_flatten", v.flatten);
    find(library, "vips_colourspace", v.colourspace);
    find(library, "vips_webpsave_buffer", v.webpsave_buffer);
    find(library, "g_object_unref", v.object_unref);
    find(library, "g_strfreev", v.strfreev);
    find(library, "g_free", v.free);
    if (v.init("braid") != 0)
        throw std::runtime_error(std::string("libvips did not start: ") + v.error_buffer());
    v.concurrency_set(1);
    v.cache_set_max(0);
    v.block_untrusted_set(TRUE);
    return v;
}

}  // namespace

void Unref::operator()(VipsImage* image) const {
    vips().object_unref(image);
}

const Vips& vips() {
    static const Vips loaded = load();
    return loaded;
}

}  // namespace braid::images
