#include "identity/factors/qr.h"

#include <qrencode.h>

#include <memory>

namespace braid::factors {

QrPicture qr_picture(std::string_view text) {
    constexpr int kQuiet = 4;
    const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
        QRcode_encodeString8bit(std::string(text).c_str(), 0, QR_ECLEVEL_M), &QRcode_free);
    if (!code) return {};
    QrPicture picture{code->width + 2 * kQuiet, {}};
    for (int y = 0; y < code->width; ++y) {
        for (int x = 0; x < code->width;) {
            int run = 0;
            while (x + run < code->width && (code->data[y * code->width + x + run] & 1) != 0)
                ++run;
            if (run > 0) {
                picture.path += "M" + std::to_string(x + kQuiet) + " " + std::to_string(y + kQuiet) + "h" +
                                std::to_string(run) + "v1h-" + std::to_string(run) + "z";
            }
            x += run + 1;
        }
    }
    return picture;
}

}  // namespace braid::factors
